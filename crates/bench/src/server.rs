//! The server under test: the real program, in a process and on a core of its own.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use charla_client::{Client, Method};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{
    machine::{self, Cores},
    options::Options,
};

const READY_WITHIN: Duration = Duration::from_secs(20);
const DOWN_WITHIN: Duration = Duration::from_secs(15);
/// How often it is asked whether it is ready.
const LOOK: Duration = Duration::from_millis(1);

/// Where a server runs, again and again: its folder, its address, its core, its settings. The folder goes with the last one in it.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    folder: Arc<TempDir>,
    program: PathBuf,
    cores: Cores,
    settings: Vec<(&'static str, String)>,
}

impl Site {
    /// Makes the folder, on a disk, and finds a free port.
    pub(crate) fn make(options: &Options, cores: Cores) -> Result<Self> {
        let base = match &options.folder {
            Some(folder) => folder.clone(),
            None => [std::env::temp_dir(), PathBuf::from("/var/tmp")]
                .into_iter()
                .find(|folder| machine::is_on_disk(folder))
                .context("no temporary folder is on a disk: name one with --folder")?,
        };
        let folder = tempfile::Builder::new().prefix("charla-bench-").tempdir_in(&base)?;
        ensure!(machine::is_on_disk(folder.path()), "{} is not on a disk", base.display());
        let program = match &options.server {
            Some(program) => program.clone(),
            None => std::env::current_exe()?.with_file_name("charla"),
        };
        ensure!(program.exists(), "there is no {}: `make bench` builds it", program.display());
        let program = program.canonicalize()?;
        let address = free_address()?;
        Ok(Self { address, folder: Arc::new(folder), program, cores, settings: Vec::new() })
    }

    /// With another setting from now on.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }

    /// The place of another node of the same server.
    pub(crate) fn beside(&self) -> Result<Self> {
        let Self { folder, program, cores, settings, .. } = self;
        let (folder, program, settings) = (Arc::clone(folder), program.clone(), settings.clone());
        Ok(Self { address: free_address()?, folder, program, cores: *cores, settings })
    }

    /// Where the SQLite database is, if it is one.
    pub(crate) fn database(&self) -> PathBuf {
        self.path("data").join("charla.db")
    }

    /// The program that is started.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// `http://127.0.0.1:port`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A file or folder of the run.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts the server, and waits until it is ready.
    pub(crate) async fn start(&self) -> Result<Server> {
        let log = self.path("server.log");
        let begin = Instant::now();
        let mut child = self
            .command("serve")
            .stderr(fs::File::options().append(true).create(true).open(&log)?)
            .spawn()
            .context("the server can't be started")?;
        let pid = child.id().context("the server has no process id")?;
        self.wait_until_ready(&mut child).await.with_context(|| tail(&log))?;
        Ok(Server { child, pid, log, ready_after: begin.elapsed() })
    }

    /// Runs another of the program's commands to its end, on the server's core.
    pub(crate) async fn run(&self, command: &str) -> Result<()> {
        let output = self.command(command).stderr(Stdio::piped()).output().await?;
        ensure!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    fn command(&self, name: &str) -> Command {
        let mut command = on_core(self.cores.server, &self.program);
        command
            .arg(name)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())))
            .env("BIND", self.address.to_string())
            .env("RATE_LIMITS", "off")
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    async fn wait_until_ready(&self, child: &mut Child) -> Result<()> {
        let client = Client::new(&self.url())?;
        let begin = Instant::now();
        loop {
            let answer = client.request(Method::GET, "/readyz", None).await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status}");
            }
            ensure!(begin.elapsed() < READY_WITHIN, "the server is not ready after {READY_WITHIN:?}");
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// A program on one core. It is killed when it is dropped, and when this process dies.
pub(crate) fn on_core(core: usize, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", "taskset", "--cpu-list", &core.to_string()]).arg(program);
    command.kill_on_drop(true);
    command
}

/// The running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) pid: u32,
    /// From its start to `/readyz`.
    pub(crate) ready_after: Duration,
    log: PathBuf,
}

impl Server {
    /// Ends it as an administrator would, and shows what it complained of.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = self.pid.to_string();
        Command::new("kill").args(["-s", "TERM", &pid]).status().await.context("no kill")?;
        let ended = tokio::time::timeout(DOWN_WITHIN, self.child.wait()).await;
        let status = ended.with_context(|| format!("the server did not go down in {DOWN_WITHIN:?}"))??;
        ensure!(status.success(), "the server ended with {status}: {}", tail(&self.log));
        if fs::metadata(&self.log)?.len() > 0 {
            eprintln!("the server's log: {}", tail(&self.log));
        }
        Ok(())
    }
}

/// The end of a log.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}
