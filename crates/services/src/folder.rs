use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::Options;

const ENOUGH_KIB: u64 = 2 * 1024 * 1024;

/// Where the data of a server goes: into memory where there is room, or for a durable one onto a disk.
pub(crate) fn base(options: &Options) -> Result<PathBuf> {
    let memory = Path::new("/dev/shm");
    if options.durable {
        return [env::temp_dir(), PathBuf::from("/var/tmp")]
            .into_iter()
            .find(|folder| FileSystem::of(folder).is_some_and(|system| system.is_disk()))
            .context("a durable server needs a folder on a disk: set TMPDIR to one");
    }
    let roomy = FileSystem::of(memory).is_some_and(|system| system.available_kib >= ENOUGH_KIB);
    Ok(if roomy { memory.to_owned() } else { env::temp_dir() })
}

#[derive(Debug, PartialEq)]
struct FileSystem {
    kind: String,
    available_kib: u64,
}

impl FileSystem {
    fn of(folder: &Path) -> Option<Self> {
        let output = Command::new("df").args(["-k", "--output=fstype,avail"]).arg(folder).output().ok()?;
        Self::parse(&String::from_utf8(output.stdout).ok()?)
    }

    fn parse(table: &str) -> Option<Self> {
        let mut cells = table.lines().nth(1)?.split_whitespace();
        Some(Self { kind: cells.next()?.to_owned(), available_kib: cells.next()?.parse().ok()? })
    }

    fn is_disk(&self) -> bool {
        !matches!(self.kind.as_str(), "tmpfs" | "ramfs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_table_of_df() {
        let system = FileSystem::parse("Type     Avail\ntmpfs 24674320\n").unwrap();
        assert_eq!(system, FileSystem { kind: "tmpfs".to_owned(), available_kib: 24_674_320 });
        assert!(!system.is_disk());
        assert_eq!(FileSystem::parse("Type Avail\n"), None);
    }

    #[test]
    fn durable_data_stays_out_of_memory() {
        let base = base(&Options { durable: true }).unwrap();
        assert!(FileSystem::of(&base).unwrap().is_disk());
    }
}
