//! Whether files can be kept: one is written, read and deleted.

use std::{path::Path, time::Duration};

use anyhow::{anyhow, ensure};
use bytes::Bytes;
use charla_db::tables::files::Copy;
use futures_util::TryStreamExt;
use tokio::time::timeout;
use uuid::Uuid;

use super::Report;
use crate::{
    config::Config,
    storage::{Content, Label, Storage},
};

const PART: &str = "storage";
const PATIENCE: Duration = Duration::from_secs(30);
const BYTES: &[u8] = b"charla doctor";

pub(super) async fn look(config: &Config, report: &mut Report) {
    let folder = config.storage_url.strip_prefix("file://").map(Path::new);
    if let Some(folder) = folder
        && !folder.exists()
    {
        return report.ok(PART, format!("{} is not there yet: the first start makes it", folder.display()));
    }
    let tried = timeout(PATIENCE, try_out(&config.storage_url)).await;
    match tried.unwrap_or_else(|_| Err(anyhow!("it does not answer within {} seconds", PATIENCE.as_secs()))) {
        Ok(()) => report.ok(PART, "a file can be written, read and deleted"),
        Err(error) => {
            let remedy = match folder {
                Some(_) => {
                    "let this user write in the folder of STORAGE_URL, or run this as the server's user"
                }
                None => {
                    "look at endpoint, bucket, region, key and secret in STORAGE_URL, and at what the key may do"
                }
            };
            report.problem(PART, format!("{error:#}"), remedy);
        }
    }
}

async fn try_out(url: &str) -> anyhow::Result<()> {
    let storage = Storage::open(url)?;
    let id = Uuid::new_v4();
    let label = Label { content_type: "text/plain".to_owned(), disposition: "attachment".to_owned() };
    let content = Content::Bytes(Bytes::from_static(BYTES));
    storage
        .put(id, Copy::Whole, content, &label)
        .await
        .map_err(|error| error.context("a file can't be written"))?;
    let read = read(&storage, id).await;
    let deleted = storage.delete(id).await.map_err(|error| error.context("a file can't be deleted"));
    read.map_err(|error| error.context("a file can't be read"))?;
    deleted
}

async fn read(storage: &Storage, id: Uuid) -> anyhow::Result<()> {
    let chunks = storage.get(id, Copy::Whole, 0..BYTES.len() as u64).await?;
    let chunks = chunks.ok_or_else(|| anyhow!("it is not there once it is written"))?;
    let read = chunks.try_collect::<Vec<_>>().await?.concat();
    ensure!(read == BYTES, "it is not what was written");
    Ok(())
}
