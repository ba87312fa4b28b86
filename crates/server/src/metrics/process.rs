//! What the system says of the process, under the names that all programs use for it
//! (<https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>). Where there is no `/proc`, nothing.

use std::fs;

use charla_metrics::{Kind, Text};
use rustix::{
    param::{clock_ticks_per_second, page_size},
    process::{Resource, getrlimit},
};

pub(super) fn expose(text: &mut Text) {
    if let Some(stat) = fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(Stat::parse) {
        stat.expose(text);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        text.gauge("process_open_fds", "Open files, connections included.", open.count());
    }
    if let Some(most) = getrlimit(Resource::Nofile).current {
        text.gauge("process_max_fds", "Files that may be open.", most);
    }
}

/// What of `/proc/self/stat` is of use (proc_pid_stat(5)).
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    /// In user mode and in the kernel, in ticks.
    cpu: u64,
    threads: u64,
    /// In ticks since the system started.
    start: u64,
    virtual_bytes: u64,
    resident_pages: u64,
}

impl Stat {
    /// The name of the program, in brackets, may have any characters in it: what counts comes after it.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        // The manual counts from 1, with two fields before these.
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            cpu: field(14)? + field(15)?,
            threads: field(20)?,
            start: field(22)?,
            virtual_bytes: field(23)?,
            resident_pages: field(24)?,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody reads the last digits")]
    fn expose(&self, text: &mut Text) {
        let seconds = |ticks: u64| ticks as f64 / clock_ticks_per_second() as f64;
        text.head("process_cpu_seconds_total", Kind::Counter, "Time on processors.");
        text.value("process_cpu_seconds_total", &[], seconds(self.cpu));
        if let Some(boot) = boot_time() {
            let start = boot as f64 + seconds(self.start);
            text.gauge("process_start_time_seconds", "When the process began, since 1970.", start);
        }
        text.gauge("process_threads", "Threads of the process.", self.threads);
        text.gauge("process_virtual_memory_bytes", "Memory that is mapped.", self.virtual_bytes);
        let resident = self.resident_pages * page_size() as u64;
        text.gauge("process_resident_memory_bytes", "Memory that is in use.", resident);
    }
}

/// Seconds since 1970.
fn boot_time() -> Option<u64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_confuses_nobody() {
        let text = "42 (a) b (c)) S 1 42 42 0 -1 4194560 900 0 0 0 70 30 0 0 20 0 9 0 1234 5000000 600 18446744073709551615";
        let expected =
            Stat { cpu: 100, threads: 9, start: 1234, virtual_bytes: 5_000_000, resident_pages: 600 };
        assert_eq!(Stat::parse(text), Some(expected));
        assert_eq!(Stat::parse("42 (a"), None);
    }
}
