//! Reading a backup. All of this waits for the disk.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use charla_db::records::{Digest, Row};
use charla_server::storage::Content;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use crate::manifest::{FILES, KeptFile, MANIFEST, Manifest, SECRET_KEY, file_entry, table_entry};

/// Bytes of a line, of the manifest, and of a file that is held in memory, at most.
const LINE: u64 = 64 * 1024 * 1024;
const HEAD: u64 = 16 * 1024 * 1024;
const IN_MEMORY: u64 = 5 * 1024 * 1024;
/// Bytes that are read at once.
const CHUNK: usize = 256 * 1024;

type Archive = ZipArchive<BufReader<File>>;

/// A backup whose manifest can be made use of.
#[derive(Debug)]
pub(crate) struct Backup {
    path: PathBuf,
    pub(crate) manifest: Manifest,
}

impl Backup {
    /// # Errors
    /// Where it can't be read, is damaged, or of a later version.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let mut archive = open(path)?;
        let manifest = entry(&mut archive, MANIFEST, HEAD).and_then(|bytes| Manifest::read(&bytes));
        let manifest = manifest.with_context(|| no_use(path))?;
        Ok(Self { path: path.to_owned(), manifest })
    }

    /// Reads all of it, and holds it against the manifest. `tell` hears of rows and bytes that were read.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(&self, mut tell: impl FnMut(u64)) -> anyhow::Result<()> {
        for (place, kept) in self.manifest.tables.iter().enumerate() {
            self.rows(place, |_| Ok(()))?;
            tell(kept.digest.rows);
        }
        self.files(|file, bytes| {
            std::io::copy(bytes, &mut std::io::sink())?;
            tell(file.size);
            Ok(())
        })?;
        self.secret_key()?;
        Ok(())
    }

    /// Gives the rows of a table, by its place among them, to `take`.
    ///
    /// # Errors
    /// Where they are not what the manifest says, and those of `take`.
    pub(crate) fn rows(
        &self,
        place: usize,
        mut take: impl FnMut(Row) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let kept = &self.manifest.tables[place];
        let mut archive = open(&self.path)?;
        let mut digest = Digest::default();
        let read = lines(&mut archive, &table_entry(&kept.table), |line| {
            digest.add(line);
            take(kept.table.read_line(line).context("a line is no row")?)
        });
        let what = || format!("{}: {}", no_use(&self.path), kept.table.name);
        read.with_context(what)?;
        ensure!(digest == kept.digest, "{}: the rows are not those that were written", what());
        Ok(())
    }

    /// The list of files.
    ///
    /// # Errors
    /// Where it is not what the manifest says.
    pub(crate) fn list(&self) -> anyhow::Result<Vec<KeptFile>> {
        let (mut digest, mut list) = (Digest::default(), Vec::new());
        let listed = lines(&mut open(&self.path)?, FILES, |line| {
            digest.add(line);
            list.push(serde_json::from_slice(line)?);
            Ok(())
        });
        listed.with_context(|| no_use(&self.path))?;
        if digest != self.manifest.files {
            bail!("{}: the list of files is not the one that was written", no_use(&self.path));
        }
        Ok(list)
    }

    /// Gives each file with its bytes, of which all have to be read, to `take`.
    ///
    /// # Errors
    /// Where they are not what the list says, and those of `take`.
    pub(crate) fn files(
        &self,
        mut take: impl FnMut(&KeptFile, &mut dyn Read) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut archive = open(&self.path)?;
        for file in self.list()? {
            let read = archive.by_name(&file_entry(&file)).map_err(anyhow::Error::from).and_then(|entry| {
                let mut bytes = Hashing { inner: entry, hash: Sha256::new(), size: 0 };
                take(&file, &mut bytes)?;
                let is_whole = bytes.size == file.size && hex::encode(bytes.hash.finalize()) == file.sha256;
                ensure!(is_whole, "it is not what was written");
                Ok(())
            });
            read.with_context(|| format!("{}: the file {}", no_use(&self.path), file.id))?;
        }
        Ok(())
    }

    /// The secret key, if it has one.
    ///
    /// # Errors
    /// Where the manifest says that there is one, and it can't be read.
    pub(crate) fn secret_key(&self) -> anyhow::Result<Option<Vec<u8>>> {
        if !self.manifest.has_secret_key {
            return Ok(None);
        }
        let key = entry(&mut open(&self.path)?, SECRET_KEY, HEAD);
        key.map(Some).with_context(|| format!("{}: the secret key", no_use(&self.path)))
    }
}

/// The bytes of a file to be stored: in memory, or, where there are many, in a file of that folder that has no name.
///
/// # Errors
/// Those of reading, and of the disk.
pub(crate) fn content(bytes: &mut dyn Read, size: u64, folder: &Path) -> anyhow::Result<Content> {
    if size <= IN_MEMORY {
        let mut held = Vec::new();
        bytes.take(IN_MEMORY + 1).read_to_end(&mut held)?;
        return Ok(Content::Bytes(held.into()));
    }
    let mut file = tempfile::tempfile_in(folder)?;
    let size = std::io::copy(bytes, &mut file)?;
    Ok(Content::File(file, size))
}

fn no_use(path: &Path) -> String {
    format!("{} can't be restored", path.display())
}

fn open(path: &Path) -> anyhow::Result<Archive> {
    let file = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
    ZipArchive::new(BufReader::with_capacity(CHUNK, file)).with_context(|| no_use(path))
}

/// The bytes of an entry, of at most `limit`.
fn entry(archive: &mut Archive, name: &str, limit: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    archive.by_name(name)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Gives each line of an entry to `take`, without its line feed.
fn lines(
    archive: &mut Archive,
    name: &str,
    mut take: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut reader = BufReader::with_capacity(CHUNK, archive.by_name(name)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.by_ref().take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        take(line.strip_suffix(b"\n").context("a line has no end")?)?;
    }
}

/// Counts and hashes what is read of another.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
    size: u64,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.size += count as u64;
        Ok(count)
    }
}
