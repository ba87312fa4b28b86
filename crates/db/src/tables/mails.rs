//! Mails that wait to be sent. What is sent, or given up, is deleted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it tells; the server has the words.
    pub kind: String,
    /// None where whose address it is has not been looked up yet.
    pub user_id: Option<Uuid>,
    /// Where it goes; as its key, in lower case, where whose it is has not been looked up yet.
    pub address: String,
    /// For who has chosen none: that of the request.
    pub language: String,
    /// JSON: what stands in the mail beside its words. Never a link: those are made when it is sent.
    pub facts: String,
    /// Times it was tried.
    pub attempts: i32,
    pub created_at: i64,
    /// When it may be tried next. Whoever tries it moves this on first, so that nobody else does meanwhile.
    pub due_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
