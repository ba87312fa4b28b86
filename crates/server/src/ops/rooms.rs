//! Every write to rooms but for who is in them.

use charla_db::{
    Db, Notice, Transaction,
    clock::Clock,
    fold, queries,
    tables::{room_members, rooms, users},
};
use charla_permissions::{Denied, Permission};
use charla_protocol::{
    ErrorCode, RoomId, Timestamp, UserId,
    members::Role,
    rooms::{CreateRoom, History, Preferences, RoomType, UpdatePreferences, UpdateRoom, Visibility},
};

use super::{
    bots,
    members::check_adding,
    retry,
    system_message::{self, Report},
};
use crate::{
    App,
    error::{Error, FieldError, Result},
    text,
};

/// Characters of a room's name at most.
pub const MAX_NAME: usize = 100;
/// Characters of a topic at most.
pub const MAX_TOPIC: usize = 500;
/// Seconds between two messages of a member at most: six hours.
const MAX_SLOW_MODE: u32 = 6 * 60 * 60;
/// People a room can be made with.
pub const MAX_PARTICIPANTS: usize = 200;

/// Makes a group; the caller owns it.
///
/// # Errors
/// `forbidden` where staff alone make public rooms, `contact_refused` where one of the others has blocked the caller,
/// `validation_failed`, `too_many_requests`, `muted`.
pub async fn create(app: &App, owner: &users::Model, body: CreateRoom) -> Result<RoomId> {
    let (name, topic) = check_create(&body)?;
    let people = people(app, owner, &body.participants).await?;
    let is_public = body.visibility == Visibility::Public;
    if is_public && !app.settings.let_publish(owner) {
        return Err(Error::new(ErrorCode::Forbidden));
    }
    bots::check_bringing(owner, &people.iter().collect::<Vec<_>>(), is_public, "participants")?;
    app.limits.new_room(owner.user_id())?;
    let now = app.clock.now();
    let room = new_group(app, &body, name, topic, owner.user_id(), now);
    let mut members = vec![queries::members::newcomer(&room, owner.user_id(), Role::Owner, now)];
    members.extend(
        people.iter().map(|user| queries::members::newcomer(&room, user.user_id(), Role::Member, now)),
    );
    let people = members.iter().map(|member| UserId(member.user_id)).collect();
    retry::on_busy(|| store(&app.db, owner.user_id(), room.clone(), members.clone())).await?;
    let room_id = RoomId(room.id);
    app.tell(vec![Notice::RoomAdded { people, room_id }]).await;
    Ok(room_id)
}

fn check_create(body: &CreateRoom) -> Result<(String, String)> {
    let mut errors = Vec::new();
    if body.room_type == RoomType::Direct {
        errors.push(FieldError::new("room_type", "direct_by_server"));
    }
    if body.participants.len() > MAX_PARTICIPANTS {
        errors.push(FieldError::new("participants", "too_many").with("max", MAX_PARTICIPANTS));
    }
    let name = check_name(&body.name).map_err(|error| errors.push(error));
    let topic = check_topic(&body.topic).map_err(|error| errors.push(error));
    match (name, topic) {
        (Ok(name), Ok(topic)) if errors.is_empty() => Ok((name, topic)),
        _ => Err(Error::fields(errors)),
    }
}

fn check_name(name: &str) -> Result<String, FieldError> {
    let name = text::clean_line(name);
    if text::is_blank(&name) {
        return Err(FieldError::new("name", "blank"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(FieldError::new("name", "too_long").with("max", MAX_NAME));
    }
    Ok(name)
}

fn check_topic(topic: &str) -> Result<String, FieldError> {
    let topic = text::clean_line(topic);
    if topic.chars().count() > MAX_TOPIC {
        return Err(FieldError::new("topic", "too_long").with("max", MAX_TOPIC));
    }
    Ok(topic)
}

fn check_slow_mode(seconds: u32) -> Result<i32, FieldError> {
    let bounded = i32::try_from(seconds).ok().filter(|_| seconds <= MAX_SLOW_MODE);
    bounded
        .ok_or_else(|| FieldError::new("slow_mode", "out_of_range").with("min", 0).with("max", MAX_SLOW_MODE))
}

/// A group with those who are in it from the start.
async fn store(
    db: &Db,
    owner: UserId,
    room: rooms::Model,
    members: Vec<room_members::Model>,
) -> charla_db::Result<()> {
    let tx = db.begin().await?;
    let added = members.iter().map(|member| UserId(member.user_id)).filter(|id| *id != owner);
    let added: Vec<UserId> = added.collect();
    queries::users::check_may_write(&tx, owner, Timestamp::from_millis(room.created_at)).await?;
    queries::users::hold_active(&tx, &added).await?;
    check_adding(&tx, owner, &added).await?;
    insert(&tx, room, members).await?;
    Ok(tx.commit().await?)
}

/// A room with those who are in it from the start.
pub(super) async fn insert(
    tx: &Transaction,
    mut room: rooms::Model,
    members: Vec<room_members::Model>,
) -> charla_db::Result<()> {
    queries::rooms::insert(tx, room.clone()).await?;
    queries::members::insert(tx, &mut room, members).await
}

/// The accounts of these ids, without the owner and each once.
async fn people(app: &App, owner: &users::Model, ids: &[UserId]) -> Result<Vec<users::Model>> {
    let mut ids: Vec<UserId> = ids.iter().copied().filter(|id| *id != owner.user_id()).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = queries::users::active(app.db.read(), &ids).await?;
    if people.len() < ids.len() {
        return Err(Error::field("participants", "unknown_user"));
    }
    Ok(people)
}

fn new_group(
    app: &App,
    body: &CreateRoom,
    name: String,
    topic: String,
    owner: UserId,
    now: Timestamp,
) -> rooms::Model {
    rooms::Model {
        visibility: body.visibility.as_str().to_owned(),
        history: body.history.as_str().to_owned(),
        name_key: name_key(&name),
        slug: text::slug(&name),
        name: Some(name),
        topic,
        ..rooms::Model::blank(app.clock.id(), RoomType::Group, owner.0, now.millis())
    }
}

/// The key under which a room's name is found. Folding may lengthen a name; the key need only find it.
pub fn name_key(name: &str) -> String {
    fold::search_key(name).chars().take(4 * MAX_NAME).collect()
}

/// Changes what is given. A new name is reported in the room.
///
/// # Errors
/// `validation_failed`, `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`, `muted`.
pub async fn update(app: &App, actor: &users::Model, room: RoomId, body: UpdateRoom) -> Result<()> {
    let changes = Changes::check(&body)?;
    let may_publish = app.settings.let_publish(actor);
    let (actor, clock) = (actor.clone(), app.clock.clone());
    app.lanes
        .exclusive(room, move |tx| {
            let (actor, clock, changes) = (actor.clone(), clock.clone(), changes.clone());
            Box::pin(async move {
                let mut access = queries::access::lock(tx, room, actor.user_id()).await?;
                access.check(Permission::EditRoom)?;
                if changes.publishes(&access.room) && !may_publish {
                    return Err(Denied::Forbidden.into());
                }
                queries::users::check_may_write(tx, actor.user_id(), clock.now()).await?;
                Ok(((), change(tx, &*clock, &mut access.room, &actor, &changes).await?))
            })
        })
        .await?;
    Ok(())
}

/// What of a room is to change, each value as it is to be kept.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    name: Option<String>,
    topic: Option<String>,
    visibility: Option<Visibility>,
    history: Option<History>,
    slow_mode: Option<i32>,
}

impl Changes {
    /// # Errors
    /// `validation_failed`
    pub(super) fn check(body: &UpdateRoom) -> Result<Self> {
        let name = body.name.as_deref().map(check_name).transpose();
        let topic = body.topic.as_deref().map(check_topic).transpose();
        let slow_mode = body.slow_mode.map(check_slow_mode).transpose();
        match (name, topic, slow_mode) {
            (Ok(name), Ok(topic), Ok(slow_mode)) => {
                Ok(Self { name, topic, visibility: body.visibility, history: body.history, slow_mode })
            }
            (name, topic, slow_mode) => {
                let errors = [name.err(), topic.err(), slow_mode.err()];
                Err(Error::fields(errors.into_iter().flatten().collect()))
            }
        }
    }

    /// Whether they make a room public that is not.
    fn publishes(&self, room: &rooms::Model) -> bool {
        self.visibility == Some(Visibility::Public) && room.visibility() != Visibility::Public
    }
}

/// Changes a room whose row the caller has locked.
pub(super) async fn change(
    tx: &Transaction,
    clock: &dyn Clock,
    row: &mut rooms::Model,
    actor: &users::Model,
    changes: &Changes,
) -> charla_db::Result<Vec<Notice>> {
    let renamed = changes.name.as_ref().filter(|name| row.name.as_ref() != Some(*name));
    if let Some(name) = renamed {
        row.name_key = name_key(name);
        row.slug = text::slug(name);
        row.name = Some(name.clone());
    }
    if let Some(topic) = &changes.topic {
        row.topic.clone_from(topic);
    }
    if let Some(visibility) = changes.visibility {
        visibility.as_str().clone_into(&mut row.visibility);
    }
    if let Some(history) = changes.history {
        history.as_str().clone_into(&mut row.history);
    }
    row.slow_mode = changes.slow_mode.unwrap_or(row.slow_mode);
    queries::rooms::update(tx, row).await?;
    let mut notices = Vec::new();
    if let Some(name) = renamed {
        let report = [Report::Renamed(name)];
        notices.extend(system_message::append(tx, clock, row, actor, &report).await?);
    }
    notices.push(Notice::RoomUpdated(RoomId(row.id)));
    Ok(notices)
}

/// Closes a room: from now on it can be read, but not changed.
///
/// # Errors
/// `forbidden`, `not_a_member`, `not_found`, `room_closed`, `direct_room`.
pub async fn close(app: &App, actor: UserId, room: RoomId) -> Result<()> {
    app.lanes
        .exclusive(room, move |tx| {
            Box::pin(async move {
                let mut access = queries::access::lock(tx, room, actor).await?;
                access.check(Permission::CloseRoom)?;
                Ok(((), close_in(tx, &mut access.room).await?))
            })
        })
        .await?;
    Ok(())
}

/// Closes a room whose row the caller has locked.
pub(super) async fn close_in(tx: &Transaction, row: &mut rooms::Model) -> charla_db::Result<Vec<Notice>> {
    let room = RoomId(row.id);
    row.is_active = false;
    queries::rooms::update(tx, row).await?;
    queries::drafts::delete_in(tx, room).await?;
    Ok(vec![Notice::RoomUpdated(room)])
}

/// Hides all there is up to now, for the caller alone.
///
/// # Errors
/// `not_a_member`, `not_found`.
pub async fn clear_history(app: &App, user: UserId, room: RoomId) -> Result<()> {
    app.lanes
        .exclusive(room, move |tx| {
            Box::pin(async move {
                let access = queries::access::lock(tx, room, user).await?;
                access.check(Permission::ReadMessages)?;
                let mut member = access.member.ok_or(charla_db::Error::NotFound)?;
                member.hidden_seq = access.room.last_seq;
                queries::members::update_choices(tx, &member).await?;
                // The account's other devices get the room anew, without its past.
                Ok(((), vec![Notice::RoomAdded { people: vec![user], room_id: room }]))
            })
        })
        .await?;
    Ok(())
}

/// Changes the caller's own choices for a room.
///
/// # Errors
/// `not_a_member`, `not_found`.
pub async fn update_preferences(
    app: &App,
    user: UserId,
    room: RoomId,
    body: UpdatePreferences,
) -> Result<Preferences> {
    let preferences = app
        .lanes
        .exclusive(room, move |tx| {
            let body = body.clone();
            Box::pin(async move {
                let access = queries::access::lock(tx, room, user).await?;
                access.check(Permission::ReadMessages)?;
                let mut member = access.member.ok_or(charla_db::Error::NotFound)?;
                let before = member.clone();
                if let Some(notify) = body.notify {
                    notify.as_str().clone_into(&mut member.notify);
                }
                if let Some(until) = body.muted_until {
                    member.muted_until = until.map(Timestamp::millis);
                }
                member.pinned = body.pinned.unwrap_or(member.pinned);
                let mut notices = Vec::new();
                if member != before {
                    queries::members::update_choices(tx, &member).await?;
                    notices.push(Notice::RoomAdded { people: vec![user], room_id: room });
                }
                Ok((member.preferences(), notices))
            })
        })
        .await?;
    Ok(preferences)
}
