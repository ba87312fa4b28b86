//! Rooms. The row is the lock of its timeline: who changes the timeline raises `revision` here, in the same transaction.

use charla_protocol::rooms::{History, RoomType, Visibility};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rooms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub room_type: String,
    pub visibility: String,
    pub history: String,
    pub name: Option<String>,
    /// The name folded for search.
    pub name_key: String,
    pub slug: String,
    pub topic: String,
    pub avatar_id: Option<Uuid>,
    pub created_by: Option<Uuid>,
    pub is_active: bool,
    pub created_at: i64,
    /// Grows by exactly one with each change of the timeline.
    pub revision: i64,
    pub member_count: i64,
    pub last_message_id: Option<Uuid>,
    /// The seq of the last message.
    pub last_seq: i64,
    /// When the last message came, or the room was made.
    pub last_activity_at: i64,
    /// For a direct room the two user ids, the smaller first; unique.
    pub direct_key: Option<String>,
    /// Seconds that who may not moderate waits between two messages; 0 for none.
    pub slow_mode: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::room_members::Entity")]
    Members,
}

impl Related<super::room_members::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Members.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A private room without a name and without people, in which nothing has been said. `created_at` in milliseconds.
    pub fn blank(id: Uuid, room_type: RoomType, created_by: Uuid, created_at: i64) -> Self {
        Self {
            id,
            room_type: room_type.as_str().to_owned(),
            visibility: Visibility::Private.as_str().to_owned(),
            history: History::All.as_str().to_owned(),
            name: None,
            name_key: String::new(),
            slug: String::new(),
            topic: String::new(),
            avatar_id: None,
            created_by: Some(created_by),
            is_active: true,
            created_at,
            revision: 0,
            member_count: 0,
            last_message_id: None,
            last_seq: 0,
            last_activity_at: created_at,
            direct_key: None,
            slow_mode: 0,
        }
    }

    pub fn room_type(&self) -> RoomType {
        RoomType::from_name(&self.room_type).unwrap_or(RoomType::Group)
    }

    pub fn visibility(&self) -> Visibility {
        Visibility::from_name(&self.visibility).unwrap_or(Visibility::Private)
    }

    pub fn history(&self) -> History {
        History::from_name(&self.history).unwrap_or(History::FromJoin)
    }

    /// The other person of a direct room.
    pub fn other(&self, person: Uuid) -> Option<Uuid> {
        let (low, high) = self.direct_key.as_deref()?.split_once('_')?;
        [low, high].into_iter().filter_map(|id| Uuid::parse_str(id).ok()).find(|id| *id != person)
    }

    /// Where the room's picture is served, if there is one.
    pub fn avatar_url(&self) -> Option<String> {
        self.avatar_id.map(super::files::avatar_url)
    }
}
