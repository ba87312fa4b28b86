//! Who is in which room, as what, and up to where they have read it.

use charla_protocol::{
    Timestamp,
    members::Role,
    rooms::{Notify, Preferences},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// 0 member, 1 admin, 2 owner.
    pub role: i16,
    pub joined_at: i64,
    /// The room's last seq when the member came: what was said before is nothing they have left to read.
    pub joined_seq: i64,
    /// Messages up to this seq can't be seen: history from joining, or cleared by the member.
    pub hidden_seq: i64,
    /// The read cursor.
    pub last_read_seq: i64,
    pub last_read_message_id: Option<Uuid>,
    pub last_read_at: Option<i64>,
    pub notify: String,
    pub muted_until: Option<i64>,
    pub pinned: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::rooms::Entity", from = "Column::RoomId", to = "super::rooms::Column::Id")]
    Room,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::UserId", to = "super::users::Column::Id")]
    User,
}

impl Related<super::rooms::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Room.def()
    }
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn role(&self) -> Role {
        role_of(self.role)
    }

    pub fn preferences(&self) -> Preferences {
        Preferences {
            notify: Notify::from_name(&self.notify).unwrap_or_default(),
            muted_until: self.muted_until.map(Timestamp::from_millis),
            pinned: self.pinned,
        }
    }
}

/// The role that is stored as that number.
pub const fn role_of(number: i16) -> Role {
    match number {
        2 => Role::Owner,
        1 => Role::Admin,
        _ => Role::Member,
    }
}

/// The number a role is stored as.
pub const fn role_number(role: Role) -> i16 {
    match role {
        Role::Member => 0,
        Role::Admin => 1,
        Role::Owner => 2,
    }
}
