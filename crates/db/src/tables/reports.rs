//! Reports of messages and people to staff: one of each reporter and target.

use charla_protocol::{
    MessageId, RoomId, Timestamp,
    reports::{Report, ReportOutcome, ReportReason},
};
use sea_orm::entity::prelude::*;

use crate::queries::summaries::People;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reporter_id: Uuid,
    /// The message, or the person.
    pub target_id: Uuid,
    /// Who is reported, or has written what is.
    pub user_id: Uuid,
    /// None where a person is reported.
    pub room_id: Option<Uuid>,
    /// What the message said; empty once the report is resolved.
    pub excerpt: String,
    pub reason: String,
    pub note: String,
    pub created_at: i64,
    pub resolved_at: Option<i64>,
    pub resolved_by: Option<Uuid>,
    pub outcome: Option<String>,
    pub resolution: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Who has made it, whom it is about, who has resolved it.
    pub fn people(&self) -> impl Iterator<Item = Uuid> + use<> {
        [Some(self.reporter_id), Some(self.user_id), self.resolved_by].into_iter().flatten()
    }

    /// The report with [`Self::people`]; none where they are not among those.
    pub fn wire(self, people: &People) -> Option<Report> {
        let is_of_message = self.room_id.is_some();
        let reporter = people.get(&self.reporter_id)?.clone();
        let user = people.get(&self.user_id)?.clone();
        let resolved_by = self.resolved_by.and_then(|by| people.get(&by)).cloned();
        Some(Report {
            id: self.id,
            reporter,
            user,
            message_id: is_of_message.then_some(MessageId(self.target_id)),
            room_id: self.room_id.map(RoomId),
            excerpt: (is_of_message && self.resolved_at.is_none()).then_some(self.excerpt),
            reason: ReportReason::from_name(&self.reason).unwrap_or(ReportReason::Other),
            note: self.note,
            created_at: Timestamp::from_millis(self.created_at),
            resolved_at: self.resolved_at.map(Timestamp::from_millis),
            resolved_by,
            outcome: self.outcome.as_deref().and_then(ReportOutcome::from_name),
            resolution: self.resolution,
        })
    }
}
