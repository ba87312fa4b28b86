//! The refusals that endpoints share, for the OpenAPI document.

use charla_protocol::Problem;
use utoipa::IntoResponses;

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal: $text:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, IntoResponses)]
            #[response(status = $status, description = $text, content_type = "application/problem+json")]
            pub struct $name(#[expect(dead_code, reason = "only its form is documented")] Problem);
        )+
    };
}

problems! {
    /// 400.
    Rejected = 400: "Malformed, or rejected by validation";
    /// 401.
    Unauthenticated = 401: "Not authenticated";
    /// 403.
    Refused = 403: "Seen, but not allowed";
    /// 404.
    Missing = 404: "Not there, or not to be seen by you";
    /// 409.
    Conflicting = 409: "Does not fit the present state";
    /// 413.
    TooLarge = 413: "Too large";
    /// 415.
    WrongType = 415: "Not JSON";
    /// 416.
    OutOfRange = 416: "The file has no such bytes";
    /// 429.
    TooOften = 429: "Too often; see `Retry-After`";
    /// 503.
    Unavailable = 503: "Not available just now; see `Retry-After`";
}
