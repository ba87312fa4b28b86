//! The wall clock of one node, as libfaketime has it. Its monotonic clock stays true, as it does on a machine whose time is set.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

const FOLDERS: [&str; 3] = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];

#[derive(Debug)]
pub(crate) struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// Whether there is what it takes.
    pub(crate) fn is_available() -> bool {
        library().is_some()
    }

    pub(crate) fn make(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let clock = Self { library: library().context("no libfaketime")?, file: folder.join("clock") };
        clock.set(0)?;
        Ok(clock)
    }

    /// So many seconds fast, or slow.
    pub(crate) fn set(&self, seconds: i64) -> Result<()> {
        // Whole at once: the library may read it at any time.
        let fresh = self.file.with_extension("new");
        fs::write(&fresh, format!("{seconds:+}\n"))?;
        Ok(fs::rename(fresh, &self.file)?)
    }

    /// What a process needs to go by it.
    pub(crate) fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_CACHE_DURATION", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }
}

fn library() -> Option<PathBuf> {
    let library = |folder: &str| Path::new(folder).join("faketime/libfaketimeMT.so.1");
    FOLDERS.iter().map(|folder| library(folder)).find(|library| library.exists())
}
