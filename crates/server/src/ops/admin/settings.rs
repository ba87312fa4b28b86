//! What superusers set of a running server.

use charla_db::{
    Transaction,
    queries::{self, settings::Overrides},
};
use charla_permissions::Denied;
use charla_protocol::{
    ErrorCode,
    admin::settings::{ServerSettings, UpdateServerSettings},
    audit::{AuditAction, AuditTarget},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    App,
    auth::Caller,
    error::{Error, FieldError, Result},
    ops::{
        retry,
        staff::{act, check_staff},
    },
    text,
};

/// Characters of the welcome at most.
const MAX_WELCOME: usize = 500;
/// Bytes that a file may be let have: as many as the storages take.
const LARGEST: u64 = 1 << 40;

/// What is in force.
///
/// # Errors
/// `forbidden`
pub async fn get(app: &App, caller: &Caller) -> Result<ServerSettings> {
    check_staff(&caller.user)?;
    app.look_at_settings().await?;
    Ok((*app.settings.now()).clone())
}

/// Sets what the body names, on all nodes within ten seconds.
///
/// # Errors
/// `forbidden` for all but superusers; `validation_failed`.
pub async fn update(app: &App, caller: &Caller, body: UpdateServerSettings) -> Result<ServerSettings> {
    if !caller.user.is_superuser {
        return Err(Error::new(ErrorCode::Forbidden));
    }
    let changes = check(body)?;
    retry::on_busy(|| store(app, caller, &changes)).await?;
    get(app, caller).await
}

/// The same changes, as they are to be kept: an empty welcome is none.
fn check(body: UpdateServerSettings) -> Result<UpdateServerSettings> {
    let mut errors = Vec::new();
    if let Some(Some(size)) = body.max_upload_size
        && !(1..=LARGEST).contains(&size)
    {
        let error = FieldError::new("max_upload_size", "out_of_range");
        errors.push(error.with("min", 1).with("max", LARGEST));
    }
    let welcome = body.welcome.map(|welcome| welcome.map(|text| text::clean(&text).trim().to_owned()));
    if matches!(&welcome, Some(Some(text)) if text.chars().count() > MAX_WELCOME) {
        errors.push(FieldError::new("welcome", "too_long").with("max", MAX_WELCOME));
    }
    let welcome = welcome.map(|welcome| welcome.filter(|text| !text.is_empty()));
    if errors.is_empty() { Ok(UpdateServerSettings { welcome, ..body }) } else { Err(Error::fields(errors)) }
}

async fn store(app: &App, caller: &Caller, changes: &UpdateServerSettings) -> charla_db::Result<()> {
    let (tx, now) = (app.db.begin().await?, app.clock.now());
    check_superuser_in(&tx, caller).await?;
    let before = queries::settings::lock(&tx).await?;
    let after = changed(&before, changes.clone());
    if after == before {
        return Ok(());
    }
    queries::settings::set(&tx, &after).await?;
    let details = json!({"changed": names(&before, &after)});
    let target = (AuditTarget::Server, Uuid::nil());
    queries::audit::append(&tx, &[act(caller, now, AuditAction::SettingsChanged, target, details)]).await?;
    Ok(tx.commit().await?)
}

async fn check_superuser_in(tx: &Transaction, caller: &Caller) -> charla_db::Result<()> {
    let user = queries::users::lock(tx, caller.id()).await?;
    let is_superuser = user.is_some_and(|user| user.is_active && user.is_superuser);
    if is_superuser { Ok(()) } else { Err(Denied::Forbidden.into()) }
}

fn changed(before: &Overrides, changes: UpdateServerSettings) -> Overrides {
    let before = before.clone();
    Overrides {
        registration: changes.registration.unwrap_or(before.registration),
        max_upload_size: changes.max_upload_size.unwrap_or(before.max_upload_size),
        public_rooms_by: changes.public_rooms_by.unwrap_or(before.public_rooms_by),
        welcome: changes.welcome.unwrap_or(before.welcome),
    }
}

fn names(before: &Overrides, after: &Overrides) -> Vec<&'static str> {
    let changed = [
        ("registration", before.registration != after.registration),
        ("max_upload_size", before.max_upload_size != after.max_upload_size),
        ("public_rooms_by", before.public_rooms_by != after.public_rooms_by),
        ("welcome", before.welcome != after.welcome),
    ];
    changed.into_iter().filter_map(|(name, is)| is.then_some(name)).collect()
}
