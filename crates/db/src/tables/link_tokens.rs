//! What the links in mails, and those that staff give, are good for. The links themselves are kept nowhere.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_tokens")]
pub struct Model {
    /// Of the token in the link.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub purpose: String,
    pub user_id: Uuid,
    /// The address it was mailed to: worth nothing once the account has another. Empty for one that staff give by another way.
    pub email_key: String,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn is_mailed(&self) -> bool {
        !self.email_key.is_empty()
    }
}

/// What a link in a mail lets one do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Choose a new password.
    Reset,
    /// Show that the address is one's own.
    Verify,
}

impl Purpose {
    /// The value as it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
        }
    }
}
