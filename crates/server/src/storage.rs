//! The bytes of files, each under its id. What they are and who may see them is in the database.

use std::{ops::Range, path::PathBuf, sync::Arc};

use anyhow::{Context, bail};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart, local::LocalFileSystem, path::Path,
};
use uuid::Uuid;

/// Parts of a file that may be on their way to the store at once.
const PARTS_UNDER_WAY: usize = 4;

/// Where the bytes are kept; cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage(Arc<dyn ObjectStore>);

/// Bytes as they come from the store.
pub type Chunks = BoxStream<'static, anyhow::Result<Bytes>>;

impl Storage {
    /// Opens the storage of a `STORAGE_URL`: `file://folder`, made if it is not there. A folder that does not begin with `/`
    /// lies below the working directory.
    ///
    /// # Errors
    /// For another kind of address, and where the folder can't be made.
    pub fn open(url: &str) -> anyhow::Result<Self> {
        let Some(folder) = url.strip_prefix("file://").filter(|folder| !folder.is_empty()) else {
            bail!("STORAGE_URL: `{}` is no `file://folder`", scheme(url));
        };
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("STORAGE_URL: the folder {} can't be made", folder.display()))?;
        // A message that is committed must not lose its files with the power.
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// Whether files can be kept: writes a small one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn ping(&self) -> anyhow::Result<()> {
        self.0.put(&Path::from("ready"), Bytes::from_static(b"ready").into()).await?;
        Ok(())
    }

    /// Keeps a file that is in memory as a whole. What was there under that id is replaced.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn put(&self, id: Uuid, bytes: Bytes) -> anyhow::Result<()> {
        self.0.put(&key(id), bytes.into()).await?;
        Ok(())
    }

    /// Keeps a file as it comes. It is there once this returns; until then, and after an error, there is nothing of it.
    ///
    /// # Errors
    /// Those of the stream and those of the store.
    pub async fn put_stream<S>(&self, id: Uuid, mut chunks: S) -> anyhow::Result<()>
    where
        S: Stream<Item = anyhow::Result<Bytes>> + Unpin,
    {
        let mut upload = WriteMultipart::new(self.0.put_multipart(&key(id)).await?);
        while let Some(chunk) = chunks.next().await {
            let written = match chunk {
                Ok(chunk) => {
                    upload.wait_for_capacity(PARTS_UNDER_WAY).await.map(|()| chunk).map_err(Into::into)
                }
                Err(error) => Err(error),
            };
            match written {
                Ok(chunk) => upload.put(chunk),
                Err(error) => {
                    upload.abort().await?;
                    return Err(error);
                }
            }
        }
        upload.finish().await?;
        Ok(())
    }

    /// Reads these bytes of a file; the range must not be empty. None where there is no such file.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn get(&self, id: Uuid, range: Range<u64>) -> anyhow::Result<Option<Chunks>> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        match self.0.get_opts(&key(id), options).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(anyhow::Error::from).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn key(id: Uuid) -> Path {
    Path::from(id.to_string())
}

/// The part of an address that tells no secrets.
fn scheme(url: &str) -> &str {
    url.split_once("://").map_or("…", |(scheme, _)| scheme)
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    const ID: Uuid = Uuid::from_u128(7);

    fn open(folder: &std::path::Path) -> Storage {
        Storage::open(&format!("file://{}", folder.join("made/of/parts").display())).unwrap()
    }

    async fn read(storage: &Storage, range: Range<u64>) -> Option<Vec<u8>> {
        let chunks = storage.get(ID, range).await.unwrap()?;
        let chunks: Vec<Bytes> = chunks.try_collect().await.unwrap();
        Some(chunks.concat())
    }

    #[tokio::test]
    async fn what_is_put_is_got_whole_or_in_part() {
        let folder = tempfile::tempdir().unwrap();
        let storage = open(folder.path());
        assert_eq!(read(&storage, 0..4).await, None);
        storage.put(ID, Bytes::from_static(b"0123456789")).await.unwrap();
        assert_eq!(read(&storage, 0..10).await.unwrap(), b"0123456789");
        assert_eq!(read(&storage, 3..5).await.unwrap(), b"34");
    }

    #[tokio::test]
    async fn a_stream_is_kept_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let storage = open(folder.path());
        let broken =
            stream::iter([Ok(Bytes::from_static(b"01")), Err(anyhow::anyhow!("the line went dead"))]);
        storage.put_stream(ID, broken).await.unwrap_err();
        assert_eq!(read(&storage, 0..2).await, None);
        let whole = stream::iter([Ok(Bytes::from_static(b"01")), Ok(Bytes::from_static(b"234"))]);
        storage.put_stream(ID, whole).await.unwrap();
        assert_eq!(read(&storage, 0..5).await.unwrap(), b"01234");
    }

    #[test]
    fn only_folders_are_served_and_secrets_are_not_told() {
        for url in ["file://", "s3://key:secret@bucket", "data/media"] {
            let error = Storage::open(url).unwrap_err().to_string();
            assert!(error.starts_with("STORAGE_URL") && !error.contains("secret"), "{error}");
        }
    }
}
