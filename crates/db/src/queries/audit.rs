//! The audit log: who has done what by the right of an office. An entry is written in the transaction of the act.
//!
//! Each entry has a hash: SHA-256, in hexadecimal, of a JSON list of the hash before it (empty for the first), its `seq`,
//! `created_at`, `actor_id`, `action`, `target_type`, `target_id`, `details` as they are stored, `address` and `request_id`. The
//! last `seq` and hash stand in `server_state` too. So who changes, takes away or puts in an entry has to write all later ones
//! anew; a hash that was written down elsewhere shows even that. There is no code that changes or deletes an entry.
//!
//! Entries are numbered under the lock of that one row. It is the last lock that a transaction takes, and held until its commit
//! alone, so nobody waits for each other.

use std::net::IpAddr;

use charla_protocol::{
    Timestamp, UserId,
    audit::{AuditAction, AuditIntegrity, AuditTarget},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    paging::{Ask, Page, key},
    server_state::insert,
};
use crate::{
    Db, Error, Result,
    dialect::insert_all,
    tables::{
        audit_entries::{self, Column, Model},
        server_state,
    },
};

/// Where `server_state` has the last number and hash.
const HEAD: &str = "audit_head";
/// Entries that one statement reads to check them.
const AT_ONCE: u64 = 1_000;

/// By which way an act came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Via {
    pub address: Option<IpAddr>,
    pub request: Option<Uuid>,
}

/// Something to be written down.
#[derive(Clone, Debug)]
pub struct Act {
    pub at: Timestamp,
    /// None for the command line.
    pub actor: Option<UserId>,
    pub via: Via,
    pub action: AuditAction,
    pub target: (AuditTarget, Uuid),
    /// A JSON object. No names and nothing that was written: accounts and messages may be deleted, entries never.
    pub details: Value,
}

impl Act {
    /// What was done to an account from the command line.
    pub fn of_command_line(at: Timestamp, action: AuditAction, user: UserId) -> Self {
        let target = (AuditTarget::User, user.0);
        Self { at, actor: None, via: Via::default(), action, target, details: json!({}) }
    }
}

/// Which entries are asked for. What is not given does not count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor: Option<UserId>,
    pub action: Option<AuditAction>,
    pub target: Option<Uuid>,
    /// Not earlier than that.
    pub after: Option<Timestamp>,
    /// Earlier than that.
    pub before: Option<Timestamp>,
}

/// The last entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Head {
    seq: i64,
    hash: String,
}

/// Adds entries, in their order. To be called last in a transaction: from here on all others who add some wait for it.
///
/// # Errors
/// `Busy` where somebody else has just added the first entry of all; those of the database.
pub async fn append(tx: &impl ConnectionTrait, acts: &[Act]) -> Result<()> {
    if acts.is_empty() {
        return Ok(());
    }
    let mut head = lock_head(tx).await?;
    let mut rows = Vec::with_capacity(acts.len());
    for act in acts {
        let mut row = new_row(head.seq + 1, act);
        row.hash = hash(&head.hash, &row);
        head = Head { seq: row.seq, hash: row.hash.clone() };
        rows.push(row);
    }
    insert_all(tx, rows).await?;
    server_state::Entity::update_many()
        .col_expr(server_state::Column::Value, Expr::value(head.to_text()))
        .filter(server_state::Column::Name.eq(HEAD))
        .exec(tx)
        .await?;
    Ok(())
}

async fn lock_head(tx: &impl ConnectionTrait) -> Result<Head> {
    let row = server_state::Entity::find_by_id(HEAD.to_owned()).lock_exclusive().one(tx).await?;
    if let Some(row) = row {
        return Ok(Head::of_text(&row.value));
    }
    let head = Head::default();
    insert(tx, HEAD, &head.to_text()).await.map_err(|error| match error {
        Error::Duplicate => {
            Error::Busy(DbErr::Custom("another transaction has begun the audit log".to_owned()))
        }
        error => error,
    })?;
    Ok(head)
}

fn new_row(seq: i64, act: &Act) -> Model {
    Model {
        seq,
        created_at: act.at.millis(),
        actor_id: act.actor.map(|actor| actor.0),
        action: act.action.as_str().to_owned(),
        target_type: act.target.0.as_str().to_owned(),
        target_id: act.target.1,
        details: act.details.to_string(),
        address: act.via.address.map(|address| address.to_string()),
        request_id: act.via.request,
        hash: String::new(),
    }
}

fn hash(before: &str, row: &Model) -> String {
    let text = json!([
        before,
        row.seq,
        row.created_at,
        row.actor_id,
        row.action,
        row.target_type,
        row.target_id,
        row.details,
        row.address,
        row.request_id,
    ]);
    hex::encode(Sha256::digest(text.to_string()))
}

impl Head {
    fn to_text(&self) -> String {
        format!("{} {}", self.seq, self.hash)
    }

    /// What can't be read is the head of nothing: the next check says so.
    fn of_text(text: &str) -> Self {
        let (seq, hash) = text.split_once(' ').unwrap_or_default();
        Self { seq: seq.parse().unwrap_or_default(), hash: hash.to_owned() }
    }
}

/// The entries that fit, the latest first. A position is an entry's number.
///
/// # Errors
/// Those of the database.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, ask: Ask<i64>) -> Result<Page<Model>> {
    let keys = [key(Column::Seq, Order::Desc)];
    let ask = ask.by(|seq| [seq.into()]);
    let query = audit_entries::Entity::find().filter(filter.condition());
    Ok(ask.page(ask.apply(query, &keys).all(db).await?))
}

impl Filter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.actor.map(|actor| Column::ActorId.eq(actor.0)))
            .add_option(self.action.map(|action| Column::Action.eq(action.as_str())))
            .add_option(self.target.map(|target| Column::TargetId.eq(target)))
            .add_option(self.after.map(|after| Column::CreatedAt.gte(after.millis())))
            .add_option(self.before.map(|before| Column::CreatedAt.lt(before.millis())))
    }
}

/// Reads all of the log, and looks whether each entry is what was written.
///
/// # Errors
/// Those of the database.
pub async fn check(db: &Db) -> Result<AuditIntegrity> {
    let tx = db.snapshot().await?;
    let found = check_in(&tx).await;
    Db::end(tx).await?;
    found
}

async fn check_in(tx: &impl ConnectionTrait) -> Result<AuditIntegrity> {
    let written = server_state::Entity::find_by_id(HEAD.to_owned()).one(tx).await?;
    let written = written.map(|row| Head::of_text(&row.value)).unwrap_or_default();
    let mut head = Head::default();
    loop {
        let rows = audit_entries::Entity::find()
            .filter(Column::Seq.gt(head.seq))
            .order_by_asc(Column::Seq)
            .limit(AT_ONCE)
            .all(tx)
            .await?;
        if rows.is_empty() {
            return Ok(found(&head, (head != written).then(|| head.seq.min(written.seq) + 1)));
        }
        for row in rows {
            if row.seq != head.seq + 1 || row.hash != hash(&head.hash, &row) {
                return Ok(found(&head, Some(head.seq + 1)));
            }
            head = Head { seq: row.seq, hash: row.hash };
        }
    }
}

fn found(head: &Head, broken_at: Option<i64>) -> AuditIntegrity {
    AuditIntegrity { entries: head.seq.unsigned_abs(), is_whole: broken_at.is_none(), broken_at }
}
