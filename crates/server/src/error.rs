//! The one error of the service. It becomes problem+json, or an `error` frame, in the reader's language, at the edge.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use charla_permissions::Denied;
use charla_protocol::{ErrorCode, Problem, Timestamp, users::Language};
use http::{HeaderValue, StatusCode, header};

use crate::{
    api::docs,
    i18n::{self, Args},
};

/// Why a request failed, without words: those come with the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: ErrorCode,
    /// Rejected fields, with what is wrong with them.
    pub fields: Vec<FieldError>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
    /// Bytes that may come at most, where more came.
    pub limit: Option<u64>,
    /// What goes on with a sign-in that waits for a code.
    pub two_factor_token: Option<String>,
    /// When a mute or a ban ends; none where it does not.
    pub until: Option<Timestamp>,
}

/// What is wrong with a field: a key of the dictionaries below `field-`, with its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub reason: &'static str,
    pub args: Args,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn new(code: ErrorCode) -> Self {
        Self { code, fields: Vec::new(), retry_after: None, limit: None, until: None, two_factor_token: None }
    }

    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound)
    }

    /// A rejected field. `reason` is a key of the dictionaries below `field-`.
    pub fn field(field: impl Into<String>, reason: &'static str) -> Self {
        Self::fields(vec![FieldError::new(field, reason)])
    }

    /// Several rejected fields.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(ErrorCode::ValidationFailed) }
    }

    pub fn too_many(retry_after: u64) -> Self {
        Self { retry_after: Some(retry_after.max(1)), ..Self::new(ErrorCode::TooManyRequests) }
    }

    /// More came than the `limit`, in bytes.
    pub fn too_large(limit: u64) -> Self {
        Self { limit: Some(limit), ..Self::new(ErrorCode::PayloadTooLarge) }
    }

    /// Logs what must not reach the client, once, and stands for it.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(ErrorCode::Internal)
    }

    /// What went wrong this time.
    pub fn detail(&self, language: Language) -> String {
        let mut args = Args::new();
        if let Some(seconds) = self.retry_after {
            args.push(("seconds", seconds.to_string()));
        }
        if let Some(bytes) = self.limit {
            args.push(("limit", i18n::size(bytes)));
        }
        if matches!(self.code, ErrorCode::Banned | ErrorCode::Muted) {
            args.push(("until", self.until.map_or_else(|| "never".to_owned(), i18n::moment)));
        }
        i18n::text(language, &format!("detail-{}", i18n::code_key(self.code)), &args)
    }

    /// The problem+json body.
    pub fn problem(&self, language: Language, request_id: Option<String>) -> Problem {
        Problem {
            type_: format!("{}#{}", docs::ERRORS, self.code.as_str()),
            title: i18n::text(language, &format!("title-{}", i18n::code_key(self.code)), &Args::new()),
            status: self.code.status(),
            detail: self.detail(language),
            code: self.code,
            errors: (!self.fields.is_empty()).then(|| self.field_texts(language)),
            until: self.until,
            request_id,
            two_factor_token: self.two_factor_token.clone(),
        }
    }

    fn field_texts(&self, language: Language) -> BTreeMap<String, Vec<String>> {
        let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for error in &self.fields {
            let text =
                i18n::text(language, &format!("field-{}", error.reason.replace('_', "-")), &error.args);
            texts.entry(error.field.clone()).or_default().push(text);
        }
        texts
    }

    /// The answer in `language`.
    pub fn respond(&self, language: Language, request_id: Option<String>) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self.problem(language, request_id))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl FieldError {
    pub fn new(field: impl Into<String>, reason: &'static str) -> Self {
        Self { field: field.into(), reason, args: Args::new() }
    }

    /// Adds a figure that the text names.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// The words are added by the `localise` middleware, which knows the language.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = StatusCode::from_u16(self.code.status()).unwrap_or_default().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        Self::new(denied.code())
    }
}

impl From<charla_db::Error> for Error {
    fn from(error: charla_db::Error) -> Self {
        use charla_db::Error as Db;
        match error {
            Db::Denied(denied) => denied.into(),
            Db::NotFound => Self::not_found(),
            Db::Rejected { field, reason } => Self::field(field, reason),
            Db::Conflict(code) => Self::new(code),
            Db::Sanctioned { code, until } => Self { until, ..Self::new(code) },
            Db::TooSoon { retry_after } => Self::too_many(retry_after),
            Db::Duplicate => Self::new(ErrorCode::Conflict),
            Db::Busy(ref cause) | Db::Unavailable(ref cause) => {
                tracing::error!(%cause, "the database did not serve a request");
                Self { retry_after: Some(1), ..Self::new(ErrorCode::Unavailable) }
            }
            Db::ShuttingDown => Self { retry_after: Some(1), ..Self::new(ErrorCode::Unavailable) },
            Db::Database(cause) => Self::internal(cause),
        }
    }
}
