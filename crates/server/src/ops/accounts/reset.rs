//! New passwords for who has forgotten theirs.

use charla_db::{
    Db, Notice, queries,
    tables::{
        link_tokens::{self, Purpose},
        mails, users,
    },
};
use charla_protocol::{
    SessionId, Timestamp, UserId,
    auth::{ConfirmReset, RequestReset},
    users::Language,
};

use super::{fields, password::check_new};
use crate::{
    App,
    auth::{ClientInfo, Precedence, one_time, password_rules},
    error::{Error, FieldError, Result},
    mail::{Facts, Kind},
    ops::retry,
};

/// Asks for a link to choose a new password by. Whether the address is anybody's is found out later, when the mail is to be
/// sent: until the answer the same is done for all, and the answer is the same.
///
/// # Errors
/// `too_many_requests`, `validation_failed`.
pub async fn request_reset(
    app: &App,
    body: &RequestReset,
    client: &ClientInfo,
    language: Language,
) -> Result<()> {
    let email = fields::email(&body.email).map_err(|error| Error::fields(vec![error]))?;
    app.limits.reset(&email, client.ip)?;
    if let Some(mail) = app.post.rules.reset(&*app.clock, &email, language) {
        retry::on_busy(|| queue(&app.db, &mail)).await?;
        app.post.ring();
    }
    Ok(())
}

/// Puts a mail that tells of nothing else into the queue.
///
/// # Errors
/// `session_ended` where its account is not in use any more.
pub(super) async fn queue(db: &Db, mail: &mails::Model) -> charla_db::Result<()> {
    let tx = db.begin().await?;
    if let Some(user) = mail.user_id {
        queries::users::check_active(&tx, UserId(user)).await?;
    }
    queries::mails::insert(&tx, mail.clone()).await?;
    Ok(tx.commit().await?)
}

/// Sets the password by the link that was mailed, or that staff have given; all sessions of the account end. That one that was mailed
/// has come back shows that the address is theirs.
///
/// # Errors
/// `too_many_requests`, `validation_failed`: for a link that is no longer good too.
pub async fn confirm_reset(
    app: &App,
    body: &ConfirmReset,
    client: &ClientInfo,
    language: Language,
) -> Result<()> {
    app.limits.link(client.ip)?;
    let hash = one_time::hash(&body.token);
    let token = queries::link_tokens::find(app.db.read(), &hash, Purpose::Reset, app.clock.now()).await?;
    let user = match &token {
        Some(token) => queries::users::find(app.db.read(), UserId(token.user_id)).await?,
        None => None,
    };
    let errors = match &user {
        Some(user) => check_new("new_password", &body.new_password, user),
        None => {
            let mut errors = password_rules::check("new_password", &body.new_password, "", None);
            errors.push(bad_link());
            errors
        }
    };
    if !errors.is_empty() {
        return Err(Error::fields(errors));
    }
    let password_hash = app.passwords.hash(&body.new_password, Precedence::Known).await?;
    let (Some(token), Some(user)) = (token, user) else { return Err(Error::fields(vec![bad_link()])) };
    let notice =
        app.post.rules.notice(&*app.clock, Kind::PasswordChanged, &user, &Facts::default(), language);
    let now = app.clock.now();
    let ended = retry::on_busy(|| swap(&app.db, &token, &password_hash, notice.as_ref(), now)).await?;
    let ended = ended.ok_or_else(|| Error::fields(vec![bad_link()]))?;
    app.post.ring();
    app.tell(vec![Notice::SessionsEnded(ended)]).await;
    Ok(())
}

pub(super) fn bad_link() -> FieldError {
    FieldError::new("token", "link_invalid")
}

/// Spends the token for the new password. Gives the sessions that ended, or nothing where somebody else has spent it, or the
/// account has another address by now.
async fn swap(
    db: &Db,
    token: &link_tokens::Model,
    password_hash: &str,
    notice: Option<&mails::Model>,
    now: Timestamp,
) -> charla_db::Result<Option<Vec<SessionId>>> {
    let tx = db.begin().await?;
    let Some(mut user) = spend(&tx, token, Purpose::Reset, now).await? else { return Ok(None) };
    password_hash.clone_into(&mut user.password_hash);
    if token.is_mailed() {
        user.email_verified_at = user.email_verified_at.or(Some(now.millis()));
    }
    let id = user.user_id();
    queries::users::update(&tx, user).await?;
    let ended = queries::sessions::end_all(&tx, id, None, now).await?;
    if let Some(notice) = notice {
        queries::mails::insert(&tx, notice.clone()).await?;
    }
    tx.commit().await?;
    Ok(Some(ended))
}

/// Takes all tokens of that purpose from the account, if the one is still good. Gives the account, whose row is locked.
pub(super) async fn spend(
    tx: &charla_db::Transaction,
    token: &link_tokens::Model,
    purpose: Purpose,
    now: Timestamp,
) -> charla_db::Result<Option<users::Model>> {
    let user = queries::users::lock(tx, UserId(token.user_id)).await?;
    let has_address = |user: &users::Model| user.email_key.as_ref() == Some(&token.email_key);
    let is_theirs = |user: &users::Model| user.is_active && (!token.is_mailed() || has_address(user));
    let Some(user) = user.filter(is_theirs) else { return Ok(None) };
    if queries::link_tokens::find(tx, &token.hash, purpose, now).await?.is_none() {
        return Ok(None);
    }
    queries::link_tokens::delete_of_user(tx, user.user_id(), Some(purpose)).await?;
    Ok(Some(user))
}
