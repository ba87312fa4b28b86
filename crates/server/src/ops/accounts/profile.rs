//! What people say of themselves, and how they want it.

use charla_db::{
    Connection, Notice, fold,
    queries::{self, users::Names},
    tables::users,
};
use charla_protocol::{
    UserId,
    users::{DirectMessages, Language, UpdateMe, UpdateSettings},
};

use super::fields;
use crate::{
    App,
    auth::Caller,
    error::{Error, FieldError, Result},
    mail::{Facts, Kind},
    ops::retry,
};

/// Changes what the body names of the caller's account, and gives all of it. A new e-mail address gets a link to verify it, the
/// one of before is told; `language` is for these. Where addresses have to be verified, its sockets close until that is done.
///
/// # Errors
/// `email_not_verified`, `two_factor_setup_required`, `too_many_requests`, `validation_failed`.
pub async fn update_me(
    app: &App,
    caller: &Caller,
    body: &UpdateMe,
    language: Language,
) -> Result<users::Model> {
    if let Some(demand) = app.demand(&caller.user)
        && !is_about_mail(body)
    {
        return Err(Error::new(demand));
    }
    let changes = check(body, app.config.direct_messages)?;
    if changes.email.is_some() {
        app.limits.address_change(caller.id())?;
    }
    let stored = retry::on_busy(|| store(app, caller.id(), &changes, language)).await;
    let (before, after) = match stored {
        Err(charla_db::Error::Duplicate) => return Err(Error::field("email", "taken")),
        stored => stored?,
    };
    if before.email_key != after.email_key {
        app.post.ring();
        if app.post.rules.hold(&after) {
            app.tell(vec![Notice::Held(caller.id())]).await;
        }
    }
    if before.summary() != after.summary() || before.bio != after.bio {
        app.tell(vec![Notice::ProfileUpdated(caller.id())]).await;
    }
    let presence_changed = before.show_last_seen != after.show_last_seen;
    if presence_changed || before.receipts() != after.receipts() {
        app.tell(vec![Notice::Privacy(caller.id())]).await;
    }
    if presence_changed {
        app.tell_shown(&after).await;
    }
    Ok(after)
}

/// How the column has it.
pub fn direct_messages_text(choice: DirectMessages) -> &'static str {
    match choice {
        DirectMessages::Everyone => "everyone",
        DirectMessages::Friends => "friends",
    }
}

/// Whether it changes no more than where mails go, and their language.
fn is_about_mail(body: &UpdateMe) -> bool {
    let UpdateMe { display_name, bio, phone_number, email: _, language: _, settings } = body;
    display_name.is_none() && bio.is_none() && phone_number.is_none() && settings.is_none()
}

/// The row before and after.
async fn store(
    app: &App,
    id: UserId,
    changes: &UpdateMe,
    language: Language,
) -> Result<(users::Model, users::Model), charla_db::Error> {
    let tx = app.db.begin().await?;
    let rooms = match changes.settings.as_ref().and_then(|settings| settings.send_read_receipts) {
        Some(_) => queries::read_marks::lock_rooms(&tx, id).await?,
        None => Vec::new(),
    };
    let before = queries::users::lock_active(&tx, id).await?;
    let mut after = before.clone();
    apply(changes, &mut after);
    if after.email_key != before.email_key && is_taken(&tx, after.email.as_deref(), id).await? {
        return Err(charla_db::Error::Duplicate);
    }
    if after != before {
        queries::users::update(&tx, after.clone()).await?;
    }
    if after.receipts() != before.receipts() {
        queries::read_marks::set_shared(&tx, id, after.send_read_receipts, &rooms).await?;
    }
    if after.email_key != before.email_key {
        mail_about(app, &tx, &before, &after, language).await?;
    }
    tx.commit().await?;
    Ok((before, after))
}

/// Links to the address of before are worth nothing any more; it is told, and the new one gets a link.
pub(in crate::ops) async fn mail_about(
    app: &App,
    tx: &impl Connection,
    before: &users::Model,
    after: &users::Model,
    language: Language,
) -> Result<(), charla_db::Error> {
    let (rules, clock) = (app.post.rules, &*app.clock);
    queries::link_tokens::delete_of_user(tx, after.user_id(), None).await?;
    let told = rules.notice(clock, Kind::EmailChanged, before, &Facts::default(), language);
    for mail in told.into_iter().chain(rules.verify(clock, after, language)) {
        queries::mails::insert(tx, mail).await?;
    }
    Ok(())
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
pub(in crate::ops) fn set_email(email: &str, user: &mut users::Model) {
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
