//! Bots: accounts that programs use, with tokens that say what these may do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SessionId, Timestamp, null, users::UserSummary};

/// What a bot's token permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Scope {
    /// Messages, their files and reactions; marking them as read; the WebSocket doors.
    #[serde(rename = "messages:read")]
    MessagesRead,
    #[serde(rename = "messages:write")]
    MessagesWrite,
    #[serde(rename = "reactions:write")]
    ReactionsWrite,
    /// Uploads, and the bot's own avatar.
    #[serde(rename = "files:write")]
    FilesWrite,
    /// Rooms, and people.
    #[serde(rename = "rooms:read")]
    RoomsRead,
    #[serde(rename = "rooms:write")]
    RoomsWrite,
    /// Members and invites.
    #[serde(rename = "members:write")]
    MembersWrite,
}

impl Scope {
    /// Every scope, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::MessagesRead,
        Self::MessagesWrite,
        Self::ReactionsWrite,
        Self::FilesWrite,
        Self::RoomsRead,
        Self::RoomsWrite,
        Self::MembersWrite,
    ];
}

crate::rooms::wire_names!(Scope {
    MessagesRead => "messages:read",
    MessagesWrite => "messages:write",
    ReactionsWrite => "reactions:write",
    FilesWrite => "files:write",
    RoomsRead => "rooms:read",
    RoomsWrite => "rooms:write",
    MembersWrite => "members:write",
});

/// A bot, as its owner and staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bot {
    #[serde(flatten)]
    pub user: UserSummary,
    pub bio: String,
    pub owner: UserSummary,
    pub created_at: Timestamp,
    /// Those that are good, the latest made first.
    pub tokens: Vec<BotToken>,
}

/// What is kept of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BotToken {
    pub id: SessionId,
    /// What it is for.
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: Timestamp,
}

/// A token that was made just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewBotToken {
    #[serde(flatten)]
    pub made: BotToken,
    /// For `Authorization: Bearer`. It is shown this once.
    pub token: String,
}

/// `POST /api/v1/bots/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreateBot {
    #[schema(min_length = 3, max_length = 64)]
    pub username: String,
    /// Where it is left out, empty or `null`, the username stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub display_name: Option<String>,
}

/// `PATCH /api/v1/bots/{id}/`: what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UpdateBot {
    /// Where it is empty or `null`, the username stands in.
    #[serde(default, deserialize_with = "null::as_empty", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub display_name: Option<String>,
    /// `null` clears it.
    #[serde(default, deserialize_with = "null::as_empty", skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub bio: Option<String>,
}

/// `POST /api/v1/bots/{id}/tokens/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreateBotToken {
    /// What it is for.
    #[schema(max_length = 100)]
    pub name: String,
    pub scopes: Vec<Scope>,
}
