//! One node: the real program, in a process of its own.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use charla_client::{Client, ClientOptions, Method};
use charla_services::{Port, Proxy};
use rustix::process::Signal;
use tokio::{
    process::{Child, Command},
    sync::Mutex,
};

use super::{Clock, Store};
use crate::machine;

/// On this machine, with everything else that goes on.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// What contract and documentation promise for the end of a node.
pub(crate) const DOWN_WITHIN: Duration = Duration::from_secs(10);
/// The same for all nodes.
const SECRET: &str = "a-secret-of-the-chaos-that-is-no-secret-at-all-0123456789abcdef";

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) number: usize,
    /// Between it and its clients.
    pub(crate) clients: Proxy,
    /// Between it and the database, where that is a server.
    pub(crate) database: Option<Proxy>,
    /// Between it and Redis.
    pub(crate) redis: Option<Proxy>,
    pub(crate) clock: Option<Clock>,
    /// None while it is down.
    child: Mutex<Option<Child>>,
    port: Port,
    program: PathBuf,
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Node {
    pub(crate) async fn make(
        number: usize,
        program: &Path,
        folder: PathBuf,
        store: &Store,
        (redis, media): (Option<SocketAddr>, &Path),
        clock: Option<Clock>,
    ) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let port = Port::claim()?;
        let clients = Proxy::start((Ipv4Addr::LOCALHOST, port.number()).into()).await?;
        let database = proxy_to(store.address()?).await?;
        let redis = proxy_to(redis).await?;
        let url = store.url_through(database.as_ref().map(Proxy::address))?;
        let mut environment = vec![
            ("BIND", format!("127.0.0.1:{}", port.number())),
            ("DATABASE_URL", url),
            ("STORAGE_URL", format!("file://{}", media.display())),
            ("SECRET_KEY", SECRET.to_owned()),
            ("RATE_LIMITS", "off".to_owned()),
            ("RUST_LOG", "warn".to_owned()),
        ];
        environment.extend(redis.as_ref().map(|redis| ("REDIS_URL", format!("redis://{}", redis.address()))));
        environment.extend(clock.iter().flat_map(Clock::environment));
        let child = Mutex::new(None);
        let program = program.to_owned();
        Ok(Self { number, clients, database, redis, clock, child, port, program, folder, environment })
    }

    /// Sets an environment variable, from the next start on.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
    }

    /// Starts it, and waits until it is ready. Nothing where it runs.
    pub(crate) async fn start(&self) -> Result<()> {
        let mut child = self.child.lock().await;
        if child.is_none() {
            *child = Some(self.spawn()?);
        }
        drop(child);
        self.wait_until_ready().await
    }

    /// `kill -9`.
    pub(crate) async fn kill(&self) -> Result<()> {
        match self.child.lock().await.take() {
            Some(mut child) => Ok(child.kill().await?),
            None => Ok(()),
        }
    }

    /// Asks it to end; how it did, and how long that took. Killed where it does not.
    pub(crate) async fn terminate(&self) -> Result<(Option<ExitStatus>, Duration)> {
        let Some(mut child) = self.child.lock().await.take() else { bail!("it does not run") };
        machine::signal(child.id().context("it has ended")?, Signal::TERM)?;
        let begin = Instant::now();
        let ended = tokio::time::timeout(2 * DOWN_WITHIN, child.wait()).await;
        let took = begin.elapsed();
        if ended.is_err() {
            child.kill().await?;
        }
        Ok((ended.ok().transpose()?, took))
    }

    /// Stops it, or lets it go on.
    pub(crate) async fn signal(&self, signal: Signal) -> Result<()> {
        machine::signal(self.pid().await?, signal)
    }

    pub(crate) async fn pid(&self) -> Result<u32> {
        self.child.lock().await.as_ref().and_then(Child::id).context("it does not run")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Where it listens, past the proxy.
    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port.number()).into()
    }

    async fn wait_until_ready(&self) -> Result<()> {
        let options = ClientOptions { timeout: Duration::from_secs(5), ..ClientOptions::default() };
        let client = Client::with_options(&format!("http://{}", self.address()), options)?;
        let begin = Instant::now();
        loop {
            // A node without its channel layer is degraded, and serves.
            if client.request(Method::GET, "/healthz", None).await.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            let mut child = self.child.lock().await;
            if let Some(status) = child.as_mut().and_then(|child| child.try_wait().transpose()).transpose()? {
                // It may have found the database away: started again, as whatever looks after it would.
                ensure!(
                    begin.elapsed() < READY_WITHIN,
                    "node {} ended with {status}: {}",
                    self.number,
                    self.tail()
                );
                tokio::time::sleep(Duration::from_millis(300)).await;
                *child = Some(self.spawn()?);
            }
            drop(child);
            ensure!(begin.elapsed() < READY_WITHIN, "node {} is not ready: {}", self.number, self.tail());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn spawn(&self) -> Result<Child> {
        let log = fs::File::options().append(true).create(true).open(self.log())?;
        Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(&self.program)
            .arg("serve")
            .current_dir(&self.folder)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("the server can't be started")
    }

    fn tail(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

async fn proxy_to(target: Option<SocketAddr>) -> Result<Option<Proxy>> {
    match target {
        Some(target) => Ok(Some(Proxy::start(target).await?)),
        None => Ok(None),
    }
}
