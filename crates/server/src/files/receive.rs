//! An upload on its way in: a form with one file, streamed into a temporary file that has no name, so that nothing of it is left
//! behind however this ends.

use std::{fs::File, path::Path, time::Duration};

use axum::{
    body::{Body, BodyDataStream},
    extract::Request,
};
use bytes::Bytes;
use charla_protocol::ErrorCode;
use futures_util::StreamExt;
use http::{HeaderMap, header};
use tokio::io::AsyncWriteExt;

use super::{
    multipart::{self, Broken, Multipart},
    name,
};
use crate::{
    error::{Error, Result},
    extract::is_nothing,
};

/// What the form may have around the file.
const AROUND: u64 = 256 * 1024;
/// How long an upload may take in all. Each piece of it has its own time (`listen.rs`).
const UPLOAD_TIME: Duration = Duration::from_secs(3600);
/// Bytes of a refused upload that are read and forgotten, and for how long: a connection that ends with something unread
/// resets, and takes the answer with it.
const READ_ALL_THE_SAME: usize = 64 * 1024 * 1024;
const READ_FOR: Duration = Duration::from_secs(10);

/// A file as it came.
#[derive(Debug)]
pub struct Received {
    pub file: File,
    /// Bytes; at least one.
    pub size: u64,
    /// Without folders; at most 255 characters, not blank.
    pub name: String,
}

/// A request whose file has not been read.
#[derive(Debug)]
pub struct Receiving {
    headers: HeaderMap,
    body: BodyDataStream,
    /// There is neither a body nor a word of its type.
    is_nothing: bool,
}

impl Receiving {
    pub fn new(request: Request) -> Self {
        let is_nothing = is_nothing(&request);
        let (parts, body) = request.into_parts();
        Self { headers: parts.headers, body: Body::into_data_stream(body), is_nothing }
    }

    /// Refuses it without reading its file.
    pub fn refuse(self, error: Error) -> Error {
        // Who asks first need not send it.
        if !self.headers.contains_key(header::EXPECT) {
            tokio::spawn(tokio::time::timeout(READ_FOR, forget(self.body)));
        }
        error
    }
}

async fn forget(mut body: BodyDataStream) {
    let mut length = 0;
    while let Some(Ok(chunk)) = body.next().await {
        length += chunk.len();
        if length > READ_ALL_THE_SAME {
            return;
        }
    }
}

/// Takes the file of a form: its part `file`. It is kept below `folder` until it is dropped.
///
/// # Errors
/// `unsupported_media_type` for what is no form, unless it is nothing at all; `payload_too_large` past `limit` bytes, before any is read where the request
/// says how long it is; `malformed_body`; `validation_failed` where there is no file, more than one, or an empty one.
pub async fn receive(mut receiving: Receiving, folder: &Path, limit: u64) -> Result<Received> {
    let boundary = match multipart::boundary(&receiving.headers) {
        None if receiving.is_nothing => return Err(Error::field("file", "required")),
        None => return Err(receiving.refuse(Error::new(ErrorCode::UnsupportedMediaType))),
        Some(Err(broken)) => return Err(receiving.refuse(broken.refused(limit))),
        Some(Ok(boundary)) => boundary,
    };
    if content_length(&receiving.headers).is_some_and(|length| length > limit.saturating_add(AROUND)) {
        return Err(receiving.refuse(Error::too_large(limit)));
    }
    let form = Multipart::new(&mut receiving.body, &boundary, limit.saturating_add(AROUND));
    match tokio::time::timeout(UPLOAD_TIME, read(form, folder, limit)).await {
        Ok(Ok(received)) => Ok(received),
        Ok(Err(error)) => Err(receiving.refuse(error)),
        Err(_) => Err(Error::new(ErrorCode::MalformedBody)),
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

type Form<'a> = Multipart<&'a mut BodyDataStream>;

async fn read(mut form: Form<'_>, folder: &Path, limit: u64) -> Result<Received> {
    let refused = |broken: Broken| broken.refused(limit);
    let mut received = None;
    while let Some(head) = form.next().await.map_err(refused)? {
        if head.name != "file" {
            continue;
        }
        if received.is_some() {
            return Err(Error::field("file", "one_file"));
        }
        let (file, size) = keep(&mut form, folder, limit).await?;
        received = Some(Received { file, size, name: name::kept(&head.file_name) });
    }
    form.finish().await.map_err(refused)?;
    let received = received.ok_or_else(|| Error::field("file", "required"))?;
    if received.size == 0 {
        return Err(Error::field("file", "empty_file"));
    }
    Ok(received)
}

/// Writes the part into a file without a name.
async fn keep(form: &mut Form<'_>, folder: &Path, limit: u64) -> Result<(File, u64)> {
    let folder = folder.to_owned();
    let open = move || {
        std::fs::create_dir_all(&folder)?;
        tempfile::tempfile_in(&folder)
    };
    let opened = tokio::task::spawn_blocking(open).await.map_err(Error::internal)?;
    let mut file = tokio::fs::File::from_std(opened.map_err(cannot_keep)?);
    let mut size = 0;
    while let Some(chunk) = form.chunk().await.map_err(|broken| broken.refused(limit))? {
        size += length(&chunk);
        if size > limit {
            return Err(Error::too_large(limit));
        }
        file.write_all(&chunk).await.map_err(cannot_keep)?;
    }
    file.flush().await.map_err(cannot_keep)?;
    Ok((file.into_std().await, size))
}

fn length(chunk: &Bytes) -> u64 {
    chunk.len() as u64
}

/// The disk is full, say.
fn cannot_keep(error: std::io::Error) -> Error {
    tracing::error!(%error, "an upload can't be kept");
    Error { retry_after: Some(60), ..Error::new(ErrorCode::Unavailable) }
}

impl Broken {
    /// The refusal, where a file may have `limit` bytes.
    fn refused(self, limit: u64) -> Error {
        match self {
            Self::Malformed => Error::new(ErrorCode::MalformedBody),
            Self::TooLarge => Error::too_large(limit),
        }
    }
}
