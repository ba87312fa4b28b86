//! Every write to the second factor of accounts.

use charla_db::{
    Db, Error as DbError, Notice, Transaction,
    queries::{self, audit::Act},
    tables::{authenticators, mails, users},
};
use charla_protocol::{
    ErrorCode, SessionId, Timestamp, UserId,
    audit::AuditAction,
    two_factor::{RecoveryCodes, TwoFactor, TwoFactorProof, TwoFactorSetup},
    users::Language,
};
use rand::{TryRngCore, rngs::OsRng};

use super::retry;
use crate::{
    App,
    auth::{Caller, Precedence, Seal, Verdict, one_time, totp},
    clock::Clock,
    error::{Error, Result},
    mail::{Facts, Kind, Rules},
};

/// Authenticators that are sealed anew at a time.
const PAGE: u64 = 200;
/// Recovery codes that an account gets.
const CODES: usize = 10;
/// Random bytes of each: 24 characters. So much randomness needs no slow hash.
const CODE_BYTES: usize = 15;
const CODE_LENGTH: usize = 24;

/// Whether signing in takes a code, and how many recovery codes are left.
///
/// # Errors
/// Those of the database.
pub async fn status(app: &App, user: &users::Model) -> Result<TwoFactor> {
    Ok(TwoFactor {
        enabled_at: user.two_factor_at.map(Timestamp::from_millis),
        recovery_codes_left: queries::two_factor::count_recovery_codes(app.db.read(), user.user_id()).await?,
        is_required: app.requires_two_factor(user),
    })
}

/// Makes a secret, which waits for its first code.
///
/// # Errors
/// `conflict` where the second factor is on.
pub async fn set_up(app: &App, caller: &Caller) -> Result<TwoFactorSetup> {
    let secret = totp::secret().map_err(Error::internal)?;
    let sealed = app.seal.close(caller.id().0.as_bytes(), &secret)?;
    retry::on_busy(|| wait_for_code(&app.db, caller.id(), &sealed)).await?;
    let otpauth_uri = totp::uri(app.config.public_host(), &caller.user.username, &secret);
    Ok(TwoFactorSetup { secret: totp::base32(&secret), otpauth_uri })
}

async fn wait_for_code(db: &Db, user: UserId, sealed: &str) -> charla_db::Result<()> {
    let tx = db.begin().await?;
    check_is_off(&queries::users::lock_active(&tx, user).await?)?;
    let row = authenticators::Model { user_id: user.0, secret: sealed.to_owned(), last_step: 0 };
    queries::two_factor::replace(&tx, row).await?;
    Ok(tx.commit().await?)
}

/// Turns it on, by a code of the secret that waits. Every other session ends: each has come in without a code. The account is
/// told by mail, in `language`.
///
/// # Errors
/// `too_many_requests`, `validation_failed`; `conflict` where it is on, or no secret waits.
pub async fn enable(
    app: &App,
    caller: &Caller,
    proof: &TwoFactorProof,
    language: Language,
) -> Result<RecoveryCodes> {
    check_is_off(&caller.user)?;
    check_password(app, caller, &proof.password).await?;
    let (codes, hashes) = recovery_codes(caller.id())?;
    let notice = notice(app, Kind::TwoFactorOn, &caller.user, language);
    let ended = with_guess(app, caller.id(), || async {
        let tx = app.db.begin().await?;
        let mut user = lock_checked(&tx, &caller.user).await?;
        check_is_off(&user)?;
        let waiting = queries::two_factor::find(&tx, caller.id()).await?;
        let waiting = waiting.ok_or(DbError::Conflict(ErrorCode::Conflict))?;
        let now = app.clock.now();
        if !use_step(&tx, &app.seal, &waiting, &normalised(&proof.code), now).await? {
            return Err(wrong_code());
        }
        user.two_factor_at = Some(now.millis());
        queries::users::update(&tx, user).await?;
        queries::two_factor::replace_recovery_codes(&tx, caller.id(), &hashes).await?;
        let ended = queries::sessions::end_all(&tx, caller.id(), Some(caller.session), now).await?;
        send(&tx, notice.as_ref()).await?;
        tx.commit().await?;
        Ok(ended)
    })
    .await?;
    app.post.ring();
    app.tell(vec![Notice::SessionsEnded(ended)]).await;
    Ok(RecoveryCodes { recovery_codes: codes })
}

/// Turns it off. The account is told by mail, in `language`.
///
/// # Errors
/// `too_many_requests`, `validation_failed`; `conflict` where it is off; `two_factor_setup_required` where the server asks for it.
pub async fn disable(app: &App, caller: &Caller, proof: &TwoFactorProof, language: Language) -> Result<()> {
    check_is_on(&caller.user)?;
    if app.requires_two_factor(&caller.user) {
        return Err(Error::new(ErrorCode::TwoFactorSetupRequired));
    }
    check_password(app, caller, &proof.password).await?;
    let notice = notice(app, Kind::TwoFactorOff, &caller.user, language);
    with_guess(app, caller.id(), || async {
        let tx = app.db.begin().await?;
        let user = lock_proved(app, &tx, caller, &proof.code).await?;
        clear(&tx, user, notice.as_ref()).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    app.post.ring();
    Ok(())
}

/// Gives new recovery codes; those of before are worth nothing any more.
///
/// # Errors
/// `too_many_requests`, `validation_failed`; `conflict` where the second factor is off.
pub async fn renew_codes(app: &App, caller: &Caller, proof: &TwoFactorProof) -> Result<RecoveryCodes> {
    check_is_on(&caller.user)?;
    check_password(app, caller, &proof.password).await?;
    let (codes, hashes) = recovery_codes(caller.id())?;
    with_guess(app, caller.id(), || async {
        let tx = app.db.begin().await?;
        lock_proved(app, &tx, caller, &proof.code).await?;
        queries::two_factor::replace_recovery_codes(&tx, caller.id(), &hashes).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    Ok(RecoveryCodes { recovery_codes: codes })
}

/// Turns it off for who has lost all codes, for the command line; all sessions of the account end. Gives how many. The account
/// is told by mail.
///
/// # Errors
/// `not_found` without such an account, `conflict` where it is off.
pub async fn reset(db: &Db, clock: &dyn Clock, rules: Rules, username: &str) -> Result<usize> {
    let user = queries::users::find_by_login(db.read(), username).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(Error::not_found)?;
    let notice = rules.notice(clock, Kind::TwoFactorOff, &user, &Facts::default(), Language::default());
    let act = Act::of_command_line(clock.now(), AuditAction::TwoFactorReset, user.user_id());
    let ended = retry::on_busy(|| take_off(db, user.user_id(), notice.as_ref(), &act)).await?;
    Ok(ended.len())
}

async fn take_off(
    db: &Db,
    id: UserId,
    notice: Option<&mails::Model>,
    act: &Act,
) -> charla_db::Result<Vec<SessionId>> {
    let tx = db.begin().await?;
    let user = queries::users::lock(&tx, id).await?.ok_or(DbError::NotFound)?;
    check_is_on(&user)?;
    clear(&tx, user, notice).await?;
    let ended = queries::sessions::end_all(&tx, id, None, act.at).await?;
    queries::audit::append(&tx, std::slice::from_ref(act)).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Uses a code for an account whose row is locked: what the authenticator shows, or a recovery code. Each is good once.
///
/// # Errors
/// Those of the database; a wrong code is a rejected field.
pub(super) async fn use_code(
    tx: &Transaction,
    seal: &Seal,
    user: UserId,
    typed: &str,
    now: Timestamp,
) -> charla_db::Result<()> {
    let typed = normalised(typed);
    let is_right = if typed.len() == CODE_LENGTH {
        queries::two_factor::spend_recovery_code(tx, user, &recovery_hash(user, &typed)).await?
    } else if let Some(authenticator) = queries::two_factor::find(tx, user).await? {
        use_step(tx, seal, &authenticator, &typed, now).await?
    } else {
        false
    };
    if is_right { Ok(()) } else { Err(wrong_code()) }
}

async fn use_step(
    tx: &Transaction,
    seal: &Seal,
    authenticator: &authenticators::Model,
    typed: &str,
    now: Timestamp,
) -> charla_db::Result<bool> {
    let Some(secret) = seal.open(authenticator.user_id.as_bytes(), &authenticator.secret) else {
        tracing::error!(user = %authenticator.user_id, "an authenticator was stored under another SECRET_KEY");
        return Ok(false);
    };
    let Some(step) = totp::find_step(&secret, typed, authenticator.last_step, now) else { return Ok(false) };
    queries::two_factor::set_last_step(tx, UserId(authenticator.user_id), step).await?;
    Ok(true)
}

/// Seals anew what is sealed under the key before, so that it can be forgotten. Gives how many secrets.
///
/// # Errors
/// Those of the database, and of the source of randomness.
pub async fn seal_anew(app: &App) -> Result<usize> {
    let (mut last, mut count) = (None, 0);
    loop {
        let page = queries::two_factor::behind(app.db.read(), last, PAGE).await?;
        let Some(end) = page.last() else { return Ok(count) };
        last = Some(UserId(end.user_id));
        let renewed = page.iter().map(|row| Ok((row, app.seal.renew(row.user_id.as_bytes(), &row.secret)?)));
        let renewed: Vec<_> = renewed.collect::<Result<_>>()?;
        count += retry::on_busy(|| renew(&app.db, &renewed)).await?;
    }
}

async fn renew(db: &Db, renewed: &[(&authenticators::Model, Option<String>)]) -> charla_db::Result<usize> {
    let tx = db.begin().await?;
    let mut count = 0;
    for (old, secret) in renewed.iter().filter_map(|(old, secret)| Some((old, secret.as_ref()?))) {
        queries::two_factor::renew(&tx, old, secret).await?;
        count += 1;
    }
    tx.commit().await?;
    Ok(count)
}

/// Runs what looks at a code, and counts it where it was wrong.
pub(super) async fn with_guess<T, F: Future<Output = charla_db::Result<T>>>(
    app: &App,
    user: UserId,
    work: impl FnMut() -> F,
) -> Result<T> {
    let guess = app.limits.code(user, app.clock.now())?;
    let done = retry::on_busy(work).await;
    if !matches!(done, Err(DbError::Rejected { field: "code", .. })) {
        app.limits.forgive_code(guess);
    }
    Ok(done?)
}

async fn check_password(app: &App, caller: &Caller, password: &str) -> Result<()> {
    app.limits.password_change(caller.id())?;
    match app.passwords.verify(password, Some(&caller.user.password_hash), Precedence::Known).await? {
        Verdict::Wrong => Err(Error::field("password", "wrong_password")),
        Verdict::Right | Verdict::RightButOutdated => Ok(()),
    }
}

/// The caller's row, locked, once a code has been used.
async fn lock_proved(
    app: &App,
    tx: &Transaction,
    caller: &Caller,
    code: &str,
) -> charla_db::Result<users::Model> {
    let user = lock_checked(tx, &caller.user).await?;
    check_is_on(&user)?;
    use_code(tx, &app.seal, caller.id(), code, app.clock.now()).await?;
    Ok(user)
}

/// The row, locked, if its password is still the one that was checked.
async fn lock_checked(tx: &Transaction, seen: &users::Model) -> charla_db::Result<users::Model> {
    let user = queries::users::lock_active(tx, seen.user_id()).await?;
    if user.password_hash == seen.password_hash {
        Ok(user)
    } else {
        Err(DbError::Rejected { field: "password", reason: "wrong_password" })
    }
}

fn check_is_on(user: &users::Model) -> charla_db::Result<()> {
    if user.two_factor_at.is_some() { Ok(()) } else { Err(DbError::Conflict(ErrorCode::Conflict)) }
}

fn check_is_off(user: &users::Model) -> charla_db::Result<()> {
    if user.two_factor_at.is_none() { Ok(()) } else { Err(DbError::Conflict(ErrorCode::Conflict)) }
}

fn wrong_code() -> DbError {
    DbError::Rejected { field: "code", reason: "wrong_code" }
}

fn notice(app: &App, kind: Kind, user: &users::Model, language: Language) -> Option<mails::Model> {
    app.post.rules.notice(&*app.clock, kind, user, &Facts::default(), language)
}

/// Takes the second factor off an account, with its codes.
async fn clear(
    tx: &Transaction,
    mut user: users::Model,
    notice: Option<&mails::Model>,
) -> charla_db::Result<()> {
    let id = user.user_id();
    user.two_factor_at = None;
    queries::users::update(tx, user).await?;
    queries::two_factor::delete_of_user(tx, id).await?;
    send(tx, notice).await
}

async fn send(tx: &Transaction, notice: Option<&mails::Model>) -> charla_db::Result<()> {
    if let Some(notice) = notice {
        queries::mails::insert(tx, notice.clone()).await?;
    }
    Ok(())
}

/// As people may type it: in groups, in small letters.
fn normalised(typed: &str) -> String {
    let is_kept = |sign: &char| !sign.is_whitespace() && *sign != '-';
    typed.chars().filter(is_kept).take(CODE_LENGTH + 1).collect::<String>().to_ascii_uppercase()
}

/// New recovery codes as they are shown, and their hashes.
fn recovery_codes(user: UserId) -> Result<(Vec<String>, Vec<String>)> {
    let mut codes = Vec::with_capacity(CODES);
    let mut hashes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let mut bytes = [0; CODE_BYTES];
        OsRng.try_fill_bytes(&mut bytes).map_err(Error::internal)?;
        let code = totp::base32(&bytes);
        hashes.push(recovery_hash(user, &code));
        let groups = code.as_bytes().chunks(4).map(String::from_utf8_lossy);
        codes.push(groups.collect::<Vec<_>>().join("-").to_ascii_lowercase());
    }
    Ok((codes, hashes))
}

fn recovery_hash(user: UserId, code: &str) -> String {
    one_time::hash(&format!("{user} {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let user = UserId(uuid::Uuid::from_u128(1));
        let (codes, hashes) = recovery_codes(user).unwrap();
        assert_eq!((codes.len(), hashes.len()), (CODES, CODES));
        for (code, hash) in codes.iter().zip(&hashes) {
            assert_eq!(code.len(), CODE_LENGTH + 5, "{code}");
            for typed in [code.clone(), code.to_uppercase(), code.replace('-', " "), format!(" {code}\n")] {
                assert_eq!(recovery_hash(user, &normalised(&typed)), *hash);
            }
            assert_ne!(recovery_hash(UserId(uuid::Uuid::nil()), &normalised(code)), *hash, "one's own alone");
        }
        assert_eq!(normalised(&"9".repeat(1_000)).len(), CODE_LENGTH + 1);
    }
}
