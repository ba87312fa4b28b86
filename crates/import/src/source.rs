//! Files of a source: in a folder, or in a ZIP archive.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, bail};
use zip::ZipArchive;

/// A file that belongs to a message.
#[derive(Clone, Debug)]
pub struct Attached {
    pub name: String,
    /// Where its bytes are; none where the source does not have them.
    pub place: Option<Place>,
    /// Where the source says it is to be had.
    pub url: Option<String>,
}

/// Where bytes are.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file below this folder, with a path that the source has given.
    Folder(Arc<Path>, String),
    /// A part of this archive.
    Zip(Zip, String),
}

impl Place {
    /// Writes the bytes into the file, and gives how many they are. For threads that may block.
    ///
    /// # Errors
    /// Where there is no such file, it lies outside of the folder, or has more than `limit` bytes.
    pub fn copy_to(&self, target: &mut File, limit: u64) -> anyhow::Result<u64> {
        let size = match self {
            Self::Folder(folder, path) => {
                let source = File::open(inside(folder, path)?).context("it can't be opened")?;
                std::io::copy(&mut source.take(limit.saturating_add(1)), target)?
            }
            Self::Zip(zip, name) => zip.copy_to(name, target, limit.saturating_add(1))?,
        };
        if size > limit {
            bail!("it has more than {limit} bytes (MAX_UPLOAD_SIZE)");
        }
        target.seek(SeekFrom::Start(0))?;
        Ok(size)
    }
}

/// A path that leads to a file of the folder, links followed.
fn inside(folder: &Path, path: &str) -> anyhow::Result<PathBuf> {
    let folder = folder.canonicalize().context("its folder is not there")?;
    let path = folder.join(path.trim_start_matches('/')).canonicalize().context("it is not there")?;
    if !path.starts_with(&folder) || !path.is_file() {
        bail!("it is no file of the folder");
    }
    Ok(path)
}

/// A ZIP archive that is read piece by piece; cheap to clone.
#[derive(Clone, Debug)]
pub struct Zip(Arc<Mutex<ZipArchive<File>>>);

impl Zip {
    /// # Errors
    /// Where it can't be opened, or is none.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("{} can't be opened", path.display()))?;
        let archive =
            ZipArchive::new(file).with_context(|| format!("{} is no ZIP archive", path.display()))?;
        Ok(Self(Arc::new(Mutex::new(archive))))
    }

    /// The names of its parts that can be read, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.lock().file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
        names.sort_unstable();
        names
    }

    /// A part as a whole; none where there is no such part.
    ///
    /// # Errors
    /// Where it is damaged, or has more than `limit` bytes.
    pub fn read(&self, name: &str, limit: u64) -> anyhow::Result<Option<Vec<u8>>> {
        let mut archive = self.lock();
        let Some(index) = archive.index_for_name(name) else { return Ok(None) };
        let mut bytes = Vec::new();
        archive.by_index(index)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            bail!("{name} has more than {limit} bytes");
        }
        Ok(Some(bytes))
    }

    /// Writes a part into a file, up to `limit` bytes, and gives how many they are.
    ///
    /// # Errors
    /// Where it is not there or damaged.
    pub fn copy_to(&self, name: &str, target: &mut impl Write, limit: u64) -> anyhow::Result<u64> {
        let mut archive = self.lock();
        let part = archive.by_name(name).with_context(|| format!("{name} is not in the archive"))?;
        Ok(std::io::copy(&mut part.take(limit), target)?)
    }

    /// Nothing is left half done by who panics over it.
    fn lock(&self) -> std::sync::MutexGuard<'_, ZipArchive<File>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_are_found() {
        let outside = tempfile::tempdir().unwrap();
        let folder = outside.path().join("media");
        std::fs::create_dir_all(folder.join("uploads")).unwrap();
        std::fs::write(folder.join("uploads/a.txt"), "abc").unwrap();
        std::fs::write(outside.path().join("secret"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), folder.join("link")).unwrap();
        let place = |path: &str| Place::Folder(folder.clone().into(), path.to_owned());
        let mut file = tempfile::tempfile().unwrap();
        assert_eq!(place("uploads/a.txt").copy_to(&mut file, 3).unwrap(), 3);
        assert_eq!(place("/uploads/a.txt").copy_to(&mut file, 3).unwrap(), 3);
        assert!(place("uploads/a.txt").copy_to(&mut file, 2).is_err());
        for path in ["../secret", "link", "uploads", "nothing", "", "uploads/../../secret"] {
            assert!(place(path).copy_to(&mut file, 100).is_err(), "{path}");
        }
    }
}
