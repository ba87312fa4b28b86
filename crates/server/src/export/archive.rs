//! A ZIP archive that is written as its parts come: nothing of it is held in memory but what is under way.

use std::io::Write;

use anyhow::Context;
use bytes::Bytes;
use serde::Serialize;
use tokio::{sync::mpsc, task::JoinHandle};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Parts under way between who brings them and who writes them.
const UNDER_WAY: usize = 8;

/// An archive in the making.
#[derive(Debug)]
pub struct Archive {
    parts: mpsc::Sender<Part>,
    written: JoinHandle<anyhow::Result<std::fs::File>>,
}

enum Part {
    /// A new file begins.
    File { name: String, is_packed: bool },
    /// The file goes on.
    Bytes(Bytes),
}

impl Archive {
    /// Begins one in an empty file.
    pub fn begin(file: std::fs::File) -> Self {
        let (parts, coming) = mpsc::channel(UNDER_WAY);
        Self { parts, written: tokio::task::spawn_blocking(move || write(file, coming)) }
    }

    /// Begins a file; images and the like are packed already.
    ///
    /// # Errors
    /// Where the archive can't be written on; why, [`Archive::finish`] says.
    pub async fn file(&self, name: impl Into<String>, is_packed: bool) -> anyhow::Result<()> {
        self.part(Part::File { name: name.into(), is_packed }).await
    }

    /// Adds to the file that was begun last.
    ///
    /// # Errors
    /// As of [`Archive::file`].
    pub async fn bytes(&self, bytes: Bytes) -> anyhow::Result<()> {
        self.part(Part::Bytes(bytes)).await
    }

    /// A file that holds one value.
    ///
    /// # Errors
    /// As of [`Archive::file`].
    pub async fn json(&self, name: &str, value: &impl Serialize) -> anyhow::Result<()> {
        self.file(name, false).await?;
        self.bytes(serde_json::to_vec_pretty(value)?.into()).await
    }

    /// Adds lines to the file that was begun last, one a value.
    ///
    /// # Errors
    /// As of [`Archive::file`].
    pub async fn lines<T: Serialize>(&self, values: &[T]) -> anyhow::Result<()> {
        let mut lines = Vec::new();
        for value in values {
            serde_json::to_writer(&mut lines, value)?;
            lines.push(b'\n');
        }
        self.bytes(lines.into()).await
    }

    /// The whole archive, to be read from its beginning.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn finish(self) -> anyhow::Result<std::fs::File> {
        drop(self.parts);
        self.written.await?
    }

    async fn part(&self, part: Part) -> anyhow::Result<()> {
        self.parts.send(part).await.ok().context("the archive can't be written on")
    }
}

fn write(file: std::fs::File, mut parts: mpsc::Receiver<Part>) -> anyhow::Result<std::fs::File> {
    let mut archive = ZipWriter::new(std::io::BufWriter::new(file));
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::File { name, is_packed } => {
                let method = if is_packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
                let options = SimpleFileOptions::default().compression_method(method).large_file(true);
                archive.start_file(name, options)?;
            }
            Part::Bytes(bytes) => archive.write_all(&bytes)?,
        }
    }
    let mut file = archive.finish()?.into_inner()?;
    std::io::Seek::rewind(&mut file)?;
    Ok(file)
}
