//! What staff change of accounts. Superusers alone change those of staff.

use charla_db::{
    Error as DbError, Notice, Transaction, fold,
    queries::{self, users::Names},
    tables::{
        link_tokens::{self, Purpose},
        users,
    },
};
use charla_permissions::Denied;
use charla_protocol::{
    ErrorCode, SessionId, Timestamp, UserId,
    admin::users::{ResetLink, UpdateUser},
    audit::{AuditAction, AuditTarget},
    users::Language,
};
use serde_json::{Value, json};

use crate::{
    App,
    auth::{Caller, one_time},
    error::{Error, Result},
    ops::{
        accounts::{fields, mail_about, set_email},
        retry,
        staff::{act, check_staff, lock_both, lock_other},
    },
};

/// For how long a link is good by which somebody chooses a new password.
const LINK_FOR_MS: i64 = 24 * 60 * 60 * 1000;
/// How often a change is begun anew because somebody opened a direct room meanwhile.
const RUNS: u32 = 5;

/// Changes what the body names of an account. `language` is for the mails about a new address.
///
/// # Errors
/// `forbidden`, `not_found`, `validation_failed`.
pub async fn update(
    app: &App,
    caller: &Caller,
    person: UserId,
    body: &UpdateUser,
    language: Language,
) -> Result<()> {
    check_staff(&caller.user)?;
    let changes = check(body)?;
    for _ in 0..RUNS {
        let stored = retry::on_busy(|| store(app, caller, person, &changes, language)).await;
        // Somebody else took the name at the same moment.
        let field = if changes.username.is_some() { "username" } else { "email" };
        let stored = match stored {
            Err(DbError::Duplicate) => return Err(Error::field(field, "taken")),
            stored => stored?,
        };
        if let Some(done) = stored {
            tell(app, done).await;
            return Ok(());
        }
    }
    Err(Error { retry_after: Some(1), ..Error::new(ErrorCode::Unavailable) })
}

/// An account before and after a change, and the sessions that it ended.
struct Done {
    before: users::Model,
    after: users::Model,
    ended: Vec<SessionId>,
}

async fn tell(app: &App, Done { before, after, ended }: Done) {
    let person = after.user_id();
    let mut notices = Vec::new();
    if !ended.is_empty() {
        notices.push(Notice::SessionsEnded(ended));
    }
    if before.email_key != after.email_key {
        app.post.ring();
        if app.post.rules.hold(&after) {
            notices.push(Notice::Held(person));
        }
    }
    if before.summary() != after.summary() {
        notices.push(Notice::ProfileUpdated(person));
    }
    app.tell(notices).await;
}

/// The same changes, with each value as it is to be kept.
fn check(body: &UpdateUser) -> Result<UpdateUser> {
    let username = body.username.as_deref().map(fields::username).transpose();
    let email = match &body.email {
        Some(Some(email)) => fields::email(email).map(|email| Some(Some(email))),
        other => Ok(other.clone()),
    };
    match (username, email) {
        (Ok(username), Ok(email)) => Ok(UpdateUser { username, email, ..body.clone() }),
        (username, email) => Err(Error::fields(username.err().into_iter().chain(email.err()).collect())),
    }
}

/// None where a direct room was opened meanwhile: rooms are locked before people.
async fn store(
    app: &App,
    caller: &Caller,
    person: UserId,
    changes: &UpdateUser,
    language: Language,
) -> charla_db::Result<Option<Done>> {
    let (tx, now) = (app.db.begin().await?, app.clock.now());
    let is_renamed = changes.username.is_some();
    let rooms =
        if is_renamed { queries::departures::lock_direct_rooms(&tx, person).await? } else { Vec::new() };
    let before = lock(&tx, caller, person, changes).await?;
    if is_renamed && queries::departures::direct_rooms(&tx, person).await? != rooms {
        return Ok(None);
    }
    let mut after = before.clone();
    apply(changes, &mut after);
    if after == before {
        return Ok(Some(Done { after, before, ended: Vec::new() }));
    }
    check_names(&tx, &before, &after).await?;
    queries::users::update(&tx, after.clone()).await?;
    if after.username != before.username {
        queries::departures::rename_direct_rooms(&tx, &after, &rooms).await?;
    }
    if after.email_key != before.email_key {
        mail_about(app, &tx, &before, &after, language).await?;
    }
    let is_over = before.is_active && !after.is_active;
    let ended = if is_over { queries::sessions::end_all(&tx, person, None, now).await? } else { Vec::new() };
    let (target, details) = ((AuditTarget::User, person.0), details(&before, &after));
    queries::audit::append(&tx, &[act(caller, now, AuditAction::AccountChanged, target, details)]).await?;
    tx.commit().await?;
    Ok(Some(Done { before, after, ended }))
}

/// The person's row, locked, if the caller may change that of it. Nobody takes their own office away, or locks themselves out, so
/// that of the superusers one stays; and a superuser is staff.
async fn lock(
    tx: &Transaction,
    caller: &Caller,
    person: UserId,
    changes: &UpdateUser,
) -> charla_db::Result<users::Model> {
    let forbidden = || DbError::from(Denied::Forbidden);
    if person == caller.id() {
        let own = queries::users::lock_active(tx, person).await?;
        let is_out = changes.is_active == Some(false) || changes.is_staff == Some(false);
        return if own.is_staff && !is_out { Ok(own) } else { Err(forbidden()) };
    }
    let (actor, row) = lock_both(tx, caller, person).await?;
    let is_office = changes.is_staff.is_some_and(|is_staff| is_staff != row.is_staff);
    if is_office && (!actor.is_superuser || row.is_superuser) { Err(forbidden()) } else { Ok(row) }
}

fn apply(changes: &UpdateUser, user: &mut users::Model) {
    if let Some(username) = &changes.username {
        user.username_key = fold::name_key(username);
        user.username.clone_from(username);
    }
    match &changes.email {
        Some(Some(email)) => set_email(email, user),
        Some(None) => (user.email, user.email_key, user.email_verified_at) = (None, None, None),
        None => {}
    }
    user.is_active = changes.is_active.unwrap_or(user.is_active);
    user.is_staff = changes.is_staff.unwrap_or(user.is_staff);
}

async fn check_names(tx: &Transaction, before: &users::Model, after: &users::Model) -> charla_db::Result<()> {
    let names = Names {
        username: (after.username_key != before.username_key).then_some(after.username.as_str()),
        email: after.email.as_deref().filter(|_| after.email_key != before.email_key),
    };
    let taken = queries::users::taken(tx, names, Some(after.user_id())).await?;
    let reason = "taken";
    match (taken.username, taken.email) {
        (true, _) => Err(DbError::Rejected { field: "username", reason }),
        (_, true) => Err(DbError::Rejected { field: "email", reason }),
        _ => Ok(()),
    }
}

/// What the audit log says of a change: what it was of, but no names.
fn details(before: &users::Model, after: &users::Model) -> Value {
    let mut changed = Vec::new();
    let mut details = json!({});
    if after.username != before.username {
        changed.push("username");
    }
    if after.email != before.email {
        changed.push("email");
    }
    if after.is_active != before.is_active {
        changed.push("is_active");
        details["is_active"] = json!(after.is_active);
    }
    if after.is_staff != before.is_staff {
        changed.push("is_staff");
        details["is_staff"] = json!(after.is_staff);
    }
    details["changed"] = json!(changed);
    details
}

/// Ends every session of somebody else, and their sockets.
///
/// # Errors
/// `forbidden`, `not_found`.
pub async fn end_sessions(app: &App, caller: &Caller, person: UserId) -> Result<()> {
    check_staff(&caller.user)?;
    let ended = retry::on_busy(|| end_in(app, caller, person)).await?;
    if !ended.is_empty() {
        app.tell(vec![Notice::SessionsEnded(ended)]).await;
    }
    Ok(())
}

async fn end_in(app: &App, caller: &Caller, person: UserId) -> charla_db::Result<Vec<SessionId>> {
    let (tx, now) = (app.db.begin().await?, app.clock.now());
    lock_other(&tx, caller, person).await?;
    let ended = queries::sessions::end_all(&tx, person, None, now).await?;
    let target = (AuditTarget::User, person.0);
    queries::audit::append(&tx, &[act(caller, now, AuditAction::SessionsEnded, target, json!({}))]).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Makes a link by which somebody else chooses a new password: for who has no address that mails reach. Their earlier links
/// are worth nothing from then on.
///
/// # Errors
/// `forbidden`, `not_found`; `conflict` for an account that is out of use.
pub async fn reset_link(app: &App, caller: &Caller, person: UserId) -> Result<ResetLink> {
    check_staff(&caller.user)?;
    let token = one_time::fresh().map_err(Error::internal)?;
    let now = app.clock.now();
    let expires_at = now.plus_millis(LINK_FOR_MS);
    let row = link_tokens::Model {
        hash: one_time::hash(&token),
        purpose: Purpose::Reset.as_str().to_owned(),
        user_id: person.0,
        email_key: String::new(),
        created_at: now.millis(),
        expires_at: expires_at.millis(),
    };
    retry::on_busy(|| keep(app, caller, &row)).await?;
    let path = Purpose::Reset.as_str();
    Ok(ResetLink { url: format!("{}/{path}#token={token}", app.config.public_url), expires_at })
}

async fn keep(app: &App, caller: &Caller, token: &link_tokens::Model) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    let person = lock_other(&tx, caller, UserId(token.user_id)).await?;
    if !person.is_active {
        return Err(DbError::Conflict(ErrorCode::Conflict));
    }
    queries::link_tokens::delete_of_user(&tx, person.user_id(), Some(Purpose::Reset)).await?;
    queries::link_tokens::insert(&tx, token.clone()).await?;
    let details = json!({"expires_at": Timestamp::from_millis(token.expires_at)});
    let (at, target) = (Timestamp::from_millis(token.created_at), (AuditTarget::User, person.id));
    queries::audit::append(&tx, &[act(caller, at, AuditAction::ResetLinkCreated, target, details)]).await?;
    Ok(tx.commit().await?)
}
