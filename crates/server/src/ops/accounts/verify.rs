//! Whether an e-mail address is its account's: a link that was mailed there has come back.

use charla_db::{
    Db, queries,
    tables::{
        link_tokens::{self, Purpose},
        users,
    },
};
use charla_protocol::{ErrorCode, Timestamp, auth::VerifyEmail, users::Language};

use super::reset::{bad_link, queue, spend};
use crate::{
    App,
    auth::{ClientInfo, one_time},
    error::{Error, Result},
    ops::retry,
};

/// Notes that the address of the link is verified.
///
/// # Errors
/// `too_many_requests`; `validation_failed` for a link that is no longer good.
pub async fn verify_email(app: &App, body: &VerifyEmail, client: &ClientInfo) -> Result<()> {
    app.limits.link(client.ip)?;
    let now = app.clock.now();
    let hash = one_time::hash(&body.token);
    let token = queries::link_tokens::find(app.db.read(), &hash, Purpose::Verify, now).await?;
    let token = token.ok_or_else(|| Error::fields(vec![bad_link()]))?;
    match retry::on_busy(|| store(&app.db, &token, now)).await? {
        true => Ok(()),
        false => Err(Error::fields(vec![bad_link()])),
    }
}

/// False where somebody else has spent the token, or the account has another address by now.
async fn store(db: &Db, token: &link_tokens::Model, now: Timestamp) -> charla_db::Result<bool> {
    let tx = db.begin().await?;
    let Some(mut user) = spend(&tx, token, Purpose::Verify, now).await? else { return Ok(false) };
    user.email_verified_at = Some(now.millis());
    queries::users::update(&tx, user).await?;
    tx.commit().await?;
    Ok(true)
}

/// Mails the link again, unless the address is verified.
///
/// # Errors
/// `too_many_requests`, `no_mail`.
pub async fn send_verification(app: &App, user: &users::Model, language: Language) -> Result<()> {
    if !app.post.rules.are_on() {
        return Err(Error::new(ErrorCode::NoMail));
    }
    app.limits.verification(user.user_id())?;
    if let Some(mail) = app.post.rules.verify(&*app.clock, user, language) {
        retry::on_busy(|| queue(&app.db, &mail)).await?;
        app.post.ring();
    }
    Ok(())
}
