//! A file that is there as a whole, or not at all.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use charla_protocol::Timestamp;
use tempfile::NamedTempFile;

/// A file in the making: under another name, which goes with it. Only who made it can read it.
pub(crate) struct Output {
    path: PathBuf,
    part: NamedTempFile,
}

impl Output {
    /// Begins one at `to`; where that is a folder, in it, under a name made of `what` and the time.
    ///
    /// # Errors
    /// Where there is such a file already, or none can be made there.
    pub(crate) fn begin(to: &Path, what: &str, now: Timestamp) -> anyhow::Result<Self> {
        let path = if to.is_dir() { to.join(named(what, now)) } else { to.to_owned() };
        if path.exists() {
            bail!("{} is there already: it is not written over", path.display());
        }
        let part = tempfile::Builder::new().prefix(".charla-").suffix(".part").tempfile_in(folder(&path));
        let part = part.with_context(|| format!("no file can be made beside {}", path.display()))?;
        Ok(Self { path, part })
    }

    /// Where it is written.
    ///
    /// # Errors
    /// Where the process has too many files open.
    pub(crate) fn file(&self) -> anyhow::Result<File> {
        Ok(self.part.as_file().try_clone()?)
    }

    /// Gives it its name once it is on the disk, and says which that is, and its bytes.
    ///
    /// # Errors
    /// Those of the disk; where there is such a file by now.
    pub(crate) fn finish(self) -> anyhow::Result<(PathBuf, u64)> {
        let Self { path, part } = self;
        part.as_file().sync_all().with_context(|| format!("{} can't be written", path.display()))?;
        let size = part.as_file().metadata()?.len();
        part.persist_noclobber(&path).map_err(|error| error.error).context(path.display().to_string())?;
        File::open(folder(&path))?.sync_all()?;
        Ok((path, size))
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Such as `charla-backup-2026-11-22T15-48-01Z.zip`.
fn named(what: &str, now: Timestamp) -> String {
    let time = now.to_string().replace(':', "-");
    let seconds = time.split_once('.').map_or(time.as_str(), |(seconds, _)| seconds);
    format!("charla-{what}-{seconds}Z.zip")
}
