//! Other passwords for accounts that are there.

use std::slice;

use charla_db::{
    Db, Notice,
    queries::{self, audit::Act},
    tables::{link_tokens::Purpose, mails, users},
};
use charla_protocol::{SessionId, audit::AuditAction, auth::ChangePassword, users::Language};

use crate::{
    App,
    auth::{Caller, Passwords, Precedence, Verdict, password_rules},
    clock::Clock,
    error::{Error, FieldError, Result},
    mail::{Facts, Kind, Rules},
    ops::retry,
};

/// Changes the caller's password; every other session ends. `language` is for the mail about it.
///
/// # Errors
/// `too_many_requests`, `validation_failed`.
pub async fn change_password(
    app: &App,
    caller: &Caller,
    body: &ChangePassword,
    language: Language,
) -> Result<()> {
    let user = &caller.user;
    app.limits.password_change(caller.id())?;
    let mut errors = Vec::new();
    if app.passwords.verify(&body.old_password, Some(&user.password_hash), Precedence::Known).await?
        == Verdict::Wrong
    {
        errors.push(wrong_password());
    }
    errors.extend(check_new("new_password", &body.new_password, user));
    if !errors.is_empty() {
        return Err(Error::fields(errors));
    }
    let hash = app.passwords.hash(&body.new_password, Precedence::Known).await?;
    let notice = app.post.rules.notice(&*app.clock, Kind::PasswordChanged, user, &Facts::default(), language);
    let swap = || swap(&app.db, &*app.clock, user, &hash, Some(caller.session), notice.as_ref(), None);
    // Somebody else changed it meanwhile: the old one is the old one no more.
    let ended = retry::on_busy(swap).await?.ok_or_else(|| Error::fields(vec![wrong_password()]))?;
    app.post.ring();
    app.tell(vec![Notice::SessionsEnded(ended)]).await;
    Ok(())
}

/// Sets an account's password, for the command line; all of its sessions end. Gives how many.
///
/// # Errors
/// `not_found` without such an account, `validation_failed`.
pub async fn set_password(
    db: &Db,
    clock: &dyn Clock,
    passwords: &Passwords,
    rules: Rules,
    username: &str,
    password: &str,
) -> Result<usize> {
    let user = queries::users::find_by_login(db.read(), username).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(Error::not_found)?;
    let errors = check_new("password", password, &user);
    if !errors.is_empty() {
        return Err(Error::fields(errors));
    }
    let hash = passwords.hash(password, Precedence::Known).await?;
    let notice = rules.notice(clock, Kind::PasswordChanged, &user, &Facts::default(), Language::default());
    let set = Act::of_command_line(clock.now(), AuditAction::PasswordSet, user.user_id());
    let ended = retry::on_busy(|| swap(db, clock, &user, &hash, None, notice.as_ref(), Some(&set))).await?;
    ended.map(|sessions| sessions.len()).ok_or_else(Error::not_found)
}

fn wrong_password() -> FieldError {
    FieldError::new("old_password", "wrong_password")
}

pub(super) fn check_new(field: &str, password: &str, user: &users::Model) -> Vec<FieldError> {
    password_rules::check(field, password, &user.username, user.email.as_deref())
}

/// Puts the new hash in the place of the one that `user` was read with. Gives the sessions that ended,
/// or nothing where the hash is another by now. Links for a new password are worth nothing any more.
async fn swap(
    db: &Db,
    clock: &dyn Clock,
    user: &users::Model,
    hash: &str,
    keep: Option<SessionId>,
    notice: Option<&mails::Model>,
    act: Option<&Act>,
) -> Result<Option<Vec<SessionId>>, charla_db::Error> {
    let tx = db.begin().await?;
    let now_stored = queries::users::lock(&tx, user.user_id()).await?;
    let Some(mut row) = now_stored.filter(|row| row.password_hash == user.password_hash) else {
        return Ok(None);
    };
    hash.clone_into(&mut row.password_hash);
    queries::users::update(&tx, row).await?;
    let ended = queries::sessions::end_all(&tx, user.user_id(), keep, clock.now()).await?;
    queries::link_tokens::delete_of_user(&tx, user.user_id(), Some(Purpose::Reset)).await?;
    if let Some(notice) = notice {
        queries::mails::insert(&tx, notice.clone()).await?;
    }
    queries::audit::append(&tx, act.map_or(&[], slice::from_ref)).await?;
    tx.commit().await?;
    Ok(Some(ended))
}
