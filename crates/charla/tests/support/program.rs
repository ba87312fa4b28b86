//! The real program, in a process of its own.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Stdio,
    time::{Duration, Instant},
};

use charla_client::{Client, ClientOptions, Method};
use charla_protocol::users::Me;
use charla_testing::{DatabaseKind, TestDb, sign_up};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const READY_WITHIN: Duration = Duration::from_secs(30);

/// A server on a database of its own.
pub(crate) struct Program {
    address: SocketAddr,
    _folder: TempDir,
    _db: TestDb,
    child: Child,
}

impl Program {
    /// Starts it on an empty database.
    pub(crate) async fn start(kind: DatabaseKind) -> Self {
        let db = TestDb::create(kind).await;
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = free.local_addr().expect("a listener has an address");
        drop(free);
        let child = spawn(address, &folder, &db);
        let mut program = Self { address, _folder: folder, _db: db, child };
        program.wait_until_ready().await;
        program
    }

    /// The most memory it has had at once, in MiB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let pid = self.child.id().expect("the server runs");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it has a status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it has a peak");
        line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).expect("a number") / 1024
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    async fn wait_until_ready(&mut self) {
        let client = self.anonymous();
        let begin = Instant::now();
        loop {
            let answer = client.request(Method::GET, "/readyz", None).await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                return;
            }
            let ended = self.child.try_wait().expect("its status is known");
            assert!(ended.is_none(), "the server ended: {ended:?}");
            assert!(begin.elapsed() < READY_WITHIN, "the server is not ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn anonymous(&self) -> Client {
        let options = ClientOptions { timeout: Duration::from_secs(10), ..ClientOptions::default() };
        Client::with_options(&format!("http://{}", self.address), options).expect("the address is one")
    }

    /// Makes an account, and signs it in.
    pub(crate) async fn person(&self, username: &str) -> (Client, Me) {
        let client = self.anonymous();
        let me = sign_up(&client, username).await;
        (client, me)
    }
}

fn spawn(address: SocketAddr, folder: &TempDir, db: &TestDb) -> Child {
    Command::new(env!("CARGO_BIN_EXE_charla"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .env("BIND", address.to_string())
        .env("DATABASE_URL", &db.url)
        .env("RATE_LIMITS", "off")
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the server can be started")
}
