//! What people say of themselves, and how they want it.

use charla_db::{
    Connection, Db, Notice, fold,
    queries::{self, users::Names},
    tables::users,
};
use charla_protocol::{
    ErrorCode, UserId,
    users::{DirectMessages, UpdateMe, UpdateSettings},
};

use super::fields;
use crate::{
    App,
    auth::Caller,
    error::{Error, FieldError, Result},
    ops::retry,
};

/// Changes what the body names of the caller's account, and gives all of it.
///
/// # Errors
/// `validation_failed`
pub async fn update_me(app: &App, caller: &Caller, body: &UpdateMe) -> Result<users::Model> {
    let changes = check(body, app.config.direct_messages)?;
    if changes.email.is_some() {
        app.limits.address_change(caller.id())?;
    }
    let stored = retry::on_busy(|| store(&app.db, caller.id(), &changes)).await;
    let (before, after) = match stored {
        Err(charla_db::Error::Duplicate) => return Err(Error::field("email", "taken")),
        // The account went while its call was under way.
        Err(charla_db::Error::NotFound) => return Err(Error::new(ErrorCode::SessionEnded)),
        stored => stored?,
    };
    if before.summary() != after.summary() || before.bio != after.bio {
        app.tell(vec![Notice::ProfileUpdated(caller.id())]).await;
    }
    if before.receipts() != after.receipts() {
        app.tell(vec![Notice::Receipts(caller.id())]).await;
    }
    Ok(after)
}

/// How the column has it.
pub(super) fn direct_messages_text(choice: DirectMessages) -> &'static str {
    match choice {
        DirectMessages::Everyone => "everyone",
        DirectMessages::Friends => "friends",
    }
}

/// The row before and after.
async fn store(
    db: &Db,
    id: UserId,
    changes: &UpdateMe,
) -> Result<(users::Model, users::Model), charla_db::Error> {
    let tx = db.begin().await?;
    let before = queries::users::lock(&tx, id).await?.ok_or(charla_db::Error::NotFound)?;
    let mut after = before.clone();
    apply(changes, &mut after);
    if after.email_key != before.email_key && is_taken(&tx, after.email.as_deref(), id).await? {
        return Err(charla_db::Error::Duplicate);
    }
    if after != before {
        queries::users::update(&tx, after.clone()).await?;
    }
    tx.commit().await?;
    Ok((before, after))
}

async fn is_taken(tx: &impl Connection, email: Option<&str>, id: UserId) -> Result<bool, charla_db::Error> {
    let names = Names { email, ..Names::default() };
    Ok(queries::users::taken(tx, names, Some(id)).await?.email)
}

/// The same changes, with each value as it is to be kept. `most` is what direct messages the server allows at most.
fn check(body: &UpdateMe, most: DirectMessages) -> Result<UpdateMe> {
    let mut errors = Vec::new();
    let changes = UpdateMe {
        display_name: kept(body.display_name.as_deref(), fields::display_name, &mut errors),
        bio: kept(body.bio.as_deref(), fields::bio, &mut errors),
        phone_number: match &body.phone_number {
            Some(Some(number)) => kept(Some(number), fields::phone_number, &mut errors),
            other => other.clone(),
        },
        email: kept(body.email.as_deref(), fields::email, &mut errors),
        language: body.language,
        settings: body.settings.clone(),
    };
    let asks_for = body.settings.as_ref().and_then(|settings| settings.direct_messages);
    if asks_for == Some(DirectMessages::Everyone) && most == DirectMessages::Friends {
        errors.push(FieldError::new("settings.direct_messages", "not_offered"));
    }
    if errors.is_empty() { Ok(changes) } else { Err(Error::fields(errors)) }
}

fn kept<T>(
    input: Option<&str>,
    check: fn(&str) -> Result<T, FieldError>,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    check(input?).map_err(|error| errors.push(error)).ok()
}

fn apply(changes: &UpdateMe, user: &mut users::Model) {
    if let Some(name) = &changes.display_name {
        user.display_name.clone_from(name);
        user.display_name_key = fields::display_name_key(name);
    }
    if let Some(bio) = &changes.bio {
        user.bio.clone_from(bio);
    }
    if let Some(number) = &changes.phone_number {
        user.phone_number.clone_from(number);
    }
    if let Some(email) = &changes.email {
        set_email(email, user);
    }
    if let Some(language) = changes.language {
        user.language = language.map(|language| language.as_str().to_owned());
    }
    if let Some(settings) = &changes.settings {
        set_settings(settings, user);
    }
}

/// Another address is not verified yet; the same one in other letters stays as it is known.
fn set_email(email: &str, user: &mut users::Model) {
    let key = Some(fold::email_key(email));
    if user.email_key != key {
        user.email_key = key;
        user.email_verified_at = None;
    }
    user.email = Some(email.to_owned());
}

fn set_settings(settings: &UpdateSettings, user: &mut users::Model) {
    if let Some(choice) = settings.direct_messages {
        direct_messages_text(choice).clone_into(&mut user.direct_messages);
    }
    user.show_last_seen = settings.show_last_seen.unwrap_or(user.show_last_seen);
    user.send_read_receipts = settings.send_read_receipts.unwrap_or(user.send_read_receipts);
}
