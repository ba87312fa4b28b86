//! People.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, UserId, null, object};

/// As much of a person as stands beside a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserSummary {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// A program writes there, and no person.
    pub is_bot: bool,
}

/// What the viewer has with a person. `blocked` is for who has blocked them: who was blocked is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Friendship {
    #[serde(rename = "self")]
    Oneself,
    None,
    Outgoing,
    Incoming,
    Friends,
    Blocked,
}

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// A program writes there, and no person.
    pub is_bot: bool,
    pub bio: String,
    pub is_online: bool,
    #[schema(required)]
    pub last_seen: Option<Timestamp>,
    pub friendship: Friendship,
}

/// The languages the product speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    En,
    Es,
}

impl Language {
    /// The BCP 47 tag.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The language of a BCP 47 tag such as `es-MX`, if the product speaks it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "es" => Some(Self::Es),
            _ => None,
        }
    }
}

/// From whom somebody takes direct messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirectMessages {
    #[default]
    Everyone,
    Friends,
}

/// An account's own choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserSettings {
    pub direct_messages: DirectMessages,
    /// Mutual: who hides theirs does not see others'.
    pub show_last_seen: bool,
    /// Mutual: who hides theirs does not see others'.
    pub send_read_receipts: bool,
}

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    pub user: User,
    #[schema(required)]
    pub email: Option<String>,
    /// Whether a link that was mailed to the address has come back.
    pub email_verified: bool,
    /// Whether signing in takes a code beside the password.
    pub two_factor: bool,
    #[schema(required)]
    pub phone_number: Option<String>,
    #[schema(required)]
    pub language: Option<Language>,
    pub is_staff: bool,
    pub is_superuser: bool,
    pub date_joined: Timestamp,
    pub settings: UserSettings,
    /// Bytes that a file may have which is brought in here.
    pub max_upload_size: u64,
    /// Whether one may make a public room, or make a room public.
    pub may_publish_rooms: bool,
}

/// `DELETE /api/v1/users/me/`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeleteMe {
    pub password: String,
}

/// `PATCH /api/v1/users/me/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateMe {
    /// Where it is empty or `null`, the username stands in.
    #[serde(default, deserialize_with = "null::as_empty", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub display_name: Option<String>,
    /// `null` clears it.
    #[serde(default, deserialize_with = "null::as_empty", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub bio: Option<String>,
    /// `null` clears it.
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub phone_number: Option<Option<String>>,
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = Email, max_length = 254)]
    pub email: Option<String>,
    /// `null`: whatever language a request asks for.
    #[serde(default, deserialize_with = "null::as_none", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Language>)]
    pub language: Option<Option<Language>>,
    #[serde(default, deserialize_with = "object::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = UpdateSettings)]
    pub settings: Option<UpdateSettings>,
}

/// The part of the settings to change.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct UpdateSettings {
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = DirectMessages)]
    pub direct_messages: Option<DirectMessages>,
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool)]
    pub show_last_seen: Option<bool>,
    #[serde(default, deserialize_with = "null::refused", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool)]
    pub send_read_receipts: Option<bool>,
}
