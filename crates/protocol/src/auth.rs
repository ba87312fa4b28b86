//! Accounts and sessions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SessionId, Timestamp, users::Me};

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    #[default]
    Open,
    /// Who has an invite: of a room, or of the server.
    Invite,
    Closed,
}

/// `GET auth/register/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistrationPolicy {
    pub registration: Registration,
    /// Whether the server sends mail. Without, nobody is sent a link to choose a new password.
    pub sends_mail: bool,
    /// Plain text for who comes to sign in; empty for none.
    pub welcome: String,
}

/// `POST auth/register/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Register {
    #[schema(min_length = 3, max_length = 64)]
    pub username: String,
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    #[schema(min_length = 8, max_length = 256)]
    pub password: String,
    pub phone_number: Option<String>,
    /// Where it is left out, empty or `null`, the username stands in.
    #[schema(max_length = 100)]
    pub display_name: Option<String>,
    /// The code of an invite: of a room, which the new account is then in, or of the server. Needed where `REGISTRATION`
    /// is `invite`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub invite: Option<String>,
}

/// `POST auth/setup/`: makes the first administrator, with the link the server printed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Setup {
    pub token: String,
    #[schema(min_length = 3, max_length = 64)]
    pub username: String,
    #[schema(format = Email, max_length = 254)]
    pub email: String,
    #[schema(min_length = 8, max_length = 256)]
    pub password: String,
}

/// `POST auth/login/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Login {
    /// Username or e-mail address.
    pub username: String,
    pub password: String,
}

/// A signed-in account with its tokens.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    pub user: Me,
    /// Good for 15 minutes.
    pub access: String,
    /// Good once, for 30 days.
    pub refresh: String,
}

/// `POST auth/refresh/`: the token, unless it comes as a cookie.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Refresh {
    pub refresh: Option<String>,
}

/// A fresh pair of tokens.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// A signed-in device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    pub id: SessionId,
    /// The session that asks.
    pub is_current: bool,
    pub user_agent: String,
    #[schema(required)]
    pub ip_address: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
}

/// `POST auth/password/change/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangePassword {
    pub old_password: String,
    #[schema(min_length = 8, max_length = 256)]
    pub new_password: String,
}

/// `POST auth/password/reset/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RequestReset {
    #[schema(format = Email, max_length = 254)]
    pub email: String,
}

/// `POST auth/password/reset/confirm/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConfirmReset {
    /// What follows `#token=` in the link of the mail.
    pub token: String,
    #[schema(min_length = 8, max_length = 256)]
    pub new_password: String,
}

/// `POST auth/email/verify/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VerifyEmail {
    /// What follows `#token=` in the link of the mail.
    pub token: String,
}
