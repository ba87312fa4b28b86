//! Bodies, paths and queries, with our own errors where they are wrong.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{FromRequest, FromRequestParts, Request},
};
use bytes::BytesMut;
use charla_protocol::ErrorCode;
use futures_util::StreamExt;
use http::{HeaderMap, header, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use utoipa::ToSchema;

use crate::{error::Error, shape};

/// Bytes past the limit that are read and forgotten.
const READ_ALL_THE_SAME: usize = 4 * 1024 * 1024;
/// How long a JSON body may take in all.
const BODY_TIME: Duration = Duration::from_secs(60);
/// Bytes of a JSON body.
pub const MAX_BODY: usize = 1024 * 1024;

/// Bytes of a JSON body where that is another number: an extension of the request.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

/// A JSON body. 415 for another type, 413 over 1 MiB, 400 for what is no JSON or not of the form, with the fields named. Where
/// there is no body at all, what lacks of it is named, whatever the type.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + ToSchema, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Error> {
        if is_nothing(&request) {
            return Err(lacking::<T>());
        }
        if !is_json(request.headers()) {
            return Err(Error::new(ErrorCode::UnsupportedMediaType));
        }
        match read(request).await? {
            bytes if bytes.is_empty() => Err(lacking::<T>()),
            bytes => from_json(&bytes).map(Self),
        }
    }
}

/// Neither a body nor a word of its type.
pub fn is_nothing(request: &Request) -> bool {
    !request.headers().contains_key(header::CONTENT_TYPE) && request.body().is_end_stream()
}

/// What to say where a body is needed and there is none.
fn lacking<T: DeserializeOwned + ToSchema>() -> Error {
    from_json::<T>(b"{}").err().unwrap_or_else(|| Error::new(ErrorCode::MalformedBody))
}

/// A JSON body, or none at all: `null` is none too.
#[derive(Clone, Copy, Debug)]
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + ToSchema + Default, S: Send + Sync> FromRequest<S> for OptionalJson<T> {
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
        match bytes.trim_ascii() {
            b"null" => Ok(Self(T::default())),
            bytes => from_json(bytes).map(Self),
        }
    }
}

/// All of the body, as far as it may be that long.
async fn read(request: Request) -> Result<Bytes, Error> {
    let limit = request.extensions().get::<BodyLimit>().map_or(MAX_BODY, |limit| limit.0);
    let too_large = || Error::too_large(limit as u64);
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

/// Reads JSON, naming the fields that do not fit.
///
/// # Errors
/// `malformed_body` for what is no JSON object, else `validation_failed`.
pub fn from_json<T: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<T, Error> {
    let malformed = || Error::new(ErrorCode::MalformedBody);
    // Every body is an object. A list would be taken for one, its members in the order in which they are declared.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(malformed());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        // A member may be found wrong before the end of what turns out to be no JSON.
        serde_json::from_slice(bytes).map_or_else(|_| malformed(), |body| rejected::<T>(&error, &body))
    })?;
    deserializer.end().map_err(|_| malformed())?;
    Ok(value)
}

/// Names the fields of the `body` that do not fit: all that its schema finds, else the one at which serde gave up.
fn rejected<T: ToSchema>(error: &serde_path_to_error::Error<serde_json::Error>, body: &Value) -> Error {
    // The body as a whole is of the wrong kind: a text, say.
    if !body.is_object() {
        return Error::new(ErrorCode::MalformedBody);
    }
    let faults = shape::faults::<T>(body);
    if !faults.is_empty() {
        return Error::fields(faults);
    }
    let path = error.path().to_string();
    match path.as_str() {
        "." => Error::new(ErrorCode::MalformedBody),
        _ if value_at(body, error.path()).is_some_and(Value::is_null) => Error::field(path, "required"),
        _ => Error::field(path, "invalid"),
    }
}

/// The name of the member that lacks, of serde's message that says so.
fn missing(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `")?.split('`').next()
}

/// The values that there are, of serde's message that one is none of them. What was sent stands in it too, before them.
fn choices(text: &str) -> Option<impl Iterator<Item = &str>> {
    let (_, values) = text.strip_prefix("unknown variant `")?.rsplit_once("`, expected ")?;
    Some(values.split('`').skip(1).step_by(2))
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
            let path = error.path().to_string();
            match (missing(&text), choices(&text)) {
                (Some(name), _) => Error::field(name, "required"),
                (_, Some(values)) => Error::fields(vec![shape::choose_one(&path, values)]),
                _ if path == "." => Error::field("query", "invalid"),
                _ => Error::field(path, "invalid"),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use charla_protocol::{
        invites::CreateInvite,
        rooms::{CreateRoom, UpdateRoom},
        users::{DeleteMe, UpdateMe},
    };

    use super::*;

    /// The code, and for each rejected field its name and reason.
    fn refusal<T: DeserializeOwned + ToSchema>(
        body: &str,
    ) -> Option<(ErrorCode, Vec<(String, &'static str)>)> {
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
            (r#"{"name": 1, "room_type": "group"}"#, rejected("name", "no_text")),
            (r#"{"name": "x", "room_type": null}"#, rejected("room_type", "required")),
            (r#"{"name": "x", "room_type": 1}"#, rejected("room_type", "choose_one")),
            (
                r#"{"name": "x", "room_type": "group", "participants": ["y"]}"#,
                rejected("participants[0]", "no_id"),
            ),
            (r#"{"name": "x", "room_type": "group", "topic": null, "other": 1}"#, None),
        ] {
            assert_eq!(refusal::<CreateRoom>(body), expected, "{body}");
        }
        for (body, expected) in [
            (r#"{"settings": []}"#, rejected("settings", "no_object")),
            (r#"{"settings": null}"#, rejected("settings", "required")),
            (r#"{"settings": {"show_last_seen": null}}"#, rejected("settings.show_last_seen", "required")),
            (r#"{"settings": {"show_last_seen": 1}}"#, rejected("settings.show_last_seen", "no_switch")),
            (r#"{"settings": {}, "bio": null}"#, None),
        ] {
            assert_eq!(refusal::<UpdateMe>(body), expected, "{body}");
        }
    }

    /// What the schema has no word for is serde's to name.
    #[test]
    fn a_number_past_all_bounds_is_named_too() {
        let body = r#"{"max_uses": 9223372036854775808}"#;
        let rejected = Some((ErrorCode::ValidationFailed, vec![("max_uses".to_owned(), "invalid")]));
        assert_eq!(refusal::<CreateInvite>(body), rejected);
    }

    #[test]
    fn where_there_is_no_body_what_lacks_is_named() {
        let error = lacking::<DeleteMe>();
        assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::ValidationFailed, "password"));
        assert_eq!(lacking::<UpdateMe>().code, ErrorCode::MalformedBody, "nothing lacks");
    }

    #[test]
    fn the_values_of_a_query_are_read_from_the_message() {
        let values = |text| choices(text).map(Iterator::collect::<Vec<_>>);
        assert_eq!(values("unknown variant `x`, expected `a` or `b`"), Some(vec!["a", "b"]));
        let sent = "unknown variant `x`, expected `c`, expected one of `a`, `b`, `d`";
        assert_eq!(values(sent), Some(vec!["a", "b", "d"]));
        assert_eq!(values("invalid digit found in string"), None);
    }
}
