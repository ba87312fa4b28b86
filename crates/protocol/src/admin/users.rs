//! Accounts, as staff see them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, null, rooms::wire_names, sanctions::Sanction, users::UserSummary};

/// Which accounts are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    Active,
    Inactive,
    Muted,
    Banned,
}

/// What somebody is on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserRole {
    /// Neither staff nor superuser.
    Person,
    Staff,
    Superuser,
}

/// What a list of accounts is ordered by; with `-` the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum UserSort {
    #[serde(rename = "username")]
    Username,
    #[serde(rename = "-username")]
    UsernameDescending,
    #[serde(rename = "date_joined")]
    DateJoined,
    #[default]
    #[serde(rename = "-date_joined")]
    DateJoinedDescending,
    #[serde(rename = "last_seen")]
    LastSeen,
    #[serde(rename = "-last_seen")]
    LastSeenDescending,
}

/// An account, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdminUser {
    #[serde(flatten)]
    pub user: UserSummary,
    #[schema(required)]
    pub email: Option<String>,
    pub email_verified: bool,
    pub is_active: bool,
    pub is_staff: bool,
    pub is_superuser: bool,
    pub date_joined: Timestamp,
    #[schema(required)]
    pub last_seen: Option<Timestamp>,
    /// Whether signing in takes a code beside the password.
    pub has_two_factor: bool,
    /// The mute or ban that is in force: a ban before a mute, the longest of them.
    #[schema(required)]
    pub sanction: Option<Sanction>,
}

/// What an account has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserCounts {
    /// Rooms they are in.
    pub rooms: u64,
    /// Messages they have sent, deleted ones too.
    pub messages: u64,
    /// Files in messages.
    pub uploads: u64,
    pub upload_bytes: u64,
    /// Devices that are signed in.
    pub sessions: u64,
}

/// An account, and how much it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdminUserDetail {
    #[serde(flatten)]
    pub user: AdminUser,
    pub counts: UserCounts,
}

/// `PATCH /api/v1/admin/users/{id}/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UpdateUser {
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, min_length = 3, max_length = 64)]
    pub username: Option<String>,
    /// Not verified by that. `null` takes it away.
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    pub email: Option<Option<String>>,
    /// Who is not active is signed out everywhere, and can't sign in.
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool)]
    pub is_active: Option<bool>,
    /// For superusers to change.
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool)]
    pub is_staff: Option<bool>,
}

/// A link by which somebody chooses a new password. It is shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResetLink {
    pub url: String,
    pub expires_at: Timestamp,
}

wire_names!(UserStatus { Active => "active", Inactive => "inactive", Muted => "muted", Banned => "banned" });
wire_names!(UserRole { Person => "person", Staff => "staff", Superuser => "superuser" });
wire_names!(UserSort {
    Username => "username",
    UsernameDescending => "-username",
    DateJoined => "date_joined",
    DateJoinedDescending => "-date_joined",
    LastSeen => "last_seen",
    LastSeenDescending => "-last_seen",
});
