//! What the command line does to a database, whether or not a server runs on it.

use std::{slice, sync::Arc};

use anyhow::anyhow;
use charla_broker::MemoryBroker;
use charla_db::{
    Db,
    clock::Clock,
    queries::{self, audit::Act},
    search,
};
use charla_protocol::{ErrorCode, UserId, audit::AuditAction, users::Language};

use crate::{
    App,
    app::Parts,
    auth::{Cost, Passwords},
    clock::SystemClock,
    config::Config,
    database,
    error::Error,
    export,
    mail::Rules,
    ops::{
        accounts::{self, Form},
        retry, two_factor,
    },
    serve,
};

/// Applies the migrations that are missing, or with `dry_run` only counts them. Gives how many.
///
/// # Errors
/// Where the database can't be reached, or a migration fails.
pub async fn migrate(config: &Config, dry_run: bool) -> anyhow::Result<usize> {
    let db = database::connect(config, 2).await?;
    let pending = db.pending_migrations().await?;
    if !dry_run {
        db.migrate().await?;
    }
    db.close().await?;
    Ok(pending)
}

/// Makes an account that may do everything.
///
/// # Errors
/// What is wrong with its fields, in words.
pub async fn create_superuser(
    config: &Config,
    username: &str,
    email: Option<&str>,
    password: &str,
) -> anyhow::Result<()> {
    let db = serve::open(config).await?;
    let form = Form { username, email, password, ..Form::default() };
    let made =
        accounts::create_superuser(&db, &SystemClock, &passwords()?, config.direct_messages, form).await;
    db.close().await?;
    made.map(drop).map_err(|error| in_words(&error))
}

pub use charla_db::search::Progress as IndexProgress;

/// Writes the index of messages anew, whether or not a server runs. Ended before it is done, it goes on from there when it is
/// called again. `tell` hears how far it is.
///
/// # Errors
/// Those of the database.
pub async fn reindex(config: &Config, tell: impl FnMut(IndexProgress)) -> anyhow::Result<()> {
    let db = serve::open(config).await?;
    let done = search::reindex(&db, &SystemClock, tell).await;
    db.close().await?;
    Ok(done?)
}

/// Sets an account's password and ends its sessions; the account is told by mail. Gives how many ended. `ask` gives the password; it is called only where
/// there is such an account, so that nobody types one in vain.
///
/// # Errors
/// Where there is no such account, those of `ask`, or what is wrong with the password, in words.
pub async fn change_password(
    config: &Config,
    username: &str,
    ask: impl FnOnce() -> anyhow::Result<String>,
) -> anyhow::Result<usize> {
    let db = serve::open(config).await?;
    let ended = ask_and_set(&db, Rules::of(config), username, ask).await;
    db.close().await?;
    ended
}

async fn ask_and_set(
    db: &Db,
    rules: Rules,
    username: &str,
    ask: impl FnOnce() -> anyhow::Result<String>,
) -> anyhow::Result<usize> {
    let unknown = || anyhow!("there is no account {username:?}");
    let user = queries::users::find_by_login(db.read(), username).await?;
    user.filter(|user| user.deleted_at.is_none()).ok_or_else(unknown)?;
    let set = accounts::set_password(db, &SystemClock, &passwords()?, rules, username, &ask()?).await;
    set.map_err(|error| if error.code == ErrorCode::NotFound { unknown() } else { in_words(&error) })
}

/// Takes the second factor off an account whose owner has lost it, and ends its sessions; the account is told by mail. Gives how
/// many ended.
///
/// # Errors
/// Where there is no such account, or it has no second factor.
pub async fn reset_two_factor(config: &Config, username: &str) -> anyhow::Result<usize> {
    let db = serve::open(config).await?;
    let reset = two_factor::reset(&db, &SystemClock, Rules::of(config), username).await;
    db.close().await?;
    reset.map_err(|error| match error.code {
        ErrorCode::NotFound => anyhow!("there is no account {username:?}"),
        ErrorCode::Conflict => anyhow!("the account {username:?} has no second factor"),
        _ => in_words(&error),
    })
}

/// Everything that an account holds, as the account itself gets it: an archive, to be read from its beginning.
///
/// # Errors
/// Where there is no such account; those of the database, the file storage and the disk.
pub async fn export_account(config: Config, username: &str) -> anyhow::Result<tokio::fs::File> {
    let db = serve::open(&config).await?;
    let user = queries::users::find_by_login(db.read(), username).await?;
    let user = user.filter(|user| user.deleted_at.is_none());
    let user = user.ok_or_else(|| anyhow!("there is no account {username:?}"))?;
    note_export(&db, user.user_id()).await?;
    let parts = Parts {
        db,
        clock: Arc::new(SystemClock),
        password_cost: Cost::STANDARD,
        // It tells nobody anything.
        connect: Box::new(|listener| MemoryBroker::default().join(listener)),
    };
    let app = App::start(config, parts)?;
    export::write(&app, &user).await
}

/// Before anything is taken out: what comes after may fail, and who has seen how much is not known then.
async fn note_export(db: &Db, user: UserId) -> charla_db::Result<()> {
    let exported = Act::of_command_line(SystemClock.now(), AuditAction::AccountExported, user);
    retry::on_busy(|| async {
        let tx = db.begin().await?;
        queries::audit::append(&tx, slice::from_ref(&exported)).await?;
        Ok(tx.commit().await?)
    })
    .await
}

fn passwords() -> anyhow::Result<Passwords> {
    Passwords::new(Cost::STANDARD, 1)
}

fn in_words(error: &Error) -> anyhow::Error {
    let problem = error.problem(Language::En, None);
    let fields = problem.errors.unwrap_or_default();
    let lines: Vec<String> =
        fields.into_iter().map(|(field, texts)| format!("{field}: {}", texts.join(" "))).collect();
    if lines.is_empty() { anyhow!(problem.detail) } else { anyhow!(lines.join("\n")) }
}
