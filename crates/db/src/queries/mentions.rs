//! Who is mentioned, read. Mentions are written in the lanes.

use std::collections::HashMap;

use charla_protocol::{RoomId, UserId, members::Role};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::unread::{self, Counts, Readers};
use crate::{
    Result,
    lists::padded,
    tables::{
        mentions::{self, Column, EVERYBODY},
        messages, room_members, users,
    },
};

/// Whom a message mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// In the order of the message, each once.
    pub people: Vec<UserId>,
    /// Everybody in the room.
    pub room: bool,
}

impl Mentions {
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && !self.room
    }

    /// The rows that keep the mentions of a message.
    pub(crate) fn rows(&self, message: &messages::Model) -> impl Iterator<Item = mentions::Model> {
        let everybody = self.room.then_some(EVERYBODY);
        let people = self.people.iter().map(|person| person.0);
        people.chain(everybody).zip(0_i16..).map(|(user_id, position)| mentions::Model {
            message_id: message.id,
            user_id,
            position,
            room_id: message.room_id,
            seq: message.seq,
            sender_id: message.sender_id,
        })
    }
}

/// The members of a room that have one of these usernames, by the key of the name, and the role of `sender`.
///
/// # Errors
/// Those of the database.
pub async fn named(
    db: &impl ConnectionTrait,
    room: RoomId,
    sender: UserId,
    keys: &[String],
) -> Result<(HashMap<String, UserId>, Option<Role>)> {
    let wanted = users::Column::UsernameKey.is_in(padded(keys)).and(users::Column::IsActive.eq(true));
    let found = room_members::Entity::find()
        .inner_join(users::Entity)
        .select_only()
        .columns([room_members::Column::UserId, room_members::Column::Role])
        .column(users::Column::UsernameKey)
        .filter(room_members::Column::RoomId.eq(room.0))
        .filter(Condition::any().add(wanted).add(room_members::Column::UserId.eq(sender.0)))
        .into_tuple::<(Uuid, i16, String)>()
        .all(db)
        .await?;
    let role = found.iter().find(|(id, ..)| *id == sender.0).map(|(_, role, _)| room_members::role_of(*role));
    let named = found.into_iter().filter(|(.., key)| keys.contains(key));
    Ok((named.map(|(id, _, key)| (key, UserId(id))).collect(), role))
}

/// The mentions of each of these messages. Those that mention nobody are left out, and cost nothing if no text has an `@`.
///
/// # Errors
/// Those of the database.
pub async fn of_messages(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
) -> Result<HashMap<Uuid, Mentions>> {
    let ids: Vec<Uuid> = rows.iter().filter(|row| row.content.contains('@')).map(|row| row.id).collect();
    let mut mentioned: HashMap<Uuid, Mentions> = HashMap::new();
    if ids.is_empty() {
        return Ok(mentioned);
    }
    let found = mentions::Entity::find()
        .filter(Column::MessageId.is_in(padded(ids)))
        .order_by_asc(Column::Position)
        .all(db)
        .await?;
    for row in found {
        let mentions = mentioned.entry(row.message_id).or_default();
        match row.user_id {
            EVERYBODY => mentions.room = true,
            person => mentions.people.push(UserId(person)),
        }
    }
    Ok(mentioned)
}

/// Unread messages that mention these members: what is unread, as far as it mentions them.
///
/// # Errors
/// Those of the database.
pub async fn counts(db: &impl ConnectionTrait, readers: Readers<'_>) -> Result<Counts> {
    let only = readers.only();
    let unread = room_members::Entity::belongs_to(mentions::Entity)
        .from(room_members::Column::RoomId)
        .to(Column::RoomId)
        .on_condition(move |members, mentions| {
            let of = |column| Expr::col((mentions.clone(), column));
            let reader = unread::reader(&members, only);
            unread::is_left(&members, &of(Column::Seq))
                .add(of(Column::UserId).is_in([reader.clone(), Expr::val(EVERYBODY)]))
                .add(of(Column::SenderId).ne(reader))
        });
    // A message may mention somebody by name and with everybody.
    let messages = Expr::col((mentions::Entity, Column::Seq)).count_distinct();
    unread::count(db, readers, messages, unread.into()).await
}

/// The ids of others' messages that mention the user, in the rooms they are in: by name, or with everybody since they came.
pub(super) fn of_user(user: UserId) -> SelectStatement {
    use room_members::Column as Member;
    let of_room = Expr::col(Member::RoomId.as_column_ref()).equals(Column::RoomId.as_column_ref());
    let with_everybody = Column::UserId
        .eq(EVERYBODY)
        .and(Expr::col(Column::Seq.as_column_ref()).gt(Expr::col(Member::JoinedSeq.as_column_ref())));
    Query::select()
        .expr(Expr::col(Column::MessageId.as_column_ref()))
        .from(room_members::Entity)
        .inner_join(mentions::Entity, of_room)
        .and_where(Member::UserId.eq(user.0))
        .and_where(Column::UserId.eq(user.0).or(with_everybody))
        .and_where(Column::SenderId.ne(user.0))
        .to_owned()
}
