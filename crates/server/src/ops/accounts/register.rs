//! New accounts.

use std::slice;

use charla_db::{
    Db, Transaction,
    queries::{self, audit::Act},
    tables::{invites, mails, sessions, users},
};
use charla_protocol::{
    ErrorCode, RoomId,
    audit::AuditAction,
    auth::{Register, Registration},
    users::{DirectMessages, Language},
};

use super::new_account::{Form, NewAccount};
use crate::{
    App,
    auth::{ClientInfo, Passwords, Precedence},
    clock::Clock,
    error::{Error, Result},
    ops::{
        invites as invites_ops, retry,
        sessions::{self as session_ops, SignIn},
        setup,
    },
};

/// Makes an account and signs it in. Its e-mail address gets a link to verify it, in `language`. Where it comes by a room's
/// invite, it is in the room at once.
///
/// # Errors
/// `registration_closed`, `invite_required`, `too_many_requests`, `validation_failed`.
pub async fn register(app: &App, body: &Register, client: &ClientInfo, language: Language) -> Result<SignIn> {
    if app.settings.now().registration.value == Registration::Closed {
        return Err(Error::new(ErrorCode::RegistrationClosed));
    }
    app.limits.sign_up(client.ip)?;
    let invite = invited(app, body).await?;
    let form = Form {
        username: &body.username,
        email: Some(&body.email),
        password: &body.password,
        phone_number: body.phone_number.as_deref(),
        display_name: body.display_name.as_deref(),
    };
    let account = NewAccount::check(app.db.read(), form).await?;
    let hash = app.passwords.hash(&body.password, Precedence::Account).await?;
    let now = app.clock.now();
    let user = account.row(app.clock.id(), hash, app.config.direct_messages, false, now);
    let session = session_ops::new_session(app, user.user_id(), client, now);
    let mail = app.post.rules.verify(&*app.clock, &user, language);
    let row = Row { account: &account, user: &user, session: &session, mail: mail.as_ref() };
    let stored = match invite.as_ref().and_then(|invite| Some((invite, invite.room()?))) {
        Some((invite, room)) => store_in_room(app, row, invite, room).await,
        None => retry::on_busy(|| store(app, row, invite.as_ref())).await,
    };
    // The last use may have gone since it was looked at.
    if matches!(stored, Err(charla_db::Error::Conflict(ErrorCode::InviteInvalid))) {
        return Err(not_invited(app));
    }
    account.settle(app.db.read(), stored).await?;
    app.post.ring();
    session_ops::signed_in(app, user, &session, now)
}

/// The invite that comes with the request, which is one that is good; none where none is needed.
async fn invited(app: &App, body: &Register) -> Result<Option<invites::Model>> {
    match body.invite.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => match invites_ops::find_live(app, code).await {
            Ok((invite, _)) => Ok(Some(invite)),
            Err(error) if error.code == ErrorCode::InviteInvalid => Err(not_invited(app)),
            Err(error) => Err(error),
        },
        None if app.settings.now().registration.value == Registration::Invite => Err(not_invited(app)),
        None => Ok(None),
    }
}

fn not_invited(app: &App) -> Error {
    match app.settings.now().registration.value {
        Registration::Open => Error::field("invite", "invite_invalid"),
        Registration::Invite | Registration::Closed => Error::new(ErrorCode::InviteRequired),
    }
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
    let hash = passwords.hash(form.password, Precedence::Account).await?;
    let user = account.row(clock.id(), hash, direct_messages, true, clock.now());
    let created = Act::of_command_line(clock.now(), AuditAction::SuperuserCreated, user.user_id());
    let stored = retry::on_busy(|| store_superuser(db, &account, &user, &created)).await;
    account.settle(db.read(), stored).await?;
    Ok(user)
}

/// A new account with its first session.
#[derive(Clone, Copy)]
struct Row<'a> {
    account: &'a NewAccount,
    user: &'a users::Model,
    session: &'a sessions::Model,
    mail: Option<&'a mails::Model>,
}

impl Row<'_> {
    async fn insert(&self, tx: &Transaction) -> charla_db::Result<()> {
        self.account.insert(tx, self.user.clone()).await?;
        queries::sessions::insert(tx, self.session.clone()).await?;
        match self.mail {
            Some(mail) => queries::mails::insert(tx, mail.clone()).await,
            None => Ok(()),
        }
    }
}

/// `invite` is one of the server.
async fn store(app: &App, row: Row<'_>, invite: Option<&invites::Model>) -> charla_db::Result<()> {
    let tx = app.db.begin().await?;
    if let Some(invite) = invite {
        invites_ops::spend(&tx, Some(invite.clone()), app.clock.now()).await?;
    }
    row.insert(&tx).await?;
    Ok(tx.commit().await?)
}

/// The account is made and in the room, or neither.
async fn store_in_room(
    app: &App,
    row: Row<'_>,
    invite: &invites::Model,
    room: RoomId,
) -> charla_db::Result<()> {
    let (account, user, session) = (row.account.clone(), row.user.clone(), row.session.clone());
    let mail = row.mail.cloned();
    let (clock, code_hash) = (app.clock.clone(), invite.code_hash.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (account, user, session) = (account.clone(), user.clone(), session.clone());
            let mail = mail.clone();
            let (clock, code_hash) = (clock.clone(), code_hash.clone());
            Box::pin(async move {
                let room = queries::access::lock_room(tx, room).await?;
                let row = Row { account: &account, user: &user, session: &session, mail: mail.as_ref() };
                row.insert(tx).await?;
                Ok(((), invites_ops::enter_by(tx, &*clock, room, &user, &code_hash).await?))
            })
        })
        .await
}

async fn store_superuser(
    db: &Db,
    account: &NewAccount,
    user: &users::Model,
    created: &Act,
) -> Result<(), charla_db::Error> {
    let tx = db.begin().await?;
    setup::end(&tx).await?;
    account.insert(&tx, user.clone()).await?;
    queries::audit::append(&tx, slice::from_ref(created)).await?;
    Ok(tx.commit().await?)
}
