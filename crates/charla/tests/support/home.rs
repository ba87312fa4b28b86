//! The real program in a folder of its own, with nothing in its environment that the test has not put there.

use std::{
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use charla_client::Client;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// What does not end by then hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder to run the program in; its database is the default one, in `data`.
pub(crate) struct Home(TempDir);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// A command line, with its arguments between spaces.
    pub(crate) fn charla(&self, arguments: &str) -> Charla {
        let mut command = Command::new(env!("CARGO_BIN_EXE_charla"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        Charla { command, input: None }
    }

    /// Runs a command line to its end.
    pub(crate) async fn run(&self, arguments: &str) -> Ran {
        self.charla(arguments).run().await
    }

    /// Makes the superuser `root`, root@example.org.
    pub(crate) async fn make_root(&self, password: &str) {
        let command = "createsuperuser --username root --email root@example.org --password-stdin";
        self.charla(command).input(password).run().await.succeeded();
    }
}

/// A run that has not begun.
pub(crate) struct Charla {
    pub(crate) command: Command,
    input: Option<String>,
}

impl Charla {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What it finds on standard input, a line.
    pub(crate) fn input(mut self, line: &str) -> Self {
        self.command.stdin(Stdio::piped());
        self.input = Some(format!("{line}\n"));
        self
    }

    pub(crate) async fn run(mut self) -> Ran {
        let mut child = self.command.spawn().unwrap();
        if let Some(input) = self.input {
            // A program that ends without reading is as good.
            child.stdin.take().unwrap().write_all(input.as_bytes()).await.ok();
        }
        let output = timeout(PATIENCE, child.wait_with_output()).await;
        output.unwrap_or_else(|_| panic!("{:?} does not end", self.command)).unwrap().into()
    }

    /// Runs it as a server, until the test ends.
    pub(crate) async fn serve(mut self) -> Serving {
        let mut child = self.command.env("BIND", "127.0.0.1:0").stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let announced = timeout(PATIENCE, announcement(&mut lines)).await.unwrap();
        Serving { announced, child, _lines: lines }
    }
}

/// All that is printed up to the empty line behind the address.
async fn announcement(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let mut text = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.is_empty() && text.contains("Charla is at ") {
            return text;
        }
        text += &format!("{line}\n");
    }
    panic!("the server ended: {text}");
}

/// A server that runs on a port of its own.
pub(crate) struct Serving {
    /// What it printed to begin with.
    pub(crate) announced: String,
    pub(crate) child: Child,
    /// Held, so that it can go on printing.
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Serving {
    pub(crate) fn client(&self) -> Client {
        self.client_of("Charla is at ")
    }

    /// For what it printed to be at an address.
    pub(crate) fn client_of(&self, place: &str) -> Client {
        let address = self.announced.lines().find_map(|line| line.trim().strip_prefix(place));
        Client::new(address.unwrap()).unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended is as good.
        self.child.start_kill().ok();
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// What it printed, where it ended well.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// The message, where it failed with one and printed nothing.
    #[track_caller]
    pub(crate) fn failed(self) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        let message = self.err.rsplit_once("charla: ").map(|(_, message)| message.trim_end().to_owned());
        message.unwrap_or_else(|| panic!("no message: {self:?}"))
    }

    /// What is said of a command line that can't be understood.
    #[track_caller]
    pub(crate) fn misunderstood(self) -> String {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        self.err
    }
}
