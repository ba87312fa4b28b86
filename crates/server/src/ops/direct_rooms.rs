//! The one direct room of two people.

use charla_db::{
    Connection, Notice, Pair, Transaction,
    clock::Clock,
    queries,
    tables::{rooms, users},
};
use charla_permissions::{Approach, check_approach};
use charla_protocol::{RoomId, Timestamp, UserId, members::Role, rooms::RoomType, users::DirectMessages};

use super::rooms::insert;
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
    let (db, most) = (app.db.read(), app.config.direct_messages);
    let found = queries::rooms::find_direct(db, caller.user_id(), other).await?;
    let person = queries::users::find(db, other).await?;
    // What was said with somebody who has left can still be read.
    let person = person.filter(|person| person.is_active || found.is_some()).ok_or_else(Error::not_found)?;
    if person.deleted_at.is_none() {
        check_contact(db, most, caller.user_id(), &person).await?;
    }
    if let Some(room) = found {
        return Ok((RoomId(room.id), false));
    }
    app.limits.new_room(caller.user_id())?;
    let (clock, caller) = (app.clock.clone(), caller.user_id());
    let (room_id, is_made) = app
        .lanes
        .exclusive_of(Pair::of(caller, other), move |tx| {
            let clock = clock.clone();
            Box::pin(async move { open_in(tx, &*clock, most, caller, other).await })
        })
        .await?;
    if is_made {
        // Before the answer, so that who asked may look at the room over a socket at once.
        let added = Notice::RoomAdded { people: vec![caller, other], room_id };
        // Both may have been there before the room was.
        let people = Pair::of(caller, other);
        let met = Notice::Parted { room_id: Some(room_id), people, are_parted: false };
        app.tell(vec![added, met]).await;
    }
    Ok((room_id, is_made))
}

async fn open_in(
    tx: &Transaction,
    clock: &dyn Clock,
    most: DirectMessages,
    caller: UserId,
    other: UserId,
) -> charla_db::Result<((RoomId, bool), Vec<Notice>)> {
    let (caller, other) = queries::users::lock_both(tx, caller, other).await?;
    check_contact(tx, most, caller.user_id(), &other).await?;
    if let Some(room) = queries::rooms::find_direct(tx, caller.user_id(), other.user_id()).await? {
        return Ok(((RoomId(room.id), false), Vec::new()));
    }
    let room = new_room(clock, &caller, &other);
    let room_id = RoomId(room.id);
    let both = [caller.user_id(), other.user_id()];
    let now = Timestamp::from_millis(room.created_at);
    let members = both.map(|user| queries::members::newcomer(&room, user, Role::Member, now));
    insert(tx, room, members.to_vec()).await?;
    Ok(((room_id, true), Vec::new()))
}

/// Whether `caller` may write to `other` directly.
///
/// # Errors
/// `Denied`
pub(super) async fn check_contact(
    db: &impl Connection,
    most: DirectMessages,
    caller: UserId,
    other: &users::Model,
) -> charla_db::Result<()> {
    let relation = queries::relations::between(db, caller, other.user_id()).await?;
    Ok(check_approach(relation.contact_with(other, most), Approach::DirectMessage)?)
}

fn new_room(clock: &dyn Clock, caller: &users::Model, other: &users::Model) -> rooms::Model {
    rooms::Model {
        slug: queries::rooms::direct_slug(&caller.username, &other.username),
        direct_key: Some(queries::rooms::direct_key(caller.user_id(), other.user_id())),
        ..rooms::Model::blank(clock.id(), RoomType::Direct, caller.id, clock.now().millis())
    }
}
