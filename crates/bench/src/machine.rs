//! What the machine gives, and what processes take of it.

use std::{fmt, fs, path::Path};

use anyhow::{Context, Result, ensure};
use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    thread::{CpuSet, sched_getaffinity, sched_setaffinity},
};
use serde::{Deserialize, Serialize};

/// `statfs`'s type of a file system in memory (`man 2 statfs`).
const MEMORY_FILE_SYSTEMS: [i64; 2] = [0x0102_1994, 0x8584_58f6];

/// Which processors are used for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cores {
    pub(crate) server: usize,
    /// The same as the server's on a machine with one: figures of time then say little.
    pub(crate) load: usize,
}

impl Cores {
    /// The first two that this process may use.
    pub(crate) fn available() -> Result<Self> {
        let allowed = sched_getaffinity(None).context("the processors can't be counted")?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
        let server = cores.next().context("no processor")?;
        Ok(Self { server, load: cores.next().unwrap_or(server) })
    }

    /// Keeps this thread, and those it starts, on the load's core.
    pub(crate) fn pin_load(self) -> Result<()> {
        let mut set = CpuSet::new();
        set.set(self.load);
        sched_setaffinity(None, &set).context("this process can't be kept on one processor")
    }
}

/// Raises the limit on open files for this process and those it starts.
///
/// # Errors
/// Where the hard limit is lower: with what to do about it.
pub(crate) fn allow_open_files(wanted: u64) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let (current, maximum) = (limit.current.unwrap_or(u64::MAX), limit.maximum.unwrap_or(u64::MAX));
    if current >= wanted {
        return Ok(());
    }
    ensure!(
        maximum >= wanted,
        "{wanted} open files are needed, and {maximum} are allowed: raise `ulimit -Hn`, or lower --idle and --room"
    );
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum })
        .context("the limit on open files can't be raised")?;
    ensure!(getrlimit(Resource::Nofile).current.is_none_or(|now| now >= wanted), "the limit was not raised");
    Ok(())
}

/// Whether what is written to this folder reaches a disk.
pub(crate) fn is_on_disk(folder: &Path) -> bool {
    #[expect(clippy::useless_conversion, reason = "not an i64 on every platform")]
    let kind = rustix::fs::statfs(folder).map(|stat| i64::try_from(stat.f_type));
    matches!(kind, Ok(Ok(kind)) if !MEMORY_FILE_SYSTEMS.contains(&kind))
}

/// Seconds of processor time that these processes have taken.
pub(crate) fn cpu_seconds_of(pids: &[u32]) -> Result<f64> {
    pids.iter().map(|pid| cpu_seconds(*pid)).sum()
}

/// Seconds of processor time that a process has taken, in user and kernel mode, all threads together.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the process is gone")?;
    // The name in parentheses may hold anything; the fields after it are numbered from 3.
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<u64>().ok());
    let (user, system) = ticks(14).zip(ticks(15)).context("/proc/…/stat can't be read")?;
    #[expect(clippy::cast_precision_loss, reason = "ticks of a run are few")]
    Ok((user + system) as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// Memory of a process, in kB of 1,000 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// All that is resident, the program's text and mapped pages of the database included.
    pub(crate) resident: f64,
    /// What the process has made itself.
    pub(crate) anonymous: f64,
}

impl Memory {
    /// What a process has now.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let path = format!("/proc/{pid}/smaps_rollup");
        let text = fs::read_to_string(path).context("the process is gone")?;
        let kb = |name: &str| -> Result<f64> {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let line = line.with_context(|| format!("no {name} in smaps_rollup"))?;
            Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? * 1.024)
        };
        Ok(Self { resident: kb("Rss:")?, anonymous: kb("Anonymous:")? })
    }
}

/// Processes that wanted to run, on average over the last minute.
pub(crate) fn load_average() -> Result<f64> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split_whitespace().next().context("no load average")?.parse()?)
}

/// Where it was measured.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Machine {
    processor: String,
    processors: usize,
    server_core: usize,
    load_core: usize,
    /// Bytes.
    memory: u64,
    kernel: String,
    /// Of the server.
    version: String,
}

impl Machine {
    /// This one.
    pub(crate) fn describe(cores: Cores) -> Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        let memory = fs::read_to_string("/proc/meminfo")?;
        let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")).context("no MemTotal")?;
        Ok(Self {
            processor: name.map_or_else(|| "unknown".to_owned(), |(_, name)| name.to_owned()),
            processors: processors.lines().filter(|line| line.starts_with("processor")).count(),
            server_core: cores.server,
            load_core: cores.load,
            memory: memory.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024,
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {} processors (server on {}, load on {}), {} GiB of memory, Linux {}; Charla {}",
            self.processor,
            self.processors,
            self.server_core,
            self.load_core,
            self.memory.div_ceil(1 << 30),
            self.kernel,
            self.version
        )
    }
}

/// How long all processors together were busy, and how long they could have been, in ticks since the start. What a hypervisor
/// gives to others counts as busy.
pub(crate) fn busy() -> Result<(u64, u64)> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("/proc/stat is empty")?;
    // user nice system idle iowait irq softirq steal: guests are in the first two.
    let ticks: Vec<u64> =
        line.split_whitespace().skip(1).take(8).filter_map(|field| field.parse().ok()).collect();
    let all: u64 = ticks.iter().sum();
    let idle =
        ticks.get(3).zip(ticks.get(4)).map(|(idle, waiting)| idle + waiting).context("no idle time")?;
    Ok((all - idle, all))
}
