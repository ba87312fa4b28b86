//! `GET /media/{id}/{name}`.

use std::ops::Range;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use charla_db::{
    queries,
    tables::files::{self, Copy},
};
use charla_protocol::ErrorCode;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    super::problems::{Missing, OutOfRange},
    headers,
    range::{self, Wanted},
};
use crate::{
    App,
    auth::Caller,
    error::{Error, Result},
    extract::{Path, Query},
};

#[derive(Debug, Deserialize)]
pub(super) struct FilePath {
    id: Uuid,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WantedCopy {
    /// A smaller copy of a picture: at most 320 pixels a side, or 1,280. Where there is none, the file itself.
    #[param(inline)]
    size: Option<Size>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Size {
    Small,
    Large,
}

impl WantedCopy {
    fn of(self, file: &files::Model) -> Copy {
        let copy = match self.size {
            None => Copy::Whole,
            Some(Size::Small) => Copy::Small,
            Some(Size::Large) => Copy::Large,
        };
        if file.copy(copy).is_some() { copy } else { Copy::Whole }
    }
}

/// A file, to those who can see its message; an avatar, to everybody who is signed in. The name in the address is for people:
/// any other leads to the same file. `HEAD` answers the same without the bytes.
#[utoipa::path(get, operation_id = "get_file", path = "/media/{id}/{name}", tag = "media", security(("bearer" = []), ("cookie" = [])),
    params(
        ("id" = Uuid, Path),
        ("name" = String, Path),
        WantedCopy,
        ("range" = Option<String>, Header, description = "One range, such as `bytes=0-1023`"),
        ("if-none-match" = Option<String>, Header, description = "The `ETag` of the file that the caller has"),
    ),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "A part of the file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 302, description = "It is in an S3 storage: at this address, for a minute"),
        (status = 304, description = "The caller has it already"), Missing, OutOfRange,
    ))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(path): Path<FilePath>,
    Query(wanted): Query<WantedCopy>,
    method: Method,
    request: HeaderMap,
) -> Result<Response> {
    let found = queries::files::find(app.db.read(), path.id, caller.id()).await?;
    let found = found.filter(|found| found.is_visible_to(caller.id()));
    let file = found.ok_or_else(Error::not_found)?.file;
    let copy = wanted.of(&file);
    if let Some(link) = app.storage.link(method.clone(), file.id, copy).await.map_err(Error::internal)? {
        return headers::elsewhere(&link);
    }
    let etag = headers::etag(&file, copy);
    let mut response = if headers::is_known(&request, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (size, _) = file.copy(copy).ok_or_else(Error::not_found)?;
        match range::wanted(&request, size, &etag) {
            Wanted::Nothing => return Ok(out_of_range(size)),
            Wanted::Whole => send(&app, file.id, copy, 0..size, &method).await?,
            Wanted::Part(range) => {
                let bounds = content_range(&format!("bytes {}-{}/{size}", range.start, range.end - 1))?;
                let mut response = send(&app, file.id, copy, range, &method).await?;
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                response.headers_mut().insert(header::CONTENT_RANGE, bounds);
                response
            }
        }
    };
    headers::describe(response.headers_mut(), &file, copy, &etag);
    Ok(response)
}

/// These bytes of the file, or for `HEAD` no more than their number.
async fn send(app: &App, id: Uuid, copy: Copy, range: Range<u64>, method: &Method) -> Result<Response> {
    let length = range.end - range.start;
    let body = if length == 0 || method == Method::HEAD {
        Body::empty()
    } else {
        let chunks = app.storage.get(id, copy, range).await.map_err(Error::internal)?;
        Body::from_stream(chunks.ok_or_else(|| lost(id))?)
    };
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

/// The database knows the file, the storage does not.
fn lost(id: Uuid) -> Error {
    tracing::error!(file = %id, "the file is not in the storage");
    Error::not_found()
}

fn out_of_range(size: u64) -> Response {
    let mut response = Error::new(ErrorCode::RangeNotSatisfiable).into_response();
    if let Ok(bounds) = content_range(&format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, bounds);
    }
    response
}

fn content_range(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(Error::internal)
}
