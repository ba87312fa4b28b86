//! New accounts.

use charla_db::{
    Db, queries,
    tables::{mails, sessions, users},
};
use charla_protocol::{ErrorCode, auth::Register, users::{DirectMessages, Language}};

use super::new_account::{Form, NewAccount};
use crate::{
    App,
    auth::{ClientInfo, Passwords},
    clock::Clock,
    config::Registration,
    error::{Error, Result},
    ops::{
        retry,
        sessions::{self as session_ops, SignIn},
        setup,
    },
};

/// Makes an account and signs it in. Its e-mail address gets a link to verify it, in `language`.
///
/// # Errors
/// `registration_closed`, `too_many_requests`, `validation_failed`.
pub async fn register(
    app: &App,
    body: &Register,
    client: &ClientInfo,
    language: Language,
) -> Result<SignIn> {
    match app.config.registration {
        Registration::Open => {}
        // There are no invites yet, so that nobody has one.
        Registration::Invite | Registration::Closed => {
            return Err(Error::new(ErrorCode::RegistrationClosed));
        }
    }
    app.limits.sign_up(client.ip)?;
    let form = Form {
        username: &body.username,
        email: Some(&body.email),
        password: &body.password,
        phone_number: body.phone_number.as_deref(),
        display_name: body.display_name.as_deref(),
    };
    let account = NewAccount::check(app.db.read(), form).await?;
    let hash = app.passwords.hash(&body.password).await?;
    let now = app.clock.now();
    let user = account.row(app.clock.id(), hash, app.config.direct_messages, false, now);
    let session = session_ops::new_session(app, user.user_id(), client, now);
    let mail = app.post.rules.verify(&*app.clock, &user, language);
    let stored = retry::on_busy(|| store(&app.db, &account, &user, &session, mail.as_ref())).await;
    account.settle(app.db.read(), stored).await?;
    app.post.ring();
    session_ops::signed_in(app, user, &session, now)
}

/// Makes an account of staff that may do everything, for the command line. The link of the first start is worth nothing then.
///
/// # Errors
/// `validation_failed`
pub async fn create_superuser(
    db: &Db,
    clock: &dyn Clock,
    passwords: &Passwords,
    direct_messages: DirectMessages,
    form: Form<'_>,
) -> Result<users::Model> {
    let account = NewAccount::check(db.read(), form).await?;
    let hash = passwords.hash(form.password).await?;
    let user = account.row(clock.id(), hash, direct_messages, true, clock.now());
    let stored = retry::on_busy(|| store_superuser(db, &account, &user)).await;
    account.settle(db.read(), stored).await?;
    Ok(user)
}

async fn store(
    db: &Db,
    account: &NewAccount,
    user: &users::Model,
    session: &sessions::Model,
    mail: Option<&mails::Model>,
) -> Result<(), charla_db::Error> {
    let tx = db.begin().await?;
    account.insert(&tx, user.clone()).await?;
    queries::sessions::insert(&tx, session.clone()).await?;
    if let Some(mail) = mail {
        queries::mails::insert(&tx, mail.clone()).await?;
    }
    Ok(tx.commit().await?)
}

async fn store_superuser(db: &Db, account: &NewAccount, user: &users::Model) -> Result<(), charla_db::Error> {
    let tx = db.begin().await?;
    setup::end(&tx).await?;
    account.insert(&tx, user.clone()).await?;
    Ok(tx.commit().await?)
}
