//! Bodies, paths and queries, with our own errors where they are wrong.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
};
use bytes::BytesMut;
use charla_protocol::ErrorCode;
use futures_util::StreamExt;
use http::{HeaderMap, header, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::error::Error;

/// Bytes past the limit that are read and forgotten.
const READ_ALL_THE_SAME: usize = 4 * 1024 * 1024;
/// How long a JSON body may take in all.
const BODY_TIME: Duration = Duration::from_secs(60);
/// Bytes of a JSON body.
pub const MAX_BODY: usize = 1024 * 1024;

/// Bytes of a JSON body where that is another number: an extension of the request.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

/// A JSON body. 415 for another type, 413 over 1 MiB, 400 for what is no JSON or not of the form, with the field named.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Error> {
        if !is_json(request.headers()) {
            return Err(Error::new(ErrorCode::UnsupportedMediaType));
        }
        from_json(&read(request).await?).map(Self)
    }
}

/// A JSON body, or none at all: `null` is none too.
#[derive(Clone, Copy, Debug)]
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Error> {
        let is_json = is_json(request.headers());
        let bytes = read(request).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        if !is_json {
            return Err(Error::new(ErrorCode::UnsupportedMediaType));
        }
        from_json(&bytes).map(|body: Option<T>| Self(body.unwrap_or_default()))
    }
}

/// All of the body, as far as it may be that long.
async fn read(request: Request) -> Result<Bytes, Error> {
    let limit = request.extensions().get::<BodyLimit>().map_or(MAX_BODY, |limit| limit.0);
    let too_large = || Error::new(ErrorCode::PayloadTooLarge);
    let headers = request.headers();
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    // Who asks first need not send it.
    if headers.contains_key(header::EXPECT) && length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    match tokio::time::timeout(BODY_TIME, collect(request.into_body(), limit)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_)) | Err(_) => Err(Error::new(ErrorCode::MalformedBody)),
    }
}

/// None where it is longer than the limit. Some of what is too much is read all the same: a connection that ends with
/// something unread resets, and takes the answer with it.
async fn collect(body: Body, limit: usize) -> Result<Option<Bytes>, axum::Error> {
    let (mut chunks, mut bytes, mut length) = (body.into_data_stream(), BytesMut::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        length += chunk.len();
        if length <= limit {
            bytes.extend_from_slice(&chunk);
        } else if length > limit + READ_ALL_THE_SAME {
            break;
        }
    }
    Ok((length <= limit).then(|| bytes.freeze()))
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Reads JSON, naming the field that does not fit.
///
/// # Errors
/// `malformed_body` for what is no JSON object, else `validation_failed`.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let malformed = || Error::new(ErrorCode::MalformedBody);
    // Every body is an object. A list would be taken for one, its members in the order in which they are declared.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(malformed());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        // A member may be found wrong before the end of what turns out to be no JSON.
        serde_json::from_slice(bytes).map_or_else(|_| malformed(), |body| rejected(&error, &body))
    })?;
    deserializer.end().map_err(|_| malformed())?;
    Ok(value)
}

/// Names the field of the `body` that does not fit.
fn rejected(error: &serde_path_to_error::Error<serde_json::Error>, body: &Value) -> Error {
    let path = error.path().to_string();
    let text = error.inner().to_string();
    if let Some(name) = missing(&text) {
        let field = if path == "." { name.to_owned() } else { format!("{path}.{name}") };
        return Error::field(field, "required");
    }
    match path.as_str() {
        // The body as a whole is of the wrong kind: a list, say.
        "." => Error::new(ErrorCode::MalformedBody),
        _ if value_at(body, error.path()).is_some_and(Value::is_null) => Error::field(path, "required"),
        _ => Error::field(path, "invalid"),
    }
}

/// The name of the member that lacks, of serde's message that says so.
fn missing(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `")?.split('`').next()
}

fn value_at<'a>(body: &'a Value, path: &serde_path_to_error::Path) -> Option<&'a Value> {
    path.iter().try_fold(body, |value, segment| match segment {
        Segment::Map { key } => value.get(key),
        Segment::Seq { index } => value.get(index),
        Segment::Enum { .. } | Segment::Unknown => Some(value),
    })
}

/// Parts of the path. What does not fit is not there: 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| Error::not_found())
    }
}

/// The query string. 400 for what does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        let text = parts.uri.query().unwrap_or_default();
        let pairs = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(text.as_bytes()));
        serde_path_to_error::deserialize(pairs).map(Self).map_err(|error| {
            let text = error.inner().to_string();
            match (error.path().to_string().as_str(), missing(&text)) {
                (_, Some(name)) => Error::field(name, "required"),
                (".", None) => Error::field("query", "invalid"),
                (path, None) => Error::field(path, "invalid"),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use charla_protocol::{
        rooms::{CreateRoom, UpdateRoom},
        users::UpdateMe,
    };

    use super::*;

    /// The code, and for each rejected field its name and reason.
    fn refusal<T: DeserializeOwned>(body: &str) -> Option<(ErrorCode, Vec<(String, &'static str)>)> {
        let error = from_json::<T>(body.as_bytes()).err()?;
        Some((error.code, error.fields.into_iter().map(|error| (error.field, error.reason)).collect()))
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        for body in
            ["", "{", "{\"name\":1", "{} x", "{\"name\":1,}", "[]", " [\"x\"]", "null", "\"x\"", "1", "\u{0}"]
        {
            assert_eq!(refusal::<UpdateRoom>(body), Some((ErrorCode::MalformedBody, Vec::new())), "{body}");
        }
    }

    #[test]
    fn the_member_that_does_not_fit_is_named() {
        let rejected =
            |field: &str, reason| Some((ErrorCode::ValidationFailed, vec![(field.to_owned(), reason)]));
        for (body, expected) in [
            (r#"{"room_type": "group"}"#, rejected("name", "required")),
            (r#"{"name": null, "room_type": "group"}"#, rejected("name", "required")),
            (r#"{"name": 1, "room_type": "group"}"#, rejected("name", "invalid")),
            (r#"{"name": "x", "room_type": null}"#, rejected("room_type", "required")),
            (r#"{"name": "x", "room_type": 1}"#, rejected("room_type", "invalid")),
            (
                r#"{"name": "x", "room_type": "group", "participants": ["y"]}"#,
                rejected("participants[0]", "invalid"),
            ),
            (r#"{"name": "x", "room_type": "group", "topic": null, "other": 1}"#, None),
        ] {
            assert_eq!(refusal::<CreateRoom>(body), expected, "{body}");
        }
        for (body, expected) in [
            (r#"{"settings": []}"#, rejected("settings", "invalid")),
            (r#"{"settings": null}"#, rejected("settings", "required")),
            (r#"{"settings": {"show_last_seen": null}}"#, rejected("settings.show_last_seen", "required")),
            (r#"{"settings": {"show_last_seen": 1}}"#, rejected("settings.show_last_seen", "invalid")),
            (r#"{"settings": {}, "bio": null}"#, None),
        ] {
            assert_eq!(refusal::<UpdateMe>(body), expected, "{body}");
        }
    }
}
