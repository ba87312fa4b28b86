//! The bytes of files, each under its id. What they are and who may see them is in the database.

mod open;
#[cfg(test)]
mod tests;

use std::{
    io::{ErrorKind, Read, Seek},
    ops::Range,
    path::{Path as FilePath, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use bytes::Bytes;
use charla_db::tables::files::Copy;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use http::Method;
use object_store::{
    Attribute, Attributes, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMultipartOptions,
    PutOptions, WriteMultipart, aws::AmazonS3, path::Path, signer::Signer,
};
use tokio::sync::OnceCell;
use url::Url;
use uuid::Uuid;

/// Parts of a file that may be on their way to the store at once.
const PARTS_UNDER_WAY: usize = 2;
/// Bytes of a part. S3 takes no smaller ones but for the last.
const PART: usize = 5 * 1024 * 1024;
/// What is written to see whether anything can be.
const READY: &str = "ready";
/// How long a link into the store is good.
pub const LINK_TIME: Duration = Duration::from_secs(60);

/// Where the bytes are kept; cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn ObjectStore>,
    /// The same store, where others may be sent there with a link.
    s3: Option<Arc<AmazonS3>>,
    /// What every key begins with; empty, or ending with `/`.
    prefix: String,
    /// Where the files of a folder are.
    folder: Option<PathBuf>,
    link_origin: OnceCell<Option<String>>,
}

/// Bytes as they come from the store.
pub type Chunks = BoxStream<'static, anyhow::Result<Bytes>>;

/// What is to be kept.
#[derive(Debug)]
pub enum Content {
    Bytes(Bytes),
    /// A file from its start, of so many bytes.
    File(std::fs::File, u64),
}

/// What a store that is asked directly says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub content_type: String,
    /// The value of `Content-Disposition`.
    pub disposition: String,
}

impl Storage {
    /// Whether files can be kept: writes a small one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn ping(&self) -> anyhow::Result<()> {
        self.0.store.put(&self.path(READY), Bytes::from_static(b"ready").into()).await?;
        Ok(())
    }

    /// The names under which files are kept, as [`name`] gives them; what else is there too.
    pub fn names(&self) -> BoxStream<'_, anyhow::Result<String>> {
        let prefix = Path::from(self.0.prefix.as_str());
        let found = self.0.store.list((!self.0.prefix.is_empty()).then_some(&prefix));
        let name = move |found: object_store::ObjectMeta| {
            let path = found.location.to_string();
            path.strip_prefix(&self.0.prefix).unwrap_or(&path).to_owned()
        };
        found.map_ok(name).map_err(Into::into).try_filter(|name| std::future::ready(name != READY)).boxed()
    }

    /// Keeps a copy of a file. It is there once this returns; until then, and after an error, there is nothing of it. What was
    /// there before is replaced.
    ///
    /// # Errors
    /// Those of the store, and those of reading a file.
    pub async fn put(&self, id: Uuid, copy: Copy, content: Content, label: &Label) -> anyhow::Result<()> {
        let path = self.key(id, copy);
        if let Content::File(file, _) = &content {
            let mut file = file;
            file.rewind()?;
        }
        match content {
            Content::Bytes(bytes) if bytes.len() <= PART => self.put_at_once(&path, bytes, label).await,
            Content::File(file, size) if size <= PART as u64 => {
                self.put_at_once(&path, read_part(Arc::new(file)).await?, label).await
            }
            Content::Bytes(bytes) => self.put_in_parts(&path, Parts::Bytes(bytes), label).await,
            Content::File(file, _) => self.put_in_parts(&path, Parts::File(Arc::new(file)), label).await,
        }
    }

    async fn put_at_once(&self, path: &Path, bytes: Bytes, label: &Label) -> anyhow::Result<()> {
        let options = PutOptions { attributes: self.attributes(label), ..PutOptions::default() };
        self.0.store.put_opts(path, bytes.into(), options).await?;
        Ok(())
    }

    async fn put_in_parts(&self, path: &Path, mut parts: Parts, label: &Label) -> anyhow::Result<()> {
        let options =
            PutMultipartOptions { attributes: self.attributes(label), ..PutMultipartOptions::default() };
        let upload = self.0.store.put_multipart_opts(path, options).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        loop {
            let next = match upload.wait_for_capacity(PARTS_UNDER_WAY).await {
                Ok(()) => parts.next().await,
                Err(error) => Err(error.into()),
            };
            match next {
                Ok(Some(part)) => upload.put(part),
                Ok(None) => break,
                Err(error) => {
                    upload.abort().await?;
                    return Err(error);
                }
            }
        }
        upload.finish().await?;
        Ok(())
    }

    /// A folder can't hold attributes: there the server answers for itself.
    fn attributes(&self, label: &Label) -> Attributes {
        if self.0.s3.is_none() {
            return Attributes::new();
        }
        Attributes::from_iter([
            (Attribute::ContentType, label.content_type.clone()),
            (Attribute::ContentDisposition, label.disposition.clone()),
            (Attribute::CacheControl, "private, max-age=3600, immutable".to_owned()),
        ])
    }

    /// Reads these bytes of a file; the range must not be empty. None where there is no such file.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn get(&self, id: Uuid, copy: Copy, range: Range<u64>) -> anyhow::Result<Option<Chunks>> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        match self.0.store.get_opts(&self.key(id, copy), options).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(Into::into).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a file with all its copies, half-written ones too. One that is not there is as good.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn delete(&self, id: Uuid) -> anyhow::Result<()> {
        for copy in Copy::ALL {
            let key = self.key(id, copy);
            match self.0.store.delete(&key).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(folder) = &self.0.folder {
                let path = folder.join(key.as_ref());
                tokio::task::spawn_blocking(move || delete_half_written(&path)).await??;
            }
        }
        Ok(())
    }

    /// An address where anybody may `GET` or `HEAD` the copy for [`LINK_TIME`]; none where the store has no door of its own.
    ///
    /// # Errors
    /// Where no credentials are to be had.
    pub async fn link(&self, method: Method, id: Uuid, copy: Copy) -> anyhow::Result<Option<Url>> {
        let Some(s3) = &self.0.s3 else { return Ok(None) };
        Ok(Some(s3.signed_url(method, &self.key(id, copy), LINK_TIME).await?))
    }

    /// Where links lead, such as `https://s3.example.org`; none where there are none.
    pub async fn link_origin(&self) -> Option<&str> {
        let origin = self.0.link_origin.get_or_try_init(|| async {
            let link = self
                .link(Method::GET, Uuid::nil(), Copy::Whole)
                .await
                .context("the storage can't be reached")?;
            anyhow::Ok(link.map(|link| link.origin().ascii_serialization()))
        });
        match origin.await {
            Ok(origin) => origin.as_deref(),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "no link into the storage can be made");
                None
            }
        }
    }

    fn key(&self, id: Uuid, copy: Copy) -> Path {
        self.path(&name(id, copy))
    }

    fn path(&self, name: &str) -> Path {
        Path::from(format!("{}{name}", self.0.prefix))
    }
}

/// What a copy of a file is called in the store.
pub fn name(id: Uuid, copy: Copy) -> String {
    match copy {
        Copy::Whole => id.to_string(),
        Copy::Small => format!("{id}-small"),
        Copy::Large => format!("{id}-large"),
    }
}

/// A folder has a file under its name and a number while it is being written: who dies over it leaves that.
fn delete_half_written(path: &FilePath) -> std::io::Result<()> {
    for number in 1.. {
        let mut name = path.as_os_str().to_owned();
        name.push(format!("#{number}"));
        match std::fs::remove_file(name) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What is sent part by part.
enum Parts {
    Bytes(Bytes),
    File(Arc<std::fs::File>),
}

impl Parts {
    async fn next(&mut self) -> anyhow::Result<Option<Bytes>> {
        let part = match self {
            Self::Bytes(bytes) => bytes.split_to(bytes.len().min(PART)),
            Self::File(file) => read_part(Arc::clone(file)).await?,
        };
        Ok(Some(part).filter(|part| !part.is_empty()))
    }
}

/// The next part of the file; empty at its end. Reading a disk may wait for it.
async fn read_part(file: Arc<std::fs::File>) -> anyhow::Result<Bytes> {
    let read = move || {
        let mut part = Vec::new();
        (&*file).take(PART as u64).read_to_end(&mut part).map(|_| Bytes::from(part))
    };
    Ok(tokio::task::spawn_blocking(read).await??)
}
