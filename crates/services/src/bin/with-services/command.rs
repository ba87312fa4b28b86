use std::{
    future,
    io::{IsTerminal, stdin},
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::{
    process::{Child, Command},
    select,
    signal::unix::{Signal, SignalKind, signal},
    time::{Instant, sleep_until},
};

/// How long the command may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// The signals that ask this process to end.
pub(crate) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Interrupts {
    pub(crate) fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> SignalKind {
        select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
        }
    }
}

/// Runs the command to its end and returns its exit status, 128 more than the signal's number where a signal ended
/// it. What asks this process to end is passed on; a command that does not heed it is killed.
pub(crate) async fn run(
    words: &[String],
    environment: Vec<(String, String)>,
    mut interrupts: Interrupts,
) -> Result<u8> {
    // Only the terminal's own group may read from it. Elsewhere the command gets a group to itself, so that signals
    // reach whatever it has started, too.
    let grouped = !stdin().is_terminal();
    let mut child = spawn(words, environment, grouped)?;
    let target = Target::of(&child, grouped)?;
    let mut deadline = None;
    let status = loop {
        select! {
            biased;
            // Ctrl-C in the terminal reaches the command by itself, and need not mean its end.
            kind = interrupts.next() => if grouped || kind != SignalKind::interrupt() {
                deadline = Some(Instant::now() + GRACE);
                target.send(&kind.as_raw_value().to_string()).await;
            },
            status = child.wait() => break status?,
            () = passed(deadline) => {
                deadline = None;
                target.send("KILL").await;
            }
        }
    };
    if grouped {
        target.send("KILL").await;
    }
    Ok(exit_code(status))
}

/// The command is told, too, if this process dies without being able to say so.
fn spawn(words: &[String], environment: Vec<(String, String)>, grouped: bool) -> Result<Child> {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).args(words).envs(environment);
    if grouped {
        command.process_group(0);
    }
    command.spawn().context("cannot start setpriv")
}

async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => future::pending().await,
    }
}

/// Whom signals go to: the command, or its whole group of processes.
struct Target(String);

impl Target {
    fn of(child: &Child, grouped: bool) -> Result<Self> {
        let id = child.id().context("the command has no process id")?;
        Ok(Self(if grouped { format!("-{id}") } else { id.to_string() }))
    }

    /// Nobody left to get the signal is no error: the command may end at any time.
    async fn send(&self, signal: &str) {
        let script = r#"kill -s "$0" -- "$1" 2>/dev/null"#;
        Command::new("sh").args(["-c", script, signal, &self.0]).status().await.ok();
    }
}

fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or(status.signal().map(|number| 128 + number));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
