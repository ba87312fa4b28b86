//! A second factor for signing in: codes of an authenticator (TOTP, RFC 6238), and recovery codes that stand in for it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// `GET auth/two_factor/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TwoFactor {
    /// Since when signing in takes a code; `null` where it takes none.
    #[schema(required)]
    pub enabled_at: Option<Timestamp>,
    /// Recovery codes that have not been used.
    pub recovery_codes_left: u64,
    /// Whether the server asks the account for it.
    pub is_required: bool,
}

/// A new secret for an authenticator. It counts once a code of it has come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TwoFactorSetup {
    /// In Base32, to be typed.
    pub secret: String,
    /// The same as an authenticator reads it from a QR code: `otpauth://totp/…`.
    pub otpauth_uri: String,
}

/// What a change of the second factor takes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TwoFactorProof {
    pub password: String,
    /// What the authenticator shows; where the second factor is on already, a recovery code is as good.
    pub code: String,
}

/// Codes that stand in for the authenticator, each good once. They are shown this one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

/// `POST auth/login/two_factor/`: goes on where `auth/login/` has answered `two_factor_required`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TwoFactorLogin {
    /// The `two_factor_token` of that answer.
    pub token: String,
    /// What the authenticator shows, or a recovery code.
    pub code: String,
}
