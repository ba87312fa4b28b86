//! Accounts that their owners delete, or staff.
//!
//! One transaction makes the account nobody's: from then on whatever it has under way is refused. Leaving its groups follows,
//! group by group in their lanes; what a crash cuts off there, a job finishes (`jobs/departures.rs`).

use charla_db::{
    Db, Error as DbError, Notice, Transaction, fold,
    queries::{self, audit::Act},
    tables::users,
};
use charla_protocol::{
    ErrorCode, RoomId, SessionId, Timestamp, UserId,
    audit::{AuditAction, AuditTarget},
    users::DirectMessages,
};
use serde_json::json;

use super::{fields, profile::direct_messages_text};
use crate::{
    App,
    auth::{Caller, Precedence, Verdict},
    error::{Error, Result},
    i18n::{self, Args},
    ops::{
        members, retry,
        staff::{act, check_other, check_staff, lock_other},
    },
};

/// How often it is begun anew because somebody opened a direct room meanwhile.
const RUNS: u32 = 5;

/// Deletes the caller's account. Messages stay, under a name that says that nobody is there any more.
///
/// # Errors
/// `too_many_requests`, `validation_failed` for a wrong password, `last_superuser`, `session_ended` where it has been deleted already.
pub async fn delete(app: &App, caller: &Caller, password: &str) -> Result<()> {
    app.limits.password_change(caller.id())?;
    if app.passwords.verify(password, Some(&caller.user.password_hash), Precedence::Known).await?
        == Verdict::Wrong
    {
        return Err(Error::field("password", "wrong_password"));
    }
    for bot in queries::bots::owned(app.db.read(), caller.id()).await? {
        retire(app, &bot, None).await?;
    }
    retire(app, &caller.user, None).await
}

/// Makes an account nobody's for its owner, tells it, and takes it out of its groups. `act` is for the audit log.
///
/// # Errors
/// `last_superuser`, `session_ended` where it has been deleted already.
pub(crate) async fn retire(app: &App, user: &users::Model, act: Option<Act>) -> Result<()> {
    end(app, make_nobodys(app, user, By::Owner(act.as_slice())).await?).await;
    Ok(())
}

/// Deletes somebody else's account, and their bots: staff; superusers alone that of staff.
///
/// # Errors
/// `forbidden`, `not_found`.
pub async fn delete_other(app: &App, caller: &Caller, person: UserId) -> Result<()> {
    check_staff(&caller.user)?;
    let user = queries::users::find(app.db.read(), person).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(Error::not_found)?;
    check_other(&caller.user, &user)?;
    for bot in queries::bots::owned(app.db.read(), person).await? {
        end(app, make_nobodys(app, &bot, By::Staff(caller)).await?).await;
    }
    end(app, make_nobodys(app, &user, By::Staff(caller)).await?).await;
    Ok(())
}

/// Tells that the account is nobody's, and has it leave its groups.
async fn end(app: &App, gone: Gone) {
    tell(app, &gone).await;
    match queries::departures::groups(app.db.read(), gone.user.user_id()).await {
        Ok(groups) => {
            for room in groups {
                leave_group(app, &gone.user, room).await;
            }
        }
        Err(error) => tracing::error!(%error, "the groups of a deleted account are left later"),
    }
}

/// Who deletes.
#[derive(Clone, Copy, Debug)]
enum By<'a> {
    /// With what the audit log says of it.
    Owner(&'a [Act]),
    Staff(&'a Caller),
}

/// A deleted account, and whom to tell.
struct Gone {
    user: users::Model,
    sessions: Vec<SessionId>,
    /// Friends, and who had asked or was asked for friendship.
    acquaintances: Vec<UserId>,
}

async fn make_nobodys(app: &App, user: &users::Model, by: By<'_>) -> Result<Gone> {
    let (suffix, now) = (app.clock.id().simple().to_string(), app.clock.now());
    for _ in 0..RUNS {
        if let Some(gone) = retry::on_busy(|| store(&app.db, user, by, &suffix, now)).await? {
            return Ok(gone);
        }
    }
    Err(Error { retry_after: Some(1), ..Error::new(ErrorCode::Unavailable) })
}

/// None where a direct room was opened meanwhile, or a bot made: rooms are locked before people.
async fn store(
    db: &Db,
    seen: &users::Model,
    by: By<'_>,
    suffix: &str,
    now: Timestamp,
) -> charla_db::Result<Option<Gone>> {
    let (tx, id) = (db.begin().await?, seen.user_id());
    let rooms = queries::departures::lock_direct_rooms(&tx, id).await?;
    let row = match by {
        By::Owner(_) => lock_own(&tx, seen).await?,
        // Who deletes a superuser is one, and stays.
        By::Staff(caller) => lock_other(&tx, caller, id).await?,
    };
    if queries::departures::direct_rooms(&tx, id).await? != rooms || queries::bots::count(&tx, id).await? > 0
    {
        return Ok(None);
    }
    let user = nobody(row.clone(), suffix, now);
    queries::departures::rename_direct_rooms(&tx, &user, &rooms).await?;
    queries::files::discard_of_account(&tx, &row).await?;
    let acquaintances = queries::departures::end_relations(&tx, id).await?;
    queries::drafts::delete_of_user(&tx, id).await?;
    queries::clearings::delete_of_user(&tx, id).await?;
    queries::sanctions::delete_of_user(&tx, id).await?;
    queries::reports::delete_of_user(&tx, id).await?;
    queries::mails::delete_of_user(&tx, &row).await?;
    queries::link_tokens::delete_of_user(&tx, id, None).await?;
    queries::two_factor::delete_of_user(&tx, id).await?;
    let sessions = queries::sessions::end_all(&tx, id, None, now).await?;
    queries::sessions::forget_devices(&tx, id).await?;
    queries::users::update(&tx, user.clone()).await?;
    match by {
        By::Owner(acts) => queries::audit::append(&tx, acts).await?,
        By::Staff(caller) => {
            let target = (AuditTarget::User, id.0);
            let deleted = act(caller, now, AuditAction::AccountDeleted, target, json!({}));
            queries::audit::append(&tx, &[deleted]).await?;
        }
    }
    tx.commit().await?;
    Ok(Some(Gone { user, sessions, acquaintances }))
}

/// The row of who deletes their own account, locked. Somebody has to stay who may do everything.
async fn lock_own(tx: &Transaction, seen: &users::Model) -> charla_db::Result<users::Model> {
    let superusers = if seen.is_superuser { queries::users::lock_superusers(tx).await? } else { Vec::new() };
    let row = queries::users::lock(tx, seen.user_id()).await?.filter(|row| row.is_active);
    let row = row.ok_or(DbError::Conflict(ErrorCode::SessionEnded))?;
    // Whose password was checked is who deletes.
    if row.password_hash != seen.password_hash {
        return Err(DbError::Rejected { field: "password", reason: "wrong_password" });
    }
    if row.is_superuser && !superusers.iter().any(|other| *other != row.user_id()) {
        return Err(DbError::Conflict(ErrorCode::LastSuperuser));
    }
    Ok(row)
}

/// What stays of an account: a row for its messages' sake. The name can't be guessed, so that nobody can take it before. Whether
/// it shared its presence and receipts stays, so that nobody learns more of it now.
fn nobody(row: users::Model, suffix: &str, now: Timestamp) -> users::Model {
    let username = format!("{}{suffix}", queries::departures::GONE);
    let display_name = i18n::text(row.language().unwrap_or_default(), "deleted-user", &Args::new());
    users::Model {
        username_key: fold::name_key(&username),
        username,
        email: None,
        email_key: None,
        email_verified_at: None,
        password_hash: String::new(),
        display_name_key: fields::display_name_key(&display_name),
        display_name,
        bio: String::new(),
        phone_number: None,
        avatar_id: None,
        language: None,
        direct_messages: direct_messages_text(DirectMessages::Everyone).to_owned(),
        is_active: false,
        is_staff: false,
        is_superuser: false,
        last_seen: None,
        deleted_at: Some(now.millis()),
        two_factor_at: None,
        muted_until: None,
        banned_until: None,
        ..row
    }
}

async fn tell(app: &App, gone: &Gone) {
    let person = gone.user.user_id();
    let mut notices = vec![Notice::SessionsEnded(gone.sessions.clone()), Notice::ProfileUpdated(person)];
    let friendships = gone.acquaintances.iter().map(|viewer| Notice::Friendship { viewer: *viewer, person });
    notices.extend(friendships);
    app.tell(notices).await;
}

/// Takes a deleted account out of a group, as if it had left. What fails is logged, and done later.
pub(crate) async fn leave_group(app: &App, user: &users::Model, room: RoomId) {
    match members::leave(app, user, room).await {
        // It was taken out by somebody else.
        Err(error) if matches!(error.code, ErrorCode::NotFound | ErrorCode::NotAMember) => {}
        Err(error) => {
            tracing::error!(code = error.code.as_str(), %room, "a deleted account is still in a group")
        }
        Ok(()) => {}
    }
}
