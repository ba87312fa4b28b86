//! Bots: accounts that programs use. Who has made one owns it; staff may change, delete and silence those of others.

use std::collections::HashMap;

use charla_db::{
    Error as DbError, Notice, Transaction,
    queries::{self, audit::Act},
    tables::{
        sessions,
        users::{self, WITHOUT_END},
    },
};
use charla_protocol::{
    SessionId, Timestamp, UserId,
    audit::{AuditAction, AuditTarget},
    bots::{Bot, BotToken, CreateBot, CreateBotToken, NewBotToken, Scope, UpdateBot},
    users::UserSummary,
};
use serde_json::{Value, json};

use super::{
    accounts::{self, NewAccount, fields},
    retry,
};
use crate::{
    App,
    auth::{Caller, credential},
    error::{Error, FieldError, Result},
    text,
};

/// Bots of one person at most.
const MAX_BOTS: u64 = 20;
/// Tokens of one bot at most.
const MAX_TOKENS: usize = 20;
/// Characters of a token's name at most.
const MAX_NAME: usize = 100;

/// Makes a bot of the caller's.
///
/// # Errors
/// `validation_failed`, `muted`.
pub async fn create(app: &App, caller: &Caller, body: &CreateBot) -> Result<Bot> {
    let account = NewAccount::check_bot(app.db.read(), &body.username, body.display_name.as_deref()).await?;
    let now = app.clock.now();
    let person = account.row(app.clock.id(), String::new(), app.config.direct_messages, false, now);
    let bot = users::Model { owner_id: Some(caller.user.id), ..person };
    let stored = retry::on_busy(|| async {
        let tx = app.db.begin().await?;
        queries::users::lock_active(&tx, caller.id()).await?.check_mute(now)?;
        if queries::bots::count(&tx, caller.id()).await? >= MAX_BOTS {
            return Err(DbError::Rejected { field: "username", reason: "too_many_bots" });
        }
        account.insert(&tx, bot.clone()).await?;
        Ok(tx.commit().await?)
    });
    account.settle(app.db.read(), stored.await).await?;
    Ok(wire(&bot, caller.user.summary(), Vec::new()))
}

/// The caller's bots, the latest made first.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Bot>> {
    let bots = queries::bots::owned(app.db.read(), caller.id()).await?;
    let ids: Vec<UserId> = bots.iter().map(users::Model::user_id).collect();
    let mut tokens: HashMap<_, Vec<BotToken>> = HashMap::new();
    for row in queries::bots::tokens(app.db.read(), &ids, app.clock.now()).await? {
        tokens.entry(row.user_id).or_default().push(row.bot_token());
    }
    let shown =
        |bot: &users::Model| wire(bot, caller.user.summary(), tokens.remove(&bot.id).unwrap_or_default());
    Ok(bots.iter().map(shown).collect())
}

/// A bot of the caller's; any for staff.
///
/// # Errors
/// `not_found`
pub async fn get(app: &App, caller: &Caller, id: UserId) -> Result<Bot> {
    shown(app, &find(app, caller, id).await?).await
}

async fn find(app: &App, caller: &Caller, id: UserId) -> Result<users::Model> {
    let bot = queries::users::find(app.db.read(), id).await?;
    bot.filter(|bot| may_change(&caller.user, bot)).ok_or_else(Error::not_found)
}

fn may_change(actor: &users::Model, bot: &users::Model) -> bool {
    bot.is_active && bot.is_bot() && (owns(actor, bot) || actor.is_staff)
}

fn owns(actor: &users::Model, bot: &users::Model) -> bool {
    bot.owner_id == Some(actor.id)
}

async fn shown(app: &App, bot: &users::Model) -> Result<Bot> {
    let db = app.db.read();
    let owner = bot.owner_id.ok_or_else(Error::not_found)?;
    let owner = queries::users::find(db, UserId(owner)).await?.ok_or_else(Error::not_found)?;
    let tokens = queries::bots::tokens(db, &[bot.user_id()], app.clock.now()).await?;
    Ok(wire(bot, owner.summary(), tokens.into_iter().map(sessions::Model::bot_token).collect()))
}

fn wire(bot: &users::Model, owner: UserSummary, tokens: Vec<BotToken>) -> Bot {
    let created_at = Timestamp::from_millis(bot.date_joined);
    Bot { user: bot.summary(), bio: bot.bio.clone(), owner, created_at, tokens }
}

/// Changes what the body names of a bot.
///
/// # Errors
/// `validation_failed`, `not_found`.
pub async fn update(app: &App, caller: &Caller, id: UserId, body: &UpdateBot) -> Result<Bot> {
    let changes = check_update(body)?;
    let after = retry::on_busy(|| update_in(app, caller, id, &changes)).await?;
    app.tell(vec![Notice::ProfileUpdated(id)]).await;
    shown(app, &after).await
}

fn check_update(body: &UpdateBot) -> Result<UpdateBot> {
    let mut errors = Vec::new();
    let mut note = |error| errors.push(error);
    let display_name = match body.display_name.as_deref() {
        Some(name) if !text::is_blank(name) => fields::display_name(name).map(Some).map_err(&mut note),
        left => Ok(left.map(|_| String::new())),
    };
    let bio = body.bio.as_deref().map(fields::bio).transpose().map_err(&mut note);
    match (display_name, bio) {
        (Ok(display_name), Ok(bio)) => Ok(UpdateBot { display_name, bio }),
        _ => Err(Error::fields(errors)),
    }
}

async fn update_in(
    app: &App,
    caller: &Caller,
    id: UserId,
    changes: &UpdateBot,
) -> charla_db::Result<users::Model> {
    let tx = app.db.begin().await?;
    let (actor, mut bot) = lock(&tx, caller, id).await?;
    if let Some(name) = &changes.display_name {
        bot.display_name.clone_from(if name.is_empty() { &bot.username } else { name });
        bot.display_name_key = fields::display_name_key(&bot.display_name);
    }
    if let Some(bio) = &changes.bio {
        bot.bio.clone_from(bio);
    }
    queries::users::update(&tx, bot.clone()).await?;
    let changed = act(app, caller, (&actor, &bot), AuditAction::BotChanged, json!({}));
    queries::audit::append(&tx, &changed.into_iter().collect::<Vec<_>>()).await?;
    tx.commit().await?;
    Ok(bot)
}

/// Both rows, locked, if the caller may change the bot.
async fn lock(
    tx: &Transaction,
    caller: &Caller,
    id: UserId,
) -> charla_db::Result<(users::Model, users::Model)> {
    if id == caller.id() {
        return Err(DbError::NotFound);
    }
    let (actor, bot) = queries::users::lock_both(tx, caller.id(), id).await?;
    if may_change(&actor, &bot) { Ok((actor, bot)) } else { Err(DbError::NotFound) }
}

/// What the audit log says where the bot is somebody else's.
fn act(
    app: &App,
    caller: &Caller,
    (actor, bot): (&users::Model, &users::Model),
    action: AuditAction,
    mut details: Value,
) -> Option<Act> {
    if owns(actor, bot) {
        return None;
    }
    details["owner_id"] = json!(bot.owner_id);
    let target = (AuditTarget::User, bot.id);
    Some(Act { at: app.clock.now(), actor: Some(caller.id()), via: caller.via, action, target, details })
}

/// Deletes a bot, as accounts are: its messages stay, its tokens die at once.
///
/// # Errors
/// `not_found`
pub async fn delete(app: &App, caller: &Caller, id: UserId) -> Result<()> {
    let bot = find(app, caller, id).await?;
    let deleted = act(app, caller, (&caller.user, &bot), AuditAction::BotDeleted, json!({}));
    accounts::retire(app, &bot, deleted).await
}

/// Makes a token for a bot of the caller's own.
///
/// # Errors
/// `validation_failed`, `not_found`, `muted`.
pub async fn create_token(
    app: &App,
    caller: &Caller,
    id: UserId,
    body: &CreateBotToken,
) -> Result<NewBotToken> {
    let (name, scopes) = check_token(body)?;
    find(app, caller, id).await.and_then(|bot| match owns(&caller.user, &bot) {
        true => Ok(()),
        // Staff don't speak for the bots of others.
        false => Err(Error::not_found()),
    })?;
    let (session, now) = (SessionId(app.clock.id()), app.clock.now());
    let (token, hash) = credential::bot_token(session).map_err(Error::internal)?;
    let row = sessions::Model {
        id: session.0,
        user_id: id.0,
        refresh_id: app.clock.id(),
        user_agent: name,
        ip_address: None,
        created_at: now.millis(),
        last_used_at: now.millis(),
        expires_at: WITHOUT_END,
        ended_at: None,
        token_hash: Some(hash),
        scopes: Some(scopes),
    };
    retry::on_busy(|| async {
        let tx = app.db.begin().await?;
        let (actor, bot) = lock(&tx, caller, id).await?;
        actor.check_mute(now)?;
        if !owns(&actor, &bot) {
            return Err(DbError::NotFound);
        }
        if queries::bots::tokens(&tx, &[id], now).await?.len() >= MAX_TOKENS {
            return Err(DbError::Rejected { field: "name", reason: "too_many_tokens" });
        }
        queries::sessions::insert(&tx, row.clone()).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    Ok(NewBotToken { made: row.bot_token(), token })
}

/// The name and the scopes as they are kept.
fn check_token(body: &CreateBotToken) -> Result<(String, String)> {
    let name = text::clean_line(&body.name);
    let mut errors = Vec::new();
    if text::is_blank(&name) {
        errors.push(FieldError::new("name", "blank"));
    }
    if name.chars().count() > MAX_NAME {
        errors.push(FieldError::new("name", "too_long").with("max", MAX_NAME));
    }
    if body.scopes.is_empty() {
        errors.push(FieldError::new("scopes", "required"));
    }
    let scopes = Scope::ALL.iter().filter(|scope| body.scopes.contains(scope)).map(|scope| scope.as_str());
    let scopes = scopes.collect::<Vec<_>>().join(" ");
    if errors.is_empty() { Ok((name, scopes)) } else { Err(Error::fields(errors)) }
}

/// Takes a token back: it is worth nothing from then on, and its sockets close.
///
/// # Errors
/// `not_found`
pub async fn revoke_token(app: &App, caller: &Caller, id: UserId, token: SessionId) -> Result<()> {
    retry::on_busy(|| async {
        let tx = app.db.begin().await?;
        let (actor, bot) = lock(&tx, caller, id).await?;
        if !queries::sessions::end(&tx, id, token, app.clock.now()).await? {
            return Err(DbError::NotFound);
        }
        let details = json!({"token_id": token});
        let revoked = act(app, caller, (&actor, &bot), AuditAction::BotTokenRevoked, details);
        queries::audit::append(&tx, &revoked.into_iter().collect::<Vec<_>>()).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    app.tell(vec![Notice::SessionsEnded(vec![token])]).await;
    Ok(())
}

/// Whether `actor` may bring these people into a room: bots come where their owner brings them, into public rooms with anybody
/// who may add people.
pub(super) fn check_bringing(
    actor: &users::Model,
    people: &[&users::Model],
    is_public: bool,
    field: &'static str,
) -> charla_db::Result<()> {
    match people.iter().all(|person| is_public || !person.is_bot() || owns(actor, person)) {
        true => Ok(()),
        false => Err(DbError::Rejected { field, reason: "bot_of_others" }),
    }
}
