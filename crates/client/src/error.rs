//! What can go wrong between a client and its server.

use std::{collections::BTreeMap, time::Duration};

use charla_protocol::{ErrorCode, Problem, events::ErrorData};

/// The one error type of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered with a problem document.
    #[error("{status} {}: {}", problem.code.as_str(), problem.detail)]
    Problem {
        status: u16,
        problem: Box<Problem>,
        /// From `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Something answered with a failure that is no problem document: a proxy, or a newer server.
    #[error("{status} without a problem document: {body}")]
    Status {
        status: u16,
        body: String,
        /// From `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The server answered an action on a socket with an `error` frame.
    #[error("{}: {}", .0.code.as_str(), .0.detail)]
    Refused(Box<ErrorData>),
    /// No answer: not connected, cut off, or timed out.
    #[error("no answer over HTTP")]
    Transport(#[from] reqwest::Error),
    /// The WebSocket could not be opened, or broke.
    #[error("the WebSocket failed")]
    Socket(#[from] Box<tokio_tungstenite::tungstenite::Error>),
    /// A file to send could not be read.
    #[error("can't read the file")]
    File(#[source] std::io::Error),
    /// The answer is not what the protocol promises.
    #[error("can't read the answer {text:?}")]
    Decode {
        #[source]
        source: serde_json::Error,
        /// What came, cut at 500 characters.
        text: String,
    },
    /// An address or a header that can't be sent.
    #[error("not a valid {what}: {value}")]
    Invalid { what: &'static str, value: String },
    /// The condition did not come true in time.
    #[error("not within {0:?}")]
    Timeout(Duration),
    /// The [`LiveClient`](crate::LiveClient) has ended, with the reason where there is one.
    #[error("the client has ended: {0}")]
    Ended(String),
}

/// The results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The HTTP status of the answer, or the one its code stands for; none where no answer came.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem { status, .. } | Self::Status { status, .. } => Some(*status),
            Self::Refused(error) => Some(error.code.status()),
            _ => None,
        }
    }

    /// The stable code, where the server gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Problem { problem, .. } => Some(problem.code),
            Self::Refused(error) => Some(error.code),
            _ => None,
        }
    }

    /// The members of the request that were rejected, each with what is wrong with it in the reader's language.
    pub fn rejected(&self) -> Option<&BTreeMap<String, Vec<String>>> {
        match self {
            Self::Problem { problem, .. } => problem.errors.as_ref(),
            Self::Refused(error) => error.errors.as_ref(),
            _ => None,
        }
    }

    /// How long the server wants the client to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Problem { retry_after, .. } | Self::Status { retry_after, .. } => *retry_after,
            Self::Refused(error) => error.retry_after.map(Duration::from_secs),
            _ => None,
        }
    }

    /// Whether the server has said no for good: repeating the same call would fail again.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Invalid { .. } | Self::Ended(_) => true,
            _ => self
                .status()
                .is_some_and(|status| (400..500).contains(&status) && !matches!(status, 408 | 429)),
        }
    }

    /// The error of an answer with a failing status.
    pub(crate) fn from_answer(status: u16, retry_after: Option<&str>, body: &[u8]) -> Self {
        let retry_after = retry_after.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        match serde_json::from_slice(body) {
            Ok(problem) => Self::Problem { status, problem: Box::new(problem), retry_after },
            Err(_) => Self::Status { status, body: excerpt(body), retry_after },
        }
    }

    pub(crate) fn decode(source: serde_json::Error, body: &[u8]) -> Self {
        Self::Decode { source, text: excerpt(body) }
    }
}

impl From<tokio_tungstenite::tungstenite::Error> for Error {
    fn from(error: tokio_tungstenite::tungstenite::Error) -> Self {
        Self::Socket(Box::new(error))
    }
}

fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_status(status: u16) -> Error {
        Error::from_answer(status, None, b"")
    }

    #[test]
    fn only_a_4xx_that_waiting_cannot_cure_is_final() {
        for status in [400, 401, 403, 404, 409, 413, 415] {
            assert!(with_status(status).is_final(), "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(!with_status(status).is_final(), "{status}");
        }
    }

    #[test]
    fn a_problem_is_told_from_other_failures() {
        let body = br#"{"type": "about:blank", "title": "t", "status": 429, "detail": "d", "code": "too_many_requests"}"#;
        let error = Error::from_answer(429, Some("7"), body);
        assert_eq!(error.code(), Some(ErrorCode::TooManyRequests));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert!(matches!(Error::from_answer(502, None, b"<html>"), Error::Status { status: 502, .. }));
    }
}
