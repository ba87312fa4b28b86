//! What staff impose on people: warnings, mutes, bans. Superusers alone do so to staff, and nobody to themselves.

use charla_db::{
    Error as DbError, Notice, queries,
    tables::{sanctions, users},
};
use charla_protocol::{
    SessionId, Timestamp, UserId,
    audit::{AuditAction, AuditTarget},
    sanctions::{CreateSanction, Sanction, SanctionKind},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    retry,
    staff::{act, check_staff, lock_other},
};
use crate::{
    App,
    auth::Caller,
    error::{Error, FieldError, Result},
    text,
};

/// Characters of a reason at most.
const MAX_REASON: usize = 500;

/// Warns, mutes or bans somebody. A ban ends all of their sessions and sockets, and those of their bots.
///
/// # Errors
/// `forbidden`, `not_found`, `validation_failed`.
pub async fn impose(app: &App, caller: &Caller, person: UserId, body: &CreateSanction) -> Result<Sanction> {
    check_staff(&caller.user)?;
    let now = app.clock.now();
    let row = sanctions::Model {
        id: app.clock.id(),
        user_id: person.0,
        kind: body.kind.as_str().to_owned(),
        reason: check(body, now)?,
        created_by: caller.id().0,
        created_at: now.millis(),
        ends_at: body.ends_at.map(Timestamp::millis),
        lifted_at: None,
    };
    let (user, ended) = retry::on_busy(|| store(app, caller, &row)).await?;
    if !ended.is_empty() {
        app.tell(vec![Notice::SessionsEnded(ended)]).await;
    }
    Ok(row.wire(user.summary(), Some(caller.user.summary())))
}

fn check(body: &CreateSanction, now: Timestamp) -> Result<String> {
    let reason = text::clean_line(&body.reason);
    let mut errors = Vec::new();
    if text::is_blank(&reason) {
        errors.push(FieldError::new("reason", "blank"));
    }
    if reason.chars().count() > MAX_REASON {
        errors.push(FieldError::new("reason", "too_long").with("max", MAX_REASON));
    }
    match body.ends_at {
        Some(_) if body.kind == SanctionKind::Warning => errors.push(FieldError::new("ends_at", "no_end")),
        Some(at) if at <= now => errors.push(FieldError::new("ends_at", "in_past")),
        _ => {}
    }
    if errors.is_empty() { Ok(reason) } else { Err(Error::fields(errors)) }
}

async fn store(
    app: &App,
    caller: &Caller,
    row: &sanctions::Model,
) -> charla_db::Result<(users::Model, Vec<SessionId>)> {
    let now = Timestamp::from_millis(row.created_at);
    let tx = app.db.begin().await?;
    let person = lock_other(&tx, caller, UserId(row.user_id)).await?;
    queries::sanctions::insert(&tx, row.clone()).await?;
    queries::sanctions::enforce(&tx, person.clone(), now).await?;
    let (action, ended) = match row.kind() {
        SanctionKind::Warning => (AuditAction::PersonWarned, Vec::new()),
        SanctionKind::Mute => (AuditAction::PersonMuted, Vec::new()),
        SanctionKind::Ban => {
            let mut ended = queries::sessions::end_all(&tx, person.user_id(), None, now).await?;
            ended.extend(queries::bots::end_sessions(&tx, person.user_id(), now).await?);
            (AuditAction::PersonBanned, ended)
        }
    };
    let ends_at = row.ends_at.map(Timestamp::from_millis);
    let details = json!({"sanction_id": row.id, "ends_at": ends_at});
    let target = (AuditTarget::User, row.user_id);
    queries::audit::append(&tx, &[act(caller, now, action, target, details)]).await?;
    tx.commit().await?;
    Ok((person, ended))
}

/// Lifts what was imposed.
///
/// # Errors
/// `forbidden`; `not_found` where that was done before.
pub async fn lift(app: &App, caller: &Caller, id: Uuid) -> Result<()> {
    check_staff(&caller.user)?;
    Ok(retry::on_busy(|| lift_in(app, caller, id)).await?)
}

async fn lift_in(app: &App, caller: &Caller, id: Uuid) -> charla_db::Result<()> {
    let (tx, now) = (app.db.begin().await?, app.clock.now());
    let row = queries::sanctions::find(&tx, id).await?.ok_or(DbError::NotFound)?;
    let person = lock_other(&tx, caller, UserId(row.user_id)).await?;
    if !queries::sanctions::lift(&tx, id, now).await? {
        return Err(DbError::NotFound);
    }
    queries::sanctions::enforce(&tx, person, now).await?;
    let details = json!({"sanction_id": id, "kind": row.kind()});
    let target = (AuditTarget::User, row.user_id);
    queries::audit::append(&tx, &[act(caller, now, AuditAction::SanctionLifted, target, details)]).await?;
    Ok(tx.commit().await?)
}
