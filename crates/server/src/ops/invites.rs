//! Links by which people come into a room, or onto the server.

use std::slice;

use charla_db::{
    Connection, Db, Error as DbError, Notice, Transaction,
    clock::Clock,
    queries::{self, audit::Act},
    tables::{invites, rooms, users},
};
use charla_permissions::Permission;
use charla_protocol::{
    ErrorCode, RoomId, Timestamp, UserId,
    audit::{AuditAction, AuditTarget},
    invites::{CreateInvite, Invite},
};
use serde_json::json;

use super::{
    members::enter,
    retry,
    staff::{act, check_staff, check_staff_in},
};
use crate::{
    App,
    auth::{Caller, one_time},
    error::{Error, FieldError, Result},
};

/// Bytes of randomness in a code. It is looked up by its hash, so that nobody learns from the time it takes how much of a guess
/// was right.
const CODE: usize = 18;
/// Live invites of a room, and of the server, at most.
const MAX_INVITES: u64 = 100;
/// Uses that an invite may have at most.
const MAX_USES: i64 = 1_000_000;

/// Makes an invite into a room.
///
/// # Errors
/// `validation_failed`, `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`, `too_many_invites`.
pub async fn create(app: &App, actor: &users::Model, room: RoomId, body: &CreateInvite) -> Result<Invite> {
    check(body, app.clock.now())?;
    let row = new_invite(app, actor, Some(room), body)?;
    let (actor_id, now, stored) = (actor.user_id(), app.clock.now(), row.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let row = stored.clone();
            Box::pin(async move {
                queries::access::lock(tx, room, actor_id).await?.check(Permission::Invite)?;
                Ok((insert(tx, row, now).await?, Vec::new()))
            })
        })
        .await?;
    Ok(shown(app, row, actor))
}

/// Makes an invite onto the server: for staff.
///
/// # Errors
/// `validation_failed`, `forbidden`, `too_many_invites`.
pub async fn create_for_server(app: &App, caller: &Caller, body: &CreateInvite) -> Result<Invite> {
    let actor = &caller.user;
    check_staff(actor)?;
    let now = app.clock.now();
    check(body, now)?;
    let row = new_invite(app, actor, None, body)?;
    let details = json!({"expires_at": body.expires_at, "max_uses": body.max_uses});
    let created = act(caller, now, AuditAction::InviteCreated, (AuditTarget::Invite, row.id), details);
    retry::on_busy(|| store_for_server(&app.db, row.clone(), &created)).await?;
    Ok(shown(app, row, actor))
}

async fn store_for_server(db: &Db, invite: invites::Model, created: &Act) -> charla_db::Result<()> {
    let tx = db.begin().await?;
    check_staff_in(&tx, UserId(invite.created_by)).await?;
    insert(&tx, invite, created.at).await?;
    queries::audit::append(&tx, slice::from_ref(created)).await?;
    Ok(tx.commit().await?)
}

/// Withdraws an invite into a room.
///
/// # Errors
/// `invite_invalid` where the room has none of that code; as [`create`].
pub async fn withdraw(app: &App, actor: UserId, room: RoomId, code: &str) -> Result<()> {
    let code = one_time::hash(code);
    app.lanes
        .exclusive(room, move |tx| {
            let code = code.clone();
            Box::pin(async move {
                queries::access::lock(tx, room, actor).await?.check(Permission::Invite)?;
                Ok((delete(tx, Some(room), &code).await?, Vec::new()))
            })
        })
        .await?;
    Ok(())
}

/// Withdraws an invite onto the server: for staff.
///
/// # Errors
/// `invite_invalid`, `forbidden`.
pub async fn withdraw_for_server(app: &App, caller: &Caller, code: &str) -> Result<()> {
    let code = one_time::hash(code);
    Ok(retry::on_busy(|| withdraw_in(app, caller, &code)).await?)
}

async fn withdraw_in(app: &App, caller: &Caller, code_hash: &str) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    check_staff_in(&tx, caller.id()).await?;
    let invite = queries::invites::find(&tx, code_hash).await?;
    delete(&tx, None, code_hash).await?;
    let invite = (AuditTarget::Invite, invite.ok_or(DbError::Conflict(ErrorCode::InviteInvalid))?.id);
    let withdrawn = act(caller, app.clock.now(), AuditAction::InviteWithdrawn, invite, json!({}));
    queries::audit::append(&tx, &[withdrawn]).await?;
    Ok(tx.commit().await?)
}

/// Brings somebody into the room of an invite. Who is there already stays as they are, and spends no use.
///
/// # Errors
/// `invite_invalid`
pub async fn accept(app: &App, user: &users::Model, code: &str) -> Result<RoomId> {
    let code = one_time::hash(code);
    let found = queries::invites::find(app.db.read(), &code).await?;
    let room = found.and_then(|invite| invite.room()).ok_or_else(invalid)?;
    let (user, clock) = (user.clone(), app.clock.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (user, clock, code) = (user.clone(), clock.clone(), code.clone());
            Box::pin(async move {
                let access = queries::access::lock(tx, room, user.user_id()).await?;
                if access.member.is_some() {
                    return Ok(((), Vec::new()));
                }
                Ok(((), enter_by(tx, &*clock, access.room, &user, &code).await?))
            })
        })
        .await?;
    Ok(room)
}

/// Spends a use of an invite and brings somebody into its room, whose row the caller has locked.
///
/// # Errors
/// `Conflict` with `invite_invalid`
pub(super) async fn enter_by(
    tx: &Transaction,
    clock: &dyn Clock,
    mut room: rooms::Model,
    user: &users::Model,
    code_hash: &str,
) -> charla_db::Result<Vec<Notice>> {
    let invite = queries::invites::find(tx, code_hash).await?;
    let invite = invite.filter(|invite| invite.room_id == Some(room.id) && room.is_active);
    spend(tx, invite, clock.now()).await?;
    enter(tx, clock, &mut room, user).await
}

/// Spends a use of an invite, if it still has one.
///
/// # Errors
/// `Conflict` with `invite_invalid`
pub(super) async fn spend(
    tx: &Transaction,
    invite: Option<invites::Model>,
    now: Timestamp,
) -> charla_db::Result<()> {
    let refused = DbError::Conflict(ErrorCode::InviteInvalid);
    match invite {
        Some(invite) if queries::invites::spend(tx, invite.id, now).await? => Ok(()),
        _ => Err(refused),
    }
}

/// A live invite, with its room where it leads to one: an open one.
///
/// # Errors
/// `invite_invalid`
pub async fn find_live(app: &App, code: &str) -> Result<(invites::Model, Option<rooms::Model>)> {
    let db = app.db.read();
    let found = queries::invites::find(db, &one_time::hash(code)).await?;
    let invite = found.filter(|invite| invite.is_live(app.clock.now())).ok_or_else(invalid)?;
    let Some(room) = invite.room() else { return Ok((invite, None)) };
    let room = queries::rooms::find(db, room).await?.filter(|room| room.is_active);
    Ok((invite, Some(room.ok_or_else(invalid)?)))
}

/// An invite as those see it who may withdraw it.
pub fn shown(app: &App, invite: invites::Model, maker: &users::Model) -> Invite {
    let public_url = &app.config.public_url;
    let url = match invite.room_id {
        Some(_) => format!("{public_url}/invite/{}", invite.code),
        None => format!("{public_url}/sign-up?invite={}", invite.code),
    };
    Invite {
        url,
        code: invite.code,
        expires_at: invite.expires_at.map(Timestamp::from_millis),
        max_uses: invite.max_uses,
        uses: invite.uses,
        created_by: maker.summary(),
        created_at: Timestamp::from_millis(invite.created_at),
    }
}

fn check(body: &CreateInvite, now: Timestamp) -> Result<()> {
    let mut errors = Vec::new();
    if body.expires_at.is_some_and(|at| at <= now) {
        errors.push(FieldError::new("expires_at", "in_past"));
    }
    if body.max_uses.is_some_and(|most| !(1..=MAX_USES).contains(&most)) {
        errors.push(FieldError::new("max_uses", "out_of_range").with("min", 1).with("max", MAX_USES));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::fields(errors)) }
}

fn new_invite(
    app: &App,
    maker: &users::Model,
    room: Option<RoomId>,
    body: &CreateInvite,
) -> Result<invites::Model> {
    let code = one_time::random::<CODE>().map_err(Error::internal)?;
    Ok(invites::Model {
        id: app.clock.id(),
        code_hash: one_time::hash(&code),
        code,
        room_id: room.map(|room| room.0),
        created_by: maker.id,
        created_at: app.clock.now().millis(),
        expires_at: body.expires_at.map(Timestamp::millis),
        max_uses: body.max_uses,
        uses: 0,
    })
}

async fn insert(tx: &impl Connection, invite: invites::Model, now: Timestamp) -> charla_db::Result<()> {
    if queries::invites::prune(tx, invite.room(), now).await? >= MAX_INVITES {
        return Err(DbError::Conflict(ErrorCode::TooManyInvites));
    }
    queries::invites::insert(tx, invite).await
}

async fn delete(tx: &impl Connection, room: Option<RoomId>, code_hash: &str) -> charla_db::Result<()> {
    match queries::invites::delete(tx, room, code_hash).await? {
        true => Ok(()),
        false => Err(DbError::Conflict(ErrorCode::InviteInvalid)),
    }
}

fn invalid() -> Error {
    Error::new(ErrorCode::InviteInvalid)
}
