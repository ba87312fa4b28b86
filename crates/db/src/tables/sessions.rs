//! Signed-in devices, and the tokens of bots. A session ends by getting an `ended_at`; its tokens are then worth nothing.

use charla_protocol::{
    SessionId, Timestamp,
    bots::{BotToken, Scope},
};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// The id of the one refresh token that is good now.
    pub refresh_id: Uuid,
    pub user_agent: String,
    pub ip_address: Option<String>,
    pub created_at: i64,
    pub last_used_at: i64,
    pub expires_at: i64,
    pub ended_at: Option<i64>,
    /// Of the one token that a bot opens it with. Its name is the `user_agent`.
    pub token_hash: Option<String>,
    /// What that token permits: the names, with blanks between.
    pub scopes: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::UserId", to = "super::users::Column::Id")]
    User,
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether its tokens are worth anything: neither ended nor expired.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now.millis()
    }

    /// What the token of a bot that opens it permits.
    pub fn scopes(&self) -> Vec<Scope> {
        self.scopes.iter().flat_map(|names| names.split(' ')).filter_map(Scope::from_name).collect()
    }

    /// The token of a bot that opens it.
    pub fn bot_token(self) -> BotToken {
        BotToken {
            id: SessionId(self.id),
            scopes: self.scopes(),
            name: self.user_agent,
            created_at: Timestamp::from_millis(self.created_at),
        }
    }
}
