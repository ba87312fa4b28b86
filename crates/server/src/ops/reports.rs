//! Reports of messages and people to staff.

use charla_db::{Error as DbError, queries, tables::reports};
use charla_permissions::Permission;
use charla_protocol::{
    ErrorCode, MessageId, RoomId, Timestamp, UserId,
    audit::{AuditAction, AuditTarget},
    messages::MessageType,
    reports::{CreateReport, Report, ReportReceipt, ResolveReport},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    retry,
    staff::{act, check_staff, check_staff_in},
};
use crate::{
    App,
    auth::Caller,
    error::{Error, FieldError, Result},
    text,
};

/// Characters of a note at most.
const MAX_NOTE: usize = 1000;
/// Reports of one person that wait for staff at most.
const MAX_OPEN: u64 = 100;
/// Seconds after which to try again past that.
const RETRY_S: u64 = 3600;

/// Reports a message or a person, and says whether that is new: what somebody has reported stays as it is.
///
/// # Errors
/// `validation_failed`, `not_found`, `not_a_member`, `too_many_requests`.
pub async fn create(app: &App, caller: &Caller, body: &CreateReport) -> Result<(ReportReceipt, bool)> {
    let row = new_report(app, caller, body).await?;
    let db = app.db.read();
    if let Some(first) = queries::reports::find_by(db, caller.id(), row.target_id).await? {
        return Ok((receipt(&first), false));
    }
    if queries::reports::open_of(db, caller.id()).await? >= MAX_OPEN {
        return Err(Error::too_many(RETRY_S));
    }
    match retry::on_busy(|| store(app, caller, &row)).await {
        Ok(()) => Ok((receipt(&row), true)),
        // The same was reported at the same moment.
        Err(DbError::Duplicate) => {
            let first = queries::reports::find_by(db, caller.id(), row.target_id).await?;
            first.map(|first| (receipt(&first), false)).ok_or_else(Error::not_found)
        }
        Err(error) => Err(error.into()),
    }
}

fn receipt(row: &reports::Model) -> ReportReceipt {
    ReportReceipt { id: row.id, created_at: Timestamp::from_millis(row.created_at) }
}

async fn new_report(app: &App, caller: &Caller, body: &CreateReport) -> Result<reports::Model> {
    let note = check_note("note", &body.note).map_err(|error| Error::fields(vec![error]));
    let target = match (body.message_id, body.user_id) {
        (Some(message), None) => Ok(Target::Message(message)),
        (None, Some(user)) => Ok(Target::User(user)),
        _ => Err(Error::field("message_id", "one_target")),
    };
    let (note, target) = match (note, target) {
        (Ok(note), Ok(target)) => (note, target),
        (note, target) => {
            let errors = note.err().into_iter().chain(target.err());
            return Err(Error::fields(errors.flat_map(|error| error.fields).collect()));
        }
    };
    let blank = reports::Model {
        id: app.clock.id(),
        reporter_id: caller.id().0,
        target_id: Uuid::nil(),
        user_id: Uuid::nil(),
        room_id: None,
        excerpt: String::new(),
        reason: body.reason.as_str().to_owned(),
        note,
        created_at: app.clock.now().millis(),
        resolved_at: None,
        resolved_by: None,
        outcome: None,
        resolution: String::new(),
    };
    match target {
        Target::Message(message) => of_message(app, caller, message, blank).await,
        Target::User(user) => of_user(app, caller, user, blank).await,
    }
}

enum Target {
    Message(MessageId),
    User(UserId),
}

/// A message of somebody else that the caller may read.
async fn of_message(
    app: &App,
    caller: &Caller,
    message: MessageId,
    blank: reports::Model,
) -> Result<reports::Model> {
    let db = app.db.read();
    let row = queries::messages::find(db, message).await?.ok_or_else(Error::not_found)?;
    let access = queries::access::load(db, RoomId(row.room_id), caller.id(), caller.user.is_staff).await?;
    access.check(Permission::ReadMessages)?;
    if row.seq <= access.hidden_seq() || row.deleted_at.is_some() {
        return Err(Error::not_found());
    }
    if row.sender_id == caller.id().0 {
        return Err(Error::field("message_id", "yourself"));
    }
    if row.message_type == MessageType::System.as_str() {
        return Err(Error::field("message_id", "invalid"));
    }
    Ok(reports::Model {
        target_id: row.id,
        user_id: row.sender_id,
        room_id: Some(row.room_id),
        excerpt: row.content,
        ..blank
    })
}

async fn of_user(app: &App, caller: &Caller, user: UserId, blank: reports::Model) -> Result<reports::Model> {
    if user == caller.id() {
        return Err(Error::field("user_id", "yourself"));
    }
    let person = queries::users::find(app.db.read(), user).await?.filter(|person| person.is_active);
    let id = person.ok_or_else(Error::not_found)?.id;
    Ok(reports::Model { target_id: id, user_id: id, ..blank })
}

async fn store(app: &App, caller: &Caller, row: &reports::Model) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    queries::users::check_active(&tx, caller.id()).await?;
    queries::reports::insert(&tx, row.clone()).await?;
    Ok(tx.commit().await?)
}

fn check_note(field: &str, note: &str) -> Result<String, FieldError> {
    let note = text::clean(note);
    if note.chars().count() > MAX_NOTE {
        return Err(FieldError::new(field, "too_long").with("max", MAX_NOTE));
    }
    Ok(note)
}

/// Notes what came of a report. What the message said is kept no longer.
///
/// # Errors
/// `forbidden`, `validation_failed`, `not_found`; `conflict` where that was done before.
pub async fn resolve(app: &App, caller: &Caller, id: Uuid, body: &ResolveReport) -> Result<Report> {
    check_staff(&caller.user)?;
    let resolution =
        check_note("resolution", &body.resolution).map_err(|error| Error::fields(vec![error]))?;
    let row = retry::on_busy(|| resolve_in(app, caller, id, body, &resolution)).await?;
    let people = queries::summaries::of(app.db.read(), row.people()).await?;
    row.wire(&people).ok_or_else(Error::not_found)
}

async fn resolve_in(
    app: &App,
    caller: &Caller,
    id: Uuid,
    body: &ResolveReport,
    resolution: &str,
) -> charla_db::Result<reports::Model> {
    let (tx, at) = (app.db.begin().await?, app.clock.now());
    check_staff_in(&tx, caller.id()).await?;
    let row = queries::reports::lock(&tx, id).await?.ok_or(DbError::NotFound)?;
    if row.resolved_at.is_some() {
        return Err(DbError::Conflict(ErrorCode::Conflict));
    }
    let row = reports::Model {
        excerpt: String::new(),
        resolved_at: Some(at.millis()),
        resolved_by: Some(caller.id().0),
        outcome: Some(body.outcome.as_str().to_owned()),
        resolution: resolution.to_owned(),
        ..row
    };
    queries::reports::update(&tx, row.clone()).await?;
    let details = json!({"outcome": body.outcome, "user_id": row.user_id});
    let resolved = act(caller, at, AuditAction::ReportResolved, (AuditTarget::Report, id), details);
    queries::audit::append(&tx, &[resolved]).await?;
    tx.commit().await?;
    Ok(row)
}
