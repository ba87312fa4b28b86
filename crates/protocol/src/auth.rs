//! Accounts and sessions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SessionId, Timestamp, users::Me};

/// `POST auth/register/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Register {
    pub username: String,
    pub email: String,
    pub password: String,
    pub phone_number: Option<String>,
    pub display_name: Option<String>,
}

/// `POST auth/setup/`: makes the first administrator, with the link the server printed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Setup {
    pub token: String,
    pub username: String,
    pub email: String,
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
    pub new_password: String,
}
