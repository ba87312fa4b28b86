//! What a backup says of itself.
//!
//! A backup is a ZIP archive: `tables/<table>.jsonl` has the rows, `files/<name>` the bytes of the stored files, `files.jsonl` the
//! list of these, `secret_key` the key where the server keeps its own, and `manifest.json`, which comes last, what all of it comes to.

use anyhow::{bail, ensure};
use charla_db::{
    records::{self, Digest, Table},
    tables::files::Copy,
};
use charla_protocol::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const FILES: &str = "files.jsonl";
pub(crate) const SECRET_KEY: &str = "secret_key";

/// Grows with each change after which an older Charla would misread a backup.
const FORMAT: u32 = 1;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// The version of Charla that made it.
    pub(crate) charla: String,
    pub(crate) created_at: Timestamp,
    /// What has made the tables, in this order.
    pub(crate) migrations: Vec<String>,
    /// In an order in which their rows can be written.
    pub(crate) tables: Vec<KeptTable>,
    /// What the lines of the list of files come to.
    pub(crate) files: Digest,
    /// Of all files together.
    pub(crate) bytes: u64,
    pub(crate) has_secret_key: bool,
}

/// A table with what its rows come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptTable {
    #[serde(flatten)]
    pub(crate) table: Table,
    #[serde(flatten)]
    pub(crate) digest: Digest,
}

/// A line of the list of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptFile {
    pub(crate) id: Uuid,
    pub(crate) copy: Copy,
    /// Bytes.
    pub(crate) size: u64,
    /// In hexadecimal digits.
    pub(crate) sha256: String,
}

impl Manifest {
    pub(crate) fn new(created_at: Timestamp, tables: Vec<KeptTable>) -> Self {
        Self {
            format: FORMAT,
            charla: env!("CARGO_PKG_VERSION").to_owned(),
            created_at,
            migrations: charla_db::migrations(),
            tables,
            files: Digest::default(),
            bytes: 0,
            has_secret_key: false,
        }
    }

    /// Reads a manifest that this version can make use of: of its own time or before.
    ///
    /// # Errors
    /// Where it is damaged, or of a later version.
    pub(crate) fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            charla: String,
        }
        let Head { format, charla } = serde_json::from_slice(bytes)?;
        let this = env!("CARGO_PKG_VERSION");
        let later = format!("it was made by a later version of Charla ({charla}; this is {this}): use that");
        if format != FORMAT {
            bail!(later);
        }
        let manifest: Self = serde_json::from_slice(bytes)?;
        let known = charla_db::migrations();
        if !known.starts_with(&manifest.migrations) {
            bail!(later);
        }
        let tables = || manifest.tables.iter().map(|kept| &kept.table);
        let is_current = manifest.migrations == known;
        ensure!(!is_current || tables().eq(&records::tables()), "its tables are not those of its version");
        ensure!(manifest.migrations.first() == known.first(), "it has no tables");
        Ok(manifest)
    }

    /// Of all tables together.
    pub(crate) fn rows(&self) -> u64 {
        self.tables.iter().map(|kept| kept.digest.rows).sum()
    }
}

/// Where the rows of a table are in the archive.
pub(crate) fn table_entry(table: &Table) -> String {
    format!("tables/{}.jsonl", table.name)
}

/// Where the bytes of a file are in the archive.
pub(crate) fn file_entry(file: &KeptFile) -> String {
    format!("files/{}", charla_server::storage::name(file.id, file.copy))
}
