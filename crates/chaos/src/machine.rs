//! What the machine allows.

use std::{env, fs, io, os::unix::process::CommandExt, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};

/// Raises the limit on open files for this process and those it starts.
///
/// # Errors
/// Where the hard limit is lower.
pub(crate) fn allow_open_files(wanted: u64) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let maximum = limit.maximum.unwrap_or(u64::MAX);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    ensure!(
        maximum >= wanted,
        "{wanted} open files are needed, and {maximum} are allowed: raise `ulimit -Hn`"
    );
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum })
        .context("the limit on open files can't be raised")
}

/// Says that this process has mounts of its own.
const OWN_MOUNTS: &str = "CHARLA_CHAOS_OWN_MOUNTS";

/// Begins this program anew where its mounts are its own, and go with it however it ends. Returns where that is so
/// already, or not permitted.
///
/// # Errors
/// Where the program can't be started a second time.
pub(crate) fn own_mounts() -> io::Result<()> {
    let unshare = || {
        let mut unshare = Command::new("unshare");
        unshare.args(["--mount", "--propagation", "private", "--"]);
        unshare
    };
    let is_permitted = || unshare().arg("true").output().is_ok_and(|output| output.status.success());
    if env::var_os(OWN_MOUNTS).is_some() || !is_permitted() {
        return Ok(());
    }
    Err(unshare().arg(env::current_exe()?).args(env::args_os().skip(1)).env(OWN_MOUNTS, "yes").exec())
}

/// Sends a signal to a process of this program's own.
///
/// # Errors
/// Where it is gone.
pub(crate) fn signal(pid: u32, signal: Signal) -> Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("not a process id")?;
    kill_process(pid, signal).with_context(|| format!("no signal to {pid:?}"))
}

/// The most memory a process has had at once, in MiB.
///
/// # Errors
/// Where it is gone.
pub(crate) fn peak_memory(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.split_whitespace().next().context("no number")?.parse::<u64>()? / 1024)
}

/// Bytes that are free where this folder is.
///
/// # Errors
/// Where it is gone.
pub(crate) fn free_bytes(folder: &Path) -> Result<u64> {
    let stat = rustix::fs::statvfs(folder)?;
    Ok(stat.f_bavail * stat.f_frsize)
}
