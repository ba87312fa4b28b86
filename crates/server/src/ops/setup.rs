//! The first start: whoever holds the link that the server printed makes the first administrator.

use std::slice;

use anyhow::anyhow;
use charla_db::{
    Connection, Db,
    queries::{
        self,
        audit::{Act, Via},
    },
    tables::{sessions, users},
};
use charla_protocol::{ErrorCode, audit::AuditAction, auth::Setup};
use subtle::ConstantTimeEq;

use super::{
    accounts::{Form, NewAccount},
    retry,
    sessions::{self as session_ops, SignIn},
};
use crate::{
    App,
    auth::{ClientInfo, Precedence, one_time},
    error::{Error, Result},
};

/// Where the token is kept, and whose it is, sealed: each node and each start prints the same link.
const NAME: &str = "setup_token";

/// The one-time token, while there is no administrator: the one that is kept, or a new one where there is none.
/// Sign-ups don't end the setup: otherwise whoever comes first could keep the owner out.
///
/// # Errors
/// Those of the database, and of the source of randomness.
pub async fn begin(app: &App) -> anyhow::Result<Option<String>> {
    if queries::users::has_superuser(app.db.read()).await? {
        return Ok(None);
    }
    let stored = queries::server_state::get(app.db.read(), NAME).await?;
    if let Some(token) = stored.as_deref().and_then(|sealed| open(app, sealed)) {
        return Ok(Some(token));
    }
    let token = one_time::fresh()?;
    let sealed = app
        .seal
        .close(NAME.as_bytes(), token.as_bytes())
        .map_err(|_| anyhow!("there is no randomness to be had"))?;
    match retry::on_busy(|| keep(&app.db, stored.as_deref(), &sealed)).await {
        Ok(()) => Ok(Some(token)),
        // Another node was first.
        Err(charla_db::Error::Duplicate) => Ok(kept(app).await?),
        Err(error) => Err(error.into()),
    }
}

async fn kept(app: &App) -> Result<Option<String>, charla_db::Error> {
    let sealed = queries::server_state::get(app.db.read(), NAME).await?;
    Ok(sealed.and_then(|sealed| open(app, &sealed)))
}

/// The token; none where it was sealed under another `SECRET_KEY`.
fn open(app: &App, sealed: &str) -> Option<String> {
    String::from_utf8(app.seal.open(NAME.as_bytes(), sealed)?).ok()
}

/// Takes the place of what can't be opened any more, and of nothing else.
async fn keep(db: &Db, stale: Option<&str>, sealed: &str) -> Result<(), charla_db::Error> {
    let tx = db.begin().await?;
    if let Some(stale) = stale {
        queries::server_state::delete_value(&tx, NAME, stale).await?;
    }
    queries::server_state::insert(&tx, NAME, sealed).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes the first administrator, and signs it in. Works once, whatever races.
///
/// # Errors
/// `too_many_requests`, `setup_done`, `invalid_token`, `validation_failed`.
pub async fn complete(app: &App, body: &Setup, client: &ClientInfo) -> Result<SignIn> {
    app.limits.sign_up(client.ip)?;
    if queries::users::has_superuser(app.db.read()).await? {
        return Err(Error::new(ErrorCode::SetupDone));
    }
    let expected = kept(app).await?;
    if !expected.is_some_and(|expected| bool::from(expected.as_bytes().ct_eq(body.token.as_bytes()))) {
        return Err(Error::new(ErrorCode::InvalidToken));
    }
    let form = Form {
        username: &body.username,
        email: Some(&body.email),
        password: &body.password,
        ..Form::default()
    };
    let account = NewAccount::check(app.db.read(), form).await?;
    let password_hash = app.passwords.hash(&body.password, Precedence::Known).await?;
    let now = app.clock.now();
    let user = account.row(app.clock.id(), password_hash, app.config.direct_messages, true, now);
    let session = session_ops::new_session(app, user.user_id(), client, now);
    let created = Act {
        actor: Some(user.user_id()),
        via: Via { address: Some(client.ip), request: None },
        ..Act::of_command_line(now, AuditAction::SuperuserCreated, user.user_id())
    };
    let stored = retry::on_busy(|| store(&app.db, &account, &user, &session, &created)).await;
    if account.settle(app.db.read(), stored).await? {
        session_ops::signed_in(app, user, &session, now)
    } else {
        Err(Error::new(ErrorCode::SetupDone))
    }
}

/// Takes the token away, where there is one: somebody becomes administrator without it. Says whether there was one.
///
/// # Errors
/// Those of the database.
pub(super) async fn end(tx: &impl Connection) -> Result<bool, charla_db::Error> {
    queries::server_state::delete(tx, NAME).await
}

/// Who takes the token away is the one who may go on: the row's lock decides.
async fn store(
    db: &Db,
    account: &NewAccount,
    user: &users::Model,
    session: &sessions::Model,
    created: &Act,
) -> Result<bool, charla_db::Error> {
    let tx = db.begin().await?;
    if !end(&tx).await? || queries::users::has_superuser(&tx).await? {
        return Ok(false);
    }
    account.insert(&tx, user.clone()).await?;
    queries::sessions::insert(&tx, session.clone()).await?;
    queries::audit::append(&tx, slice::from_ref(created)).await?;
    tx.commit().await?;
    Ok(true)
}
