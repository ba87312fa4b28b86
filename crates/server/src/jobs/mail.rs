//! Sends the mails that are queued. Nodes share the queue: who tries a mail first moves its due time on, so that no other
//! tries it meanwhile. A node that dies over a mail leaves it to be tried again after that.
//!
//! A mail may arrive twice only where a node dies between the mail server's yes and the deletion of the row; its
//! `Message-ID` is the same then.

use std::time::Duration;

use charla_db::{
    Db, fold, queries,
    tables::{
        link_tokens::{self, Purpose},
        mails, users,
    },
};
use charla_protocol::{Timestamp, UserId, users::Language};

use crate::{
    App,
    auth::one_time,
    error::{Error, Result},
    mail::{Content, Facts, Failure, Kind, Letter},
    metrics::Job,
    ops::retry,
};

/// How long one node may take for a mail before another may try it.
const TAKEN_FOR: i64 = 5 * MINUTE;
/// What an attempt may take.
const PATIENCE: Duration = Duration::from_secs(3 * 60);
/// How often the queue is looked at without a sign: another node or the command line may have filled it.
const LOOK_EVERY: Duration = Duration::from_secs(60);

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

pub(super) fn start(app: &App) {
    if app.post.rules.are_on() {
        app.run_job(run(app.clone()));
    }
}

async fn run(app: App) {
    loop {
        let asked = app.post.asked();
        let sent = send_due(&app).await;
        app.note_run(Job::Mails, sent.is_ok());
        let wait = match sent {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!(%error, "the queue of mails could not be worked on");
                LOOK_EVERY
            }
        };
        app.post.answer(asked);
        let rung_or_due = async {
            tokio::select! {
                () = app.post.rung() => {}
                () = tokio::time::sleep(wait) => {}
            }
        };
        if !app.goes_on_after(rung_or_due).await {
            return;
        }
    }
}

/// Tries all mails that are due, and says how long there is nothing to do.
async fn send_due(app: &App) -> charla_db::Result<Duration> {
    while let Some(mail) = queries::mails::first_due(app.db.read(), app.clock.now()).await? {
        if app.is_stopping() {
            break;
        }
        let until = app.clock.now().plus_millis(TAKEN_FOR);
        if retry::on_busy(|| take(&app.db, &mail, until)).await? {
            let is_away = work_on(app, &mails::Model { attempts: mail.attempts + 1, ..mail }).await?;
            if is_away {
                return Ok(LOOK_EVERY);
            }
        }
    }
    let next = queries::mails::next_due(app.db.read()).await?;
    let wait = next.map(|next| next.millis() - app.clock.now().millis());
    let wait = wait.map_or(LOOK_EVERY, |wait| Duration::from_millis(wait.max(0).unsigned_abs()));
    Ok(wait.min(LOOK_EVERY))
}

async fn take(db: &Db, mail: &mails::Model, until: Timestamp) -> charla_db::Result<bool> {
    let tx = db.begin().await?;
    let taken = queries::mails::take(&tx, mail, until).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Sends one mail, and settles its row. Says whether the mail server is away.
async fn work_on(app: &App, mail: &mails::Model) -> charla_db::Result<bool> {
    let failure = match tokio::time::timeout(PATIENCE, attempt(app, mail)).await {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => Some(failure),
        Err(_) => Some(Failure::Away("it takes too long".to_owned())),
    };
    let next = app.clock.now().plus_millis(pause(mail.attempts));
    let is_final = matches!(failure, Some(Failure::Refused(_))) || next > deadline(mail);
    let is_away = matches!(failure, Some(Failure::Away(_)));
    let put_off = match failure {
        None => None,
        Some(Failure::Refused(why) | Failure::NotNow(why) | Failure::Away(why)) if is_final => {
            tracing::warn!(mail = %mail.id, kind = mail.kind, attempts = mail.attempts, why, "a mail is given up");
            app.metrics.work.mails.given_up.increment();
            None
        }
        Some(Failure::Refused(why) | Failure::NotNow(why) | Failure::Away(why)) => {
            tracing::debug!(mail = %mail.id, kind = mail.kind, why, "a mail will be tried again");
            app.metrics.work.mails.put_off.increment();
            Some(next)
        }
    };
    retry::on_busy(|| settle(&app.db, mail, put_off)).await?;
    Ok(is_away)
}

async fn settle(db: &Db, mail: &mails::Model, put_off: Option<Timestamp>) -> charla_db::Result<()> {
    let tx = db.begin().await?;
    match put_off {
        Some(until) => queries::mails::put_off(&tx, mail.id, until).await?,
        None => queries::mails::delete(&tx, mail.id).await?,
    }
    Ok(tx.commit().await?)
}

/// A minute, two, four … an hour.
fn pause(attempts: i32) -> i64 {
    (MINUTE << (attempts - 1).clamp(0, 6)).min(HOUR)
}

/// Until when it is worth trying.
fn deadline(mail: &mails::Model) -> Timestamp {
    let lifetime = match Kind::from_name(&mail.kind) {
        Some(Kind::Reset) => HOUR,
        _ => DAY,
    };
    Timestamp::from_millis(mail.created_at + lifetime)
}

async fn attempt(app: &App, mail: &mails::Model) -> Result<(), Failure> {
    let not_now = |error: Error| Failure::NotNow(error.code.as_str().to_owned());
    if let Some((letter, address)) = letter(app, mail).await.map_err(not_now)? {
        app.post.transport.send(mail, &address, letter).await?;
        app.metrics.work.mails.sent.increment();
    }
    Ok(())
}

/// The letter, with a link of its own where it has one, and the address it goes to. None where nobody is to get it any more.
async fn letter(app: &App, mail: &mails::Model) -> Result<Option<(Letter, String)>> {
    let Some(kind) = Kind::from_name(&mail.kind) else { return Ok(None) };
    let Some(user) = reader(app, kind, mail).await? else { return Ok(None) };
    let purpose = match kind {
        Kind::Reset => Some((Purpose::Reset, HOUR)),
        Kind::Verify => Some((Purpose::Verify, DAY)),
        Kind::SignIn
        | Kind::PasswordChanged
        | Kind::EmailChanged
        | Kind::TwoFactorOn
        | Kind::TwoFactorOff => None,
    };
    let url = match purpose {
        Some((purpose, lifetime)) => match link(app, &user, purpose, lifetime).await? {
            Some(url) => Some(url),
            None => return Ok(None),
        },
        None => None,
    };
    let language = user.language().or(Language::from_tag(&mail.language)).unwrap_or_default();
    let is_known = user.email_verified_at.is_some() && has_address(&user, mail);
    let facts: Facts = serde_json::from_str(&mail.facts).unwrap_or_default();
    let content = Content {
        kind,
        language,
        host: app.config.public_host(),
        account: is_known.then_some(user.username.as_str()),
        at: url.is_none().then_some(Timestamp::from_millis(mail.created_at)),
        facts: &facts,
        url,
    };
    // A link goes to the address as the account has it: what somebody typed may only be taken for the same.
    let address =
        user.email.clone().filter(|_| content.url.is_some()).unwrap_or_else(|| mail.address.clone());
    Ok(Some((Letter::write(&content)?, address)))
}

/// Whose mail it is, if they are still to get it.
async fn reader(app: &App, kind: Kind, mail: &mails::Model) -> Result<Option<users::Model>> {
    let db = app.db.read();
    let user = match mail.user_id {
        Some(id) => queries::users::find(db, UserId(id)).await?,
        None => queries::users::find_by_email(db, &mail.address).await?,
    };
    Ok(user.filter(|user| user.is_active && user.deleted_at.is_none()).filter(|user| match kind {
        Kind::Reset => has_address(user, mail),
        Kind::Verify => has_address(user, mail) && user.email_verified_at.is_none(),
        Kind::SignIn
        | Kind::PasswordChanged
        | Kind::EmailChanged
        | Kind::TwoFactorOn
        | Kind::TwoFactorOff => true,
    }))
}

fn has_address(user: &users::Model, mail: &mails::Model) -> bool {
    user.email_key == Some(fold::email_key(&mail.address))
}

/// A new link that is good for so many milliseconds. None where the account has another address by now, or is out of use.
async fn link(app: &App, user: &users::Model, purpose: Purpose, lifetime: i64) -> Result<Option<String>> {
    let token = one_time::fresh().map_err(Error::internal)?;
    let now = app.clock.now();
    let row = link_tokens::Model {
        hash: one_time::hash(&token),
        purpose: purpose.as_str().to_owned(),
        user_id: user.id,
        email_key: user.email_key.clone().unwrap_or_default(),
        created_at: now.millis(),
        expires_at: now.plus_millis(lifetime).millis(),
    };
    let is_kept = retry::on_busy(|| keep(&app.db, &row)).await?;
    Ok(is_kept.then(|| format!("{}/{}#token={token}", app.config.public_url, purpose.as_str())))
}

/// Keeps what a link is good for. False where it would lead nowhere: the account may have been deleted since it was looked up.
async fn keep(db: &Db, token: &link_tokens::Model) -> charla_db::Result<bool> {
    let tx = db.begin().await?;
    let user = queries::users::lock(&tx, UserId(token.user_id)).await?;
    if !user.is_some_and(|user| user.is_active && user.email_key.as_ref() == Some(&token.email_key)) {
        return Ok(false);
    }
    queries::link_tokens::insert(&tx, token.clone()).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_an_hour() {
        let minutes: Vec<i64> = (1..=9).map(|attempts| pause(attempts) / MINUTE).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
