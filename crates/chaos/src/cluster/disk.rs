//! A small file system for the database, which can be filled.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::machine;

/// MiB: what MariaDB needs to begin with, and some.
const SIZE: u32 = 512;
/// Written at once.
const PIECE: u64 = 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Whether this process may mount one.
    pub(crate) fn is_available() -> bool {
        tempfile::tempdir().ok().and_then(|folder| Self::make(folder.path()).ok()).is_some()
    }

    pub(crate) fn make(base: &Path) -> Result<Self> {
        let folder = base.join("disk");
        fs::create_dir_all(&folder)?;
        let size = format!("size={SIZE}m,mode=777");
        let output =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "charla-chaos"]).arg(&folder).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // The folders above may be closed to the user that a server runs as.
        Ok(Self { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Leaves no byte.
    pub(crate) fn fill(&self) -> Result<()> {
        let mut ballast = fs::File::options().create(true).append(true).open(self.ballast())?;
        let zeros = vec![0; usize::try_from(PIECE)?];
        while machine::free_bytes(&self.folder)? > 0 {
            // The last piece does not fit.
            if std::io::Write::write(&mut ballast, &zeros).is_err() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn free(&self) -> Result<()> {
        fs::remove_file(self.ballast()).context("no ballast")
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Detached at once, and gone with the last process that uses it.
        Command::new("umount").arg("--lazy").arg(&self.folder).status().ok();
    }
}
