//! `GET /api/v1/users/me/export/`.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};
use http::{HeaderValue, Method, header};
use tokio::{fs::File, io::AsyncReadExt};

use super::super::problems::TooOften;
use crate::{
    App,
    auth::Caller,
    deadline::Unhurried,
    error::{Error, Result},
    export::{self, Turn},
    files::Seat,
};

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// Everything that the account holds, as a ZIP archive of JSON and files. What others have written is not in it. An account gets
/// one at a time, and five an hour; a node makes two at once.
#[utoipa::path(get, operation_id = "export_me", path = "/api/v1/users/me/export/", tag = "users", security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>), TooOften))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    method: Method,
    _: Unhurried,
) -> Result<Response> {
    if method == Method::HEAD {
        return Ok(as_archive(Body::empty().into_response()));
    }
    let Turn { account, maker } = app.exports.begin(caller.id())?;
    app.limits.export(caller.id())?;
    let file = export::write(&app, &caller.user).await.map_err(Error::internal)?;
    drop(maker);
    let length = file.metadata().await.map_err(Error::internal)?.len();
    let sending = Sending { file, left: length, account: Some(account) };
    let mut response = as_archive(Body::from_stream(chunks(sending)).into_response());
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

fn as_archive(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    let name = HeaderValue::from_static("attachment; filename=\"charla.zip\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    response
}

/// An archive on its way out.
struct Sending {
    file: File,
    /// Bytes that have not been read.
    left: u64,
    /// Given back with the last of them: who has got all may ask again at once.
    account: Option<Seat>,
}

fn chunks(sending: Sending) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(sending, async |mut sending| {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let read = sending.file.read_buf(&mut chunk).await?;
        sending.left = sending.left.saturating_sub(read as u64);
        sending.account = sending.account.filter(|_| sending.left > 0);
        Ok((read > 0).then(|| (chunk.freeze(), sending)))
    })
}
