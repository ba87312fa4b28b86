//! The program `with-services`, from the outside.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

const PATIENCE: Duration = Duration::from_secs(20);

fn with_services(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_with-services"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    // These tests themselves may run below the program.
    command.env_remove("TEST_POSTGRES_URL").env_remove("TEST_REDIS_URL");
    command
}

#[test]
fn the_command_finds_its_servers_and_gives_its_status() -> Result<()> {
    let script = "echo $TEST_REDIS_URL,$TEST_POSTGRES_URL; exit 7";
    let output = with_services(&["--only", "redis", "--", "sh", "-c", script]).output()?;
    let printed = String::from_utf8(output.stdout)?;
    assert!(printed.starts_with("redis://127.0.0.1:") && printed.ends_with("/,\n"), "{printed}");
    assert_eq!(output.status.code(), Some(7));
    Ok(())
}

#[test]
fn what_the_command_leaves_running_ends_with_it() -> Result<()> {
    let script = "sleep 1000 >/dev/null & echo $!";
    let output = with_services(&["--only", "redis", "sh", "-c", script]).output()?;
    wait_for_the_end_of(String::from_utf8(output.stdout)?.trim());
    Ok(())
}

#[test]
fn nothing_is_left_after_a_kill() -> Result<()> {
    let script = "echo $TEST_POSTGRES_PID; readlink /proc/$TEST_POSTGRES_PID/cwd; exec sleep 1000";
    let mut program = with_services(&["--only", "postgres", "--", "sh", "-c", script]).spawn()?;
    let mut lines = BufReader::new(program.stdout.take().context("no output")?).lines();
    let pid = lines.next().context("no process id")??;
    let folder = lines.next().context("no folder")??;
    assert!(Path::new(&folder).exists());
    program.kill()?;
    program.wait()?;
    wait_for_the_end_of(&pid);
    wait_until(|| !Path::new(&folder).exists(), &folder);
    Ok(())
}

fn wait_for_the_end_of(pid: &str) {
    let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // A dead process may stay in the table until whoever inherited it asks for its status.
    wait_until(|| state().is_empty() || state().contains(") Z "), pid);
}

fn wait_until(condition: impl Fn() -> bool, what: &str) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < PATIENCE, "{what} is still there");
        thread::sleep(Duration::from_millis(50));
    }
}
