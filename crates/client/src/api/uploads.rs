//! `/api/v1/chat/uploads/`, `/media/`, and the pictures of people and rooms.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use charla_protocol::{RoomId, messages::Attachment, rooms::Room, users::Me};
use futures_util::{
    FutureExt, StreamExt,
    future::{self, BoxFuture},
    stream::{self, BoxStream},
};
use reqwest::{
    Method, Response,
    header::LOCATION,
    multipart::{Form, Part},
};
use serde::de::DeserializeOwned;

use crate::{
    Client, Error, Result,
    http::{RawResponse, wants_refresh},
};

/// For one file, from sending to the whole answer.
const TIMEOUT: Duration = Duration::from_secs(3600);

const AVATAR: &str = "/api/v1/users/me/avatar/";

fn room_avatar(room: RoomId) -> String {
    format!("/api/v1/chat/rooms/{room}/avatar/")
}

/// The bytes of a file as they come.
pub type Download = BoxStream<'static, Result<Bytes>>;

impl Client {
    /// Brings in a file that is in memory.
    ///
    /// # Errors
    /// `payload_too_large`, `image_too_large`, `invalid_image`, `validation_failed`, `too_many_requests`.
    pub async fn upload(&self, name: &str, content: impl Into<Bytes>) -> Result<Attachment> {
        self.send_bytes(Method::POST, "/api/v1/chat/uploads/", name, content.into()).await
    }

    /// Brings in a file from the disk, as it is read.
    ///
    /// # Errors
    /// As [`upload`](Self::upload); [`Error::File`] where it can't be read.
    pub async fn upload_file(&self, path: &Path) -> Result<Attachment> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let part = || {
            let (path, name) = (path.to_owned(), name.clone());
            let opening = async move {
                let file = tokio::fs::File::open(path).await?;
                let length = file.metadata().await?.len();
                Ok(Part::stream_with_length(file, length).file_name(name))
            };
            opening.boxed()
        };
        self.send_file(Method::POST, "/api/v1/chat/uploads/", part).await
    }

    /// Replaces one's own picture.
    ///
    /// # Errors
    /// `validation_failed` for what is no picture, and as [`upload`](Self::upload).
    pub async fn set_avatar(&self, content: impl Into<Bytes>) -> Result<Me> {
        self.send_bytes(Method::PUT, AVATAR, "avatar", content.into()).await
    }

    /// Takes one's own picture away.
    ///
    /// # Errors
    /// As every call.
    pub async fn remove_avatar(&self) -> Result<()> {
        self.tell(Method::DELETE, AVATAR).await
    }

    /// Replaces the picture of a room.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `direct_room`, `not_found`, and as [`set_avatar`](Self::set_avatar).
    pub async fn set_room_avatar(&self, room: RoomId, content: impl Into<Bytes>) -> Result<Room> {
        self.send_bytes(Method::PUT, &room_avatar(room), "avatar", content.into()).await
    }

    /// Takes the picture of a room away.
    ///
    /// # Errors
    /// `forbidden`, `room_closed`, `direct_room`, `not_found`.
    pub async fn remove_room_avatar(&self, room: RoomId) -> Result<()> {
        self.tell(Method::DELETE, room_avatar(room)).await
    }

    /// Reads a file: `url` is that of an attachment, or an avatar's. Where the server sends one to its storage, from there.
    ///
    /// # Errors
    /// `not_found`
    pub async fn download(&self, url: &str) -> Result<Download> {
        let generation = self.tokens_generation();
        let answer = match self.open(url).await {
            Err(error) if self.can_refresh() && wants_refresh(&error) => {
                self.renew(generation, error).await?;
                self.open(url).await?
            }
            answer => answer?,
        };
        let chunks = stream::try_unfold(answer, async |mut answer| {
            Ok(answer.chunk().await?.map(|chunk| (chunk, answer)))
        });
        Ok(chunks.boxed())
    }

    async fn open(&self, url: &str) -> Result<Response> {
        let request = self.request_builder(Method::GET, url)?.timeout(TIMEOUT);
        let answer = request.send().await?;
        let elsewhere = answer.headers().get(LOCATION).filter(|_| answer.status().is_redirection());
        match elsewhere.and_then(|address| address.to_str().ok()) {
            // Without the token, which is not for there.
            Some(address) => success(self.plain_get(address).timeout(TIMEOUT).send().await?).await,
            None => success(answer).await,
        }
    }

    async fn send_bytes<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        name: &str,
        content: Bytes,
    ) -> Result<T> {
        let part = || {
            let length = content.len() as u64;
            let part = Part::stream_with_length(content.clone(), length).file_name(name.to_owned());
            future::ready(Ok(part)).boxed()
        };
        self.send_file(method, path, part).await
    }

    /// `part` is asked for again where the access token was no longer good. Its future is boxed, not that of an async closure: with
    /// those a caller could not be moved between threads.
    async fn send_file<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        part: impl Fn() -> BoxFuture<'static, std::io::Result<Part>> + Send + Sync,
    ) -> Result<T> {
        let generation = self.tokens_generation();
        match self.send_part(method.clone(), path, part()).await {
            Err(error) if self.can_refresh() && wants_refresh(&error) => {
                self.renew(generation, error).await?;
                self.send_part(method, path, part()).await?.json()
            }
            answer => answer?.json(),
        }
    }

    async fn send_part(
        &self,
        method: Method,
        path: &str,
        part: BoxFuture<'static, std::io::Result<Part>>,
    ) -> Result<RawResponse> {
        let form = Form::new().part("file", part.await.map_err(Error::File)?);
        let request = self.request_builder(method, path)?.timeout(TIMEOUT).multipart(form);
        self.send_request(request).await?.into_result()
    }
}

/// The answer itself where its status says success.
async fn success(answer: Response) -> Result<Response> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let answer = RawResponse { status, headers, body: answer.bytes().await? };
    Err(answer.into_result().err().unwrap_or(Error::Ended(format!("status {status}"))))
}
