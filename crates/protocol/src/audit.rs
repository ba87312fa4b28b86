//! The audit log: what was done by the right of an office, for staff to read.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Timestamp, rooms::wire_names, users::UserSummary};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// Somebody else's message. Details: `room_id`, `sender_id`.
    MessageDeleted,
    /// Details: `room_id`.
    MemberAdded,
    /// Details: `room_id`, `role`.
    MemberRemoved,
    /// Details: `room_id`, `from`, `to`.
    RoleChanged,
    /// An invite onto the server. Details: `expires_at`, `max_uses`.
    InviteCreated,
    /// Of the server.
    InviteWithdrawn,
    /// Details: `sanction_id`, `ends_at`.
    PersonWarned,
    /// Details: `sanction_id`, `ends_at`.
    PersonMuted,
    /// Details: `sanction_id`, `ends_at`.
    PersonBanned,
    /// A mute, a ban or a warning. Details: `sanction_id`, `kind`.
    SanctionLifted,
    /// Details: `outcome`, `user_id`.
    ReportResolved,
    /// Details: `changed` (names of what was), and `is_active`, `is_staff` as they are from then on, where they were.
    AccountChanged,
    AccountDeleted,
    /// All of an account's sessions.
    SessionsEnded,
    /// A link by which somebody chooses a new password. Details: `expires_at`.
    ResetLinkCreated,
    /// Details: `changed`, and `visibility` as it is from then on, where it was.
    RoomChanged,
    RoomClosed,
    /// What may change while the server runs. Details: `changed`.
    SettingsChanged,
    /// Somebody else's. Details: `owner_id`.
    BotChanged,
    /// Somebody else's. Details: `owner_id`.
    BotDeleted,
    /// Of somebody else's bot. Details: `owner_id`, `token_id`.
    BotTokenRevoked,
    /// By the link of the first start, or by the command line.
    SuperuserCreated,
    /// By the command line.
    PasswordSet,
    /// The second factor was taken off, by the command line.
    TwoFactorReset,
    /// All that an account holds was taken out by the command line.
    AccountExported,
}

/// Of which kind is what it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditTarget {
    User,
    Message,
    Invite,
    Report,
    Room,
    /// The server itself, whose id is all zeros.
    Server,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Grows by exactly one from entry to entry.
    pub seq: i64,
    pub created_at: Timestamp,
    /// Null for the command line.
    #[schema(required)]
    pub actor: Option<UserSummary>,
    pub action: AuditAction,
    pub target_type: AuditTarget,
    pub target_id: Uuid,
    /// What else there is to say, by action.
    #[schema(value_type = Object)]
    pub details: Value,
    /// The address that it came from.
    #[schema(required)]
    pub address: Option<String>,
    /// By which the server's log names the request; of a socket that of its handshake.
    #[schema(required)]
    pub request_id: Option<Uuid>,
    /// In hexadecimal: of the entry, and of the hash of the one before.
    pub hash: String,
}

/// Whether the log is as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditIntegrity {
    /// Entries that were looked at.
    pub entries: u64,
    pub is_whole: bool,
    /// The first entry that is not what was written, or is not there.
    #[schema(required)]
    pub broken_at: Option<i64>,
}

/// A page of the log, the latest entry first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditLog {
    pub results: Vec<AuditEntry>,
    /// Address of the next page, or null on the last one.
    #[schema(required)]
    pub next: Option<String>,
    /// Address of the page before. Null on the first one.
    #[schema(required)]
    pub previous: Option<String>,
    /// Of the whole log, where that was asked for.
    #[schema(required)]
    pub integrity: Option<AuditIntegrity>,
}

wire_names!(AuditAction {
    MessageDeleted => "message_deleted",
    MemberAdded => "member_added",
    MemberRemoved => "member_removed",
    RoleChanged => "role_changed",
    InviteCreated => "invite_created",
    InviteWithdrawn => "invite_withdrawn",
    PersonWarned => "person_warned",
    PersonMuted => "person_muted",
    PersonBanned => "person_banned",
    SanctionLifted => "sanction_lifted",
    ReportResolved => "report_resolved",
    AccountChanged => "account_changed",
    AccountDeleted => "account_deleted",
    SessionsEnded => "sessions_ended",
    ResetLinkCreated => "reset_link_created",
    RoomChanged => "room_changed",
    RoomClosed => "room_closed",
    SettingsChanged => "settings_changed",
    BotChanged => "bot_changed",
    BotDeleted => "bot_deleted",
    BotTokenRevoked => "bot_token_revoked",
    SuperuserCreated => "superuser_created",
    PasswordSet => "password_set",
    TwoFactorReset => "two_factor_reset",
    AccountExported => "account_exported",
});
wire_names!(AuditTarget {
    User => "user",
    Message => "message",
    Invite => "invite",
    Report => "report",
    Room => "room",
    Server => "server",
});
