//! Errors on the wire: RFC 9457 problem details with a stable code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// Stable, machine-readable reason of a failure; the same over REST and WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    MalformedBody,
    MalformedFrame,
    UnknownAction,
    ValidationFailed,
    InvalidCursor,
    ImageTooLarge,
    InvalidImage,
    HostNotAllowed,
    NotAuthenticated,
    InvalidCredentials,
    TwoFactorRequired,
    InvalidToken,
    SessionEnded,
    AccountDisabled,
    Banned,
    Muted,
    Forbidden,
    MissingScope,
    OriginNotAllowed,
    NotAMember,
    RoomClosed,
    RegistrationClosed,
    EmailNotVerified,
    TwoFactorSetupRequired,
    InviteRequired,
    DirectMessagesRefused,
    ContactRefused,
    NotFound,
    InviteInvalid,
    MethodNotAllowed,
    UpgradeRequired,
    Conflict,
    DirectRoom,
    SetupDone,
    LastSuperuser,
    NoMail,
    TooManyInvites,
    PayloadTooLarge,
    UnsupportedMediaType,
    RangeNotSatisfiable,
    TooManyRequests,
    Internal,
    Unavailable,
}

impl ErrorCode {
    /// Every code, for tables and tests.
    pub const ALL: [Self; 43] = [
        Self::MalformedBody,
        Self::MalformedFrame,
        Self::UnknownAction,
        Self::ValidationFailed,
        Self::InvalidCursor,
        Self::ImageTooLarge,
        Self::InvalidImage,
        Self::HostNotAllowed,
        Self::NotAuthenticated,
        Self::InvalidCredentials,
        Self::TwoFactorRequired,
        Self::InvalidToken,
        Self::SessionEnded,
        Self::AccountDisabled,
        Self::Banned,
        Self::Muted,
        Self::Forbidden,
        Self::MissingScope,
        Self::OriginNotAllowed,
        Self::NotAMember,
        Self::RoomClosed,
        Self::RegistrationClosed,
        Self::EmailNotVerified,
        Self::TwoFactorSetupRequired,
        Self::InviteRequired,
        Self::DirectMessagesRefused,
        Self::ContactRefused,
        Self::NotFound,
        Self::InviteInvalid,
        Self::MethodNotAllowed,
        Self::UpgradeRequired,
        Self::Conflict,
        Self::DirectRoom,
        Self::SetupDone,
        Self::LastSuperuser,
        Self::NoMail,
        Self::TooManyInvites,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::RangeNotSatisfiable,
        Self::TooManyRequests,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The code as it stands on the wire, such as `not_found`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MalformedBody => "malformed_body",
            Self::MalformedFrame => "malformed_frame",
            Self::UnknownAction => "unknown_action",
            Self::ValidationFailed => "validation_failed",
            Self::InvalidCursor => "invalid_cursor",
            Self::ImageTooLarge => "image_too_large",
            Self::InvalidImage => "invalid_image",
            Self::HostNotAllowed => "host_not_allowed",
            Self::NotAuthenticated => "not_authenticated",
            Self::InvalidCredentials => "invalid_credentials",
            Self::TwoFactorRequired => "two_factor_required",
            Self::InvalidToken => "invalid_token",
            Self::SessionEnded => "session_ended",
            Self::AccountDisabled => "account_disabled",
            Self::Banned => "banned",
            Self::Muted => "muted",
            Self::Forbidden => "forbidden",
            Self::MissingScope => "missing_scope",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::NotAMember => "not_a_member",
            Self::RoomClosed => "room_closed",
            Self::RegistrationClosed => "registration_closed",
            Self::EmailNotVerified => "email_not_verified",
            Self::TwoFactorSetupRequired => "two_factor_setup_required",
            Self::InviteRequired => "invite_required",
            Self::DirectMessagesRefused => "direct_messages_refused",
            Self::ContactRefused => "contact_refused",
            Self::NotFound => "not_found",
            Self::InviteInvalid => "invite_invalid",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UpgradeRequired => "upgrade_required",
            Self::Conflict => "conflict",
            Self::DirectRoom => "direct_room",
            Self::SetupDone => "setup_done",
            Self::LastSuperuser => "last_superuser",
            Self::NoMail => "no_mail",
            Self::TooManyInvites => "too_many_invites",
            Self::PayloadTooLarge => "payload_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::RangeNotSatisfiable => "range_not_satisfiable",
            Self::TooManyRequests => "too_many_requests",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status this code is answered with.
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedBody
            | Self::MalformedFrame
            | Self::UnknownAction
            | Self::ValidationFailed
            | Self::InvalidCursor
            | Self::ImageTooLarge
            | Self::InvalidImage
            | Self::HostNotAllowed => 400,
            Self::NotAuthenticated
            | Self::InvalidCredentials
            | Self::TwoFactorRequired
            | Self::InvalidToken
            | Self::SessionEnded => 401,
            Self::AccountDisabled
            | Self::Banned
            | Self::Muted
            | Self::Forbidden
            | Self::MissingScope
            | Self::OriginNotAllowed
            | Self::NotAMember
            | Self::RoomClosed
            | Self::RegistrationClosed
            | Self::EmailNotVerified
            | Self::TwoFactorSetupRequired
            | Self::InviteRequired
            | Self::DirectMessagesRefused
            | Self::ContactRefused => 403,
            Self::NotFound | Self::InviteInvalid => 404,
            Self::MethodNotAllowed => 405,
            Self::UpgradeRequired => 426,
            Self::Conflict
            | Self::DirectRoom
            | Self::SetupDone
            | Self::LastSuperuser
            | Self::NoMail
            | Self::TooManyInvites => 409,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::RangeNotSatisfiable => 416,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

/// An `application/problem+json` body (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Address of the explanation of this kind of problem, on this server.
    #[serde(rename = "type")]
    pub type_: String,
    /// What went wrong in general, in the reader's language.
    pub title: String,
    pub status: u16,
    /// What went wrong this time, in the reader's language.
    pub detail: String,
    pub code: ErrorCode,
    /// For a rejected field: its name and what is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<BTreeMap<String, Vec<String>>>,
    /// When a mute or a ban ends; left out where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Names this request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// With `two_factor_required`: what `auth/login/two_factor/` takes beside a code, within five minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_factor_token: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_and_named_as_it_is_serialised() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(ErrorCode::ALL.iter().filter(|other| **other == code).count(), 1);
            assert!((400..=599).contains(&code.status()));
        }
    }
}
