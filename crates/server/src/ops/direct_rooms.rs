//! The one direct room of two people.

use charla_db::{
    Notice, queries,
    tables::{rooms, users},
};
use charla_protocol::{
    ErrorCode, RoomId, UserId,
    members::Role,
    rooms::{History, RoomType, Visibility},
    users::DirectMessages,
};

use super::{retry, rooms::insert};
use crate::{
    App,
    error::{Error, Result},
};

/// Finds the pair's room, or makes it; says whether it was made. However many ask at once, one makes it.
///
/// # Errors
/// `not_found` for an unknown person, `direct_messages_refused`, `validation_failed` for oneself, `too_many_requests`.
pub async fn open(app: &App, caller: &users::Model, other: UserId) -> Result<(RoomId, bool)> {
    if other == caller.user_id() {
        return Err(Error::field("user_id", "yourself"));
    }
    if let Some(room) = queries::rooms::find_direct(app.db.read(), caller.user_id(), other).await? {
        return Ok((RoomId(room.id), false));
    }
    let other = queries::users::find(app.db.read(), other).await?.filter(|user| user.is_active);
    let other = other.ok_or_else(Error::not_found)?;
    if takes_friends_only(app, &other) {
        return Err(Error::new(ErrorCode::DirectMessagesRefused));
    }
    app.limits.new_room(caller.user_id())?;
    match make(app, caller, &other).await {
        Ok(room_id) => {
            let both = [caller.user_id(), other.user_id()];
            app.tell(both.into_iter().map(|user_id| Notice::RoomAdded { user_id, room_id }).collect()).await;
            app.introduce(room_id, [caller, &other]);
            Ok((room_id, true))
        }
        Err(charla_db::Error::Duplicate) => {
            let room = queries::rooms::find_direct(app.db.read(), caller.user_id(), other.user_id()).await?;
            room.map(|room| (RoomId(room.id), false)).ok_or_else(|| Error::new(ErrorCode::Conflict))
        }
        Err(error) => Err(error.into()),
    }
}

fn takes_friends_only(app: &App, user: &users::Model) -> bool {
    app.config.direct_messages == DirectMessages::Friends
        || user.settings().direct_messages == DirectMessages::Friends
}

async fn make(app: &App, caller: &users::Model, other: &users::Model) -> charla_db::Result<RoomId> {
    let now = app.clock.now();
    let mut names = [caller.username.as_str(), other.username.as_str()];
    names.sort_unstable();
    let room = rooms::Model {
        id: app.clock.id(),
        room_type: RoomType::Direct.as_str().to_owned(),
        visibility: Visibility::Private.as_str().to_owned(),
        history: History::All.as_str().to_owned(),
        name: None,
        name_key: String::new(),
        slug: names.join("--"),
        topic: String::new(),
        avatar_id: None,
        created_by: Some(caller.id),
        is_active: true,
        created_at: now.millis(),
        revision: 0,
        member_count: 0,
        last_message_id: None,
        last_seq: 0,
        last_activity_at: now.millis(),
        direct_key: Some(queries::rooms::direct_key(caller.user_id(), other.user_id())),
    };
    let members =
        [caller, other].map(|user| queries::members::newcomer(&room, user.user_id(), Role::Member, now));
    retry::on_busy(|| insert(&app.db, room.clone(), members.to_vec())).await?;
    Ok(RoomId(room.id))
}
