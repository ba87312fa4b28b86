//! Reports of messages and people to staff.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{MessageId, RoomId, Timestamp, UserId, null, rooms::wire_names, users::UserSummary};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    Spam,
    Harassment,
    /// Somebody may come to harm.
    Harm,
    Illegal,
    Other,
}

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportOutcome {
    Dismissed,
    MessageDeleted,
    Warned,
    Muted,
    Banned,
}

/// Which reports are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    #[default]
    Open,
    Resolved,
}

/// `POST /api/v1/reports/`: of a message or of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreateReport {
    #[serde(default)]
    pub message_id: Option<MessageId>,
    #[serde(default)]
    pub user_id: Option<UserId>,
    pub reason: ReportReason,
    /// What else there is to say.
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub note: String,
}

/// What who reports gets: that it was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportReceipt {
    pub id: Uuid,
    pub created_at: Timestamp,
}

/// `PATCH /api/v1/admin/reports/{id}/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResolveReport {
    pub outcome: ReportOutcome,
    /// For other staff to read.
    #[serde(default, deserialize_with = "null::as_default")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub resolution: String,
}

/// A report, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    pub id: Uuid,
    pub reporter: UserSummary,
    /// Who is reported, or has written what is.
    pub user: UserSummary,
    /// Null where a person is reported.
    #[schema(required)]
    pub message_id: Option<MessageId>,
    #[schema(required)]
    pub room_id: Option<RoomId>,
    /// The message as it stood when it was reported; null once the report is resolved.
    #[schema(required)]
    pub excerpt: Option<String>,
    pub reason: ReportReason,
    pub note: String,
    pub created_at: Timestamp,
    #[schema(required)]
    pub resolved_at: Option<Timestamp>,
    #[schema(required)]
    pub resolved_by: Option<UserSummary>,
    #[schema(required)]
    pub outcome: Option<ReportOutcome>,
    pub resolution: String,
}

wire_names!(ReportReason {
    Spam => "spam",
    Harassment => "harassment",
    Harm => "harm",
    Illegal => "illegal",
    Other => "other",
});
wire_names!(ReportOutcome {
    Dismissed => "dismissed",
    MessageDeleted => "message_deleted",
    Warned => "warned",
    Muted => "muted",
    Banned => "banned",
});
wire_names!(ReportState { Open => "open", Resolved => "resolved" });
