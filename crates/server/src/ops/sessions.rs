//! Every write to sessions, but for those that end with a password.

use charla_db::{
    Db, Notice, Transaction, queries,
    tables::{mails, pending_sign_ins, sessions, users},
};
use charla_protocol::{
    ErrorCode, SessionId, Timestamp, UserId, auth::Login, two_factor::TwoFactorLogin, users::Language,
};
use uuid::Uuid;

use super::{retry, two_factor};
use crate::{
    App,
    auth::{
        Claims, ClientInfo, Guess, Precedence, TokenPair, Verdict, check_refresh, neighbourhood, network,
        one_time, password_rules::MAX_LENGTH as MAX_PASSWORD, tokens::REFRESH_LIFETIME,
    },
    error::{Error, Result},
    mail::{Facts, Kind},
};

/// Characters of what may be a username or an e-mail address.
const MAX_LOGIN: usize = 254;

/// How long a device is known after it was last used, in milliseconds.
pub const KNOWN_FOR: i64 = 90 * 24 * 60 * 60 * 1000;

/// How long a sign-in waits for its code, in milliseconds.
const WAITS_FOR: i64 = 5 * 60 * 1000;

/// Live sessions of an account at most.
const MAX_SESSIONS: u64 = 100;

/// A signed-in account.
#[derive(Clone, Debug)]
pub struct SignIn {
    pub user: users::Model,
    pub tokens: TokenPair,
}

/// Begins a session. Whatever is wrong, the answer is the same, after the same time. Past 100 sessions the one that has been
/// unused for the longest ends. Who signs in from a new device is told by mail, in `language`. Who tries too many wrong
/// passwords is held up, but holds up nobody else: neither other networks, nor, however many they are, where the account has
/// a live session.
///
/// # Errors
/// `too_many_requests`, `invalid_credentials`; `banned` only for the right password; `two_factor_required`, with a token for
/// [`sign_in_by_code`], where the account has a second factor.
pub async fn sign_in(app: &App, body: &Login, client: &ClientInfo, language: Language) -> Result<SignIn> {
    app.limits.sign_in(client.ip)?;
    let guess = app.limits.guess(&body.username, client.ip, app.clock.now())?;
    let signed = check_and_begin(app, body, client, language, guess.as_ref()).await;
    // Only what was looked at and wrong counts: not what was right, nor what the server was too busy for.
    let is_wrong = signed.as_ref().is_err_and(|error| error.code == ErrorCode::InvalidCredentials);
    if !is_wrong {
        app.limits.forgive(guess.as_ref());
    }
    signed
}

async fn check_and_begin(
    app: &App,
    body: &Login,
    client: &ClientInfo,
    language: Language,
    guess: Option<&Guess>,
) -> Result<SignIn> {
    let refused = || Error::new(ErrorCode::InvalidCredentials);
    let user = find_account(app, &body.username).await?;
    check_guess(app, guess, user.as_ref(), client).await?;
    if body.password.chars().count() > MAX_PASSWORD {
        return Err(refused());
    }
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    let precedence = precedence(app, guess, user.as_ref(), client).await?;
    let verdict = app.passwords.verify(&body.password, hash, precedence).await?;
    let Some(mut user) = user.filter(|_| verdict != Verdict::Wrong) else { return Err(refused()) };
    let verified = user.password_hash.clone();
    if verdict == Verdict::RightButOutdated {
        user.password_hash = app.passwords.hash(&body.password, precedence).await?;
    }
    if user.two_factor_at.is_some() {
        return Err(wait_for_code(app, &verified, &user).await?.map_or_else(refused, second_step));
    }
    let start = Start::of(app, &user, client, language);
    let begun = retry::on_busy(|| begin(&app.db, &verified, &user, &start)).await?;
    started(app, user, &start, begun.ok_or_else(refused)?).await
}

/// Asks for a code, with the token to send along.
fn second_step(token: String) -> Error {
    Error { two_factor_token: Some(token), ..Error::new(ErrorCode::TwoFactorRequired) }
}

/// Has a sign-in with a right password wait for its code. Gives the token that goes on with it, or nothing where the account or
/// the password that was `verified` is good no more.
async fn wait_for_code(app: &App, verified: &str, user: &users::Model) -> Result<Option<String>> {
    let token = one_time::fresh().map_err(Error::internal)?;
    let now = app.clock.now();
    let row = pending_sign_ins::Model {
        hash: one_time::hash(&token),
        user_id: user.id,
        password_digest: one_time::hash(&user.password_hash),
        expires_at: now.plus_millis(WAITS_FOR).millis(),
    };
    let waits = retry::on_busy(|| async {
        let tx = app.db.begin().await?;
        if !lock_verified(&tx, verified, user, now).await? {
            return Ok(false);
        }
        queries::two_factor::insert_pending(&tx, row.clone()).await?;
        tx.commit().await?;
        Ok(true)
    });
    Ok(waits.await?.then_some(token))
}

/// Goes on with a sign-in that waits for a code. Its token is good for five minutes and for one session; a wrong code leaves it
/// good.
///
/// # Errors
/// `too_many_requests`; `invalid_token` where nothing waits under the token; `validation_failed` for a wrong code.
pub async fn sign_in_by_code(
    app: &App,
    body: &TwoFactorLogin,
    client: &ClientInfo,
    language: Language,
) -> Result<SignIn> {
    app.limits.sign_in(client.ip)?;
    let unknown = || Error::new(ErrorCode::InvalidToken);
    let hash = one_time::hash(&body.token);
    let found = queries::two_factor::find_pending(app.db.read(), &hash, app.clock.now()).await?;
    let pending = found.ok_or_else(unknown)?;
    let user = queries::users::find(app.db.read(), UserId(pending.user_id)).await?.ok_or_else(unknown)?;
    let start = Start::of(app, &user, client, language);
    let begin = || begin_by_code(app, &pending, &user, &body.code, &start);
    let begun = two_factor::with_guess(app, user.user_id(), begin).await?;
    started(app, user, &start, begun.ok_or_else(unknown)?).await
}

/// Nothing where the sign-in waits no more, or the account or its password is another by now.
async fn begin_by_code(
    app: &App,
    pending: &pending_sign_ins::Model,
    user: &users::Model,
    code: &str,
    start: &Start,
) -> charla_db::Result<Option<Vec<SessionId>>> {
    let tx = app.db.begin().await?;
    let is_theirs = one_time::hash(&user.password_hash) == pending.password_digest;
    if !is_theirs || !lock_verified(&tx, &user.password_hash, user, start.now).await? {
        return Ok(None);
    }
    two_factor::use_code(&tx, &app.seal, user.user_id(), code, start.now).await?;
    if !queries::two_factor::spend_pending(&tx, &pending.hash).await? {
        return Ok(None);
    }
    store(tx, start).await.map(Some)
}

/// Refuses where all networks together have tried too many wrong passwords, but not those that the account has a live session in.
async fn check_guess(
    app: &App,
    guess: Option<&Guess>,
    user: Option<&users::Model>,
    client: &ClientInfo,
) -> Result<()> {
    let Some(refusal) = guess.and_then(Guess::refusal_of_strangers) else { return Ok(()) };
    if let Some(user) = user
        && is_at_home(app, user, client).await?
    {
        return Ok(());
    }
    Err(refusal)
}

/// Who goes first where many sign in at once: under a flood of wrong passwords that can tell whether there is an account, which a
/// sign-up tells anyway.
async fn precedence(
    app: &App,
    guess: Option<&Guess>,
    user: Option<&users::Model>,
    client: &ClientInfo,
) -> Result<Precedence> {
    let Some(user) = user else { return Ok(Precedence::Nobody) };
    if app.passwords.are_busy() && is_at_home(app, user, client).await? {
        return Ok(Precedence::Known);
    }
    match guess.is_some_and(Guess::is_siege) {
        true => Ok(Precedence::Besieged),
        false => Ok(Precedence::Account),
    }
}

/// Whether the account has a live session in the network that calls.
async fn is_at_home(app: &App, user: &users::Model, client: &ClientInfo) -> Result<bool> {
    let here = neighbourhood(client.ip);
    let live = queries::sessions::live_of_user(app.db.read(), user.user_id(), app.clock.now()).await?;
    let mut places = live.iter().filter_map(|session| session.ip_address.as_deref()?.parse().ok());
    Ok(places.any(|ip| neighbourhood(ip) == here))
}

/// An account in use by its username or e-mail address. What can be neither must not reach the database.
async fn find_account(app: &App, login: &str) -> Result<Option<users::Model>> {
    let login = login.trim();
    if login.chars().count() > MAX_LOGIN || login.contains(char::is_control) {
        return Ok(None);
    }
    let user = queries::users::find_by_login(app.db.read(), login).await?;
    Ok(user.filter(|user| user.is_active && user.deleted_at.is_none() && !user.is_bot()))
}

/// A session that is about to begin, and the mail about it.
struct Start {
    session: sessions::Model,
    notice: Option<mails::Model>,
    now: Timestamp,
}

impl Start {
    fn of(app: &App, user: &users::Model, client: &ClientInfo, language: Language) -> Self {
        let now = app.clock.now();
        let session = new_session(app, user.user_id(), client, now);
        let facts = Facts { device: Some(client.user_agent.clone()), address: Some(client.ip.to_string()) };
        let notice = app.post.rules.notice(&*app.clock, Kind::SignIn, user, &facts, language);
        Self { session, notice, now }
    }
}

/// Tells of a session that has begun, and of those that ended for it.
async fn started(app: &App, user: users::Model, start: &Start, ended: Vec<SessionId>) -> Result<SignIn> {
    app.post.ring();
    if !ended.is_empty() {
        app.tell(vec![Notice::SessionsEnded(ended)]).await;
    }
    signed_in(app, user, &start.session, start.now)
}

/// Stores the session. Gives the sessions that ended for it, or nothing where the account or the password that was `verified`
/// is good no more.
async fn begin(
    db: &Db,
    verified: &str,
    user: &users::Model,
    start: &Start,
) -> Result<Option<Vec<SessionId>>, charla_db::Error> {
    let tx = db.begin().await?;
    if !lock_verified(&tx, verified, user, start.now).await? {
        return Ok(None);
    }
    store(tx, start).await.map(Some)
}

/// Locks the account's row, and stores the password's hash if it is a new one. False where the account, the password that was
/// `verified`, or what signing in takes, is another by now: a session must not slip in behind a change that ended all others.
///
/// # Errors
/// `banned`
async fn lock_verified(
    tx: &Transaction,
    verified: &str,
    user: &users::Model,
    now: Timestamp,
) -> Result<bool, charla_db::Error> {
    let row = queries::users::lock(tx, user.user_id()).await?;
    let is_same = |row: &users::Model| {
        row.is_active && row.password_hash == verified && row.two_factor_at == user.two_factor_at
    };
    let Some(mut row) = row.filter(is_same) else { return Ok(false) };
    row.check_ban(now)?;
    if user.password_hash != verified {
        row.password_hash.clone_from(&user.password_hash);
        queries::users::update(tx, row).await?;
    }
    Ok(true)
}

async fn store(tx: Transaction, start: &Start) -> Result<Vec<SessionId>, charla_db::Error> {
    let Start { session, notice, now } = start;
    if let Some(notice) = notice
        && !is_known(&tx, session, *now).await?
    {
        queries::mails::insert(&tx, notice.clone()).await?;
    }
    queries::sessions::insert(&tx, session.clone()).await?;
    let (user, newest) = (UserId(session.user_id), SessionId(session.id));
    let ended = queries::sessions::end_excess(&tx, user, newest, MAX_SESSIONS, *now).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Whether the account was in use with that program from that network in the last 90 days.
async fn is_known(
    tx: &Transaction,
    session: &sessions::Model,
    now: Timestamp,
) -> Result<bool, charla_db::Error> {
    let (user, since) = (UserId(session.user_id), now.plus_millis(-KNOWN_FOR));
    let seen = queries::sessions::addresses(tx, user, &session.user_agent, since).await?;
    let network = |ip: &str| ip.parse().ok().map(network);
    let here = session.ip_address.as_deref().and_then(network);
    Ok(seen.iter().any(|ip| network(ip) == here))
}

/// A session that begins now, on the device that calls.
pub(super) fn new_session(app: &App, user: UserId, client: &ClientInfo, now: Timestamp) -> sessions::Model {
    sessions::Model {
        id: app.clock.id(),
        user_id: user.0,
        refresh_id: app.clock.id(),
        user_agent: client.user_agent.clone(),
        ip_address: Some(client.ip.to_string()),
        created_at: now.millis(),
        last_used_at: now.millis(),
        expires_at: expiry(now).millis(),
        ended_at: None,
        token_hash: None,
        scopes: None,
    }
}

/// What a device gets for its session.
pub(super) fn signed_in(
    app: &App,
    user: users::Model,
    session: &sessions::Model,
    now: Timestamp,
) -> Result<SignIn> {
    let tokens =
        app.tokens.issue(user.user_id(), SessionId(session.id), session.refresh_id, app.clock.id(), now)?;
    Ok(SignIn { user, tokens })
}

fn expiry(now: Timestamp) -> Timestamp {
    now.plus_millis(REFRESH_LIFETIME * 1000)
}

/// Spends a refresh token for a fresh pair. A spent one that comes again was stolen, from here or from there: the session ends.
///
/// # Errors
/// `too_many_requests`, `invalid_token`, `session_ended`, `account_disabled`.
pub async fn refresh(app: &App, token: &str, client: &ClientInfo) -> Result<TokenPair> {
    app.limits.refresh(client.ip)?;
    let now = app.clock.now();
    let claims = check_refresh(app, token, now).await?;
    let fresh = app.clock.id();
    match retry::on_busy(|| rotate(&app.db, &claims, fresh, now)).await? {
        Rotation::Done => app.tokens.issue(claims.sub, claims.sid, fresh, app.clock.id(), now),
        Rotation::Reused { has_ended } => {
            if has_ended {
                tracing::warn!(user = %claims.sub, session = %claims.sid, "a spent refresh token came again");
                app.tell(vec![Notice::SessionsEnded(vec![claims.sid])]).await;
            }
            Err(Error::new(ErrorCode::SessionEnded))
        }
    }
}

enum Rotation {
    Done,
    /// The token was not the one that is good now.
    Reused {
        has_ended: bool,
    },
}

async fn rotate(db: &Db, claims: &Claims, fresh: Uuid, now: Timestamp) -> Result<Rotation, charla_db::Error> {
    let tx = db.begin().await?;
    let rotated = queries::sessions::rotate(&tx, claims.sid, claims.jti, fresh, now, expiry(now)).await?;
    let rotation = if rotated {
        Rotation::Done
    } else {
        Rotation::Reused { has_ended: queries::sessions::end(&tx, claims.sub, claims.sid, now).await? }
    };
    tx.commit().await?;
    Ok(rotation)
}

/// Ends a live session of the account: its tokens die at once, its sockets close.
///
/// # Errors
/// `not_found` where it has no such session.
pub async fn end_session(app: &App, user: UserId, session: SessionId) -> Result<()> {
    let now = app.clock.now();
    if !retry::on_busy(|| end(&app.db, user, session, now)).await? {
        return Err(Error::not_found());
    }
    app.tell(vec![Notice::SessionsEnded(vec![session])]).await;
    Ok(())
}

/// Ends the session that calls. That it has ended meanwhile is as good.
///
/// # Errors
/// Those of the database.
pub async fn sign_out(app: &App, user: UserId, session: SessionId) -> Result<()> {
    match end_session(app, user, session).await {
        Err(error) if error.code == ErrorCode::NotFound => Ok(()),
        ended => ended,
    }
}

async fn end(db: &Db, user: UserId, session: SessionId, now: Timestamp) -> Result<bool, charla_db::Error> {
    let tx = db.begin().await?;
    let ended = queries::sessions::end(&tx, user, session, now).await?;
    tx.commit().await?;
    Ok(ended)
}
