//! Messages, read. They are written in the lanes.

use charla_protocol::{MessageId, RoomId, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, RelationTrait,
    sea_query::{Expr, IntoCondition},
};
use uuid::Uuid;

use super::{
    cut,
    listed::{self, Listed},
    mentions,
    paging::{Ask, Page as Paged, key},
};
use crate::{
    Result,
    lists::padded,
    tables::{message_versions, messages, replies, room_members},
};

/// Bytes of text on a page of messages at most, if it is more than one message.
const PAGE_BYTES: usize = 1024 * 1024;

/// Where in a room's timeline a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    Newest,
    /// Before that seq.
    Before(i64),
    /// After that seq.
    After(i64),
    /// About half before that seq, the rest from it on.
    Around(i64),
}

/// A page of a timeline, oldest to newest, and whether there is more on either side.
#[derive(Clone, Debug)]
pub struct Page {
    pub rows: Vec<Listed>,
    pub older: bool,
    pub newer: bool,
}

/// One page of a room's messages past `hidden_seq`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    room: RoomId,
    hidden_seq: i64,
    window: Window,
    limit: u64,
) -> Result<Page> {
    match window {
        Window::Newest => {
            let (rows, older) = older(db, room, hidden_seq, i64::MAX, limit).await?;
            Ok(Page { rows, older, newer: false })
        }
        Window::Before(seq) => {
            let (rows, older) = older(db, room, hidden_seq, seq, limit).await?;
            Ok(Page { rows, older, newer: true })
        }
        Window::After(seq) => {
            let (rows, newer) = newer(db, room, Ord::max(hidden_seq, seq), limit).await?;
            Ok(Page { rows, older: seq > hidden_seq, newer })
        }
        Window::Around(seq) => {
            let (mut rows, older) = older(db, room, hidden_seq, seq, limit / 2).await?;
            let (later, newer) = newer(db, room, Ord::max(hidden_seq, seq - 1), limit - limit / 2).await?;
            rows.extend(later);
            Ok(Page { rows, older, newer })
        }
    }
}

/// Drops the rows past the limit, and those past the first megabyte of text: a page of long messages is a short one.
fn cut_messages<R>(rows: &mut Vec<R>, limit: u64, message: fn(&R) -> &messages::Model) -> bool {
    let more = cut(rows, limit);
    let mut bytes = 0;
    let fitting = rows.iter().map(message).take_while(|row| {
        bytes += row.content.len() + row.content_html.len();
        bytes <= PAGE_BYTES
    });
    let fitting = Ord::max(fitting.count(), 1);
    let is_heavy = fitting < rows.len();
    rows.truncate(fitting);
    more || is_heavy
}

fn cut_rows(rows: &mut Vec<messages::Model>, limit: u64) -> bool {
    cut_messages(rows, limit, |row| row)
}

fn cut_listed(rows: &mut Vec<Listed>, limit: u64) -> bool {
    cut_messages(rows, limit, |listed| &listed.row)
}

async fn older(
    db: &impl ConnectionTrait,
    room: RoomId,
    hidden_seq: i64,
    before: i64,
    limit: u64,
) -> Result<(Vec<Listed>, bool)> {
    let mut rows = listed::select()
        .filter(messages::Column::RoomId.eq(room.0))
        .filter(messages::Column::Seq.gt(hidden_seq))
        .filter(messages::Column::Seq.lt(before))
        .order_by_desc(messages::Column::Seq)
        .limit(limit + 1)
        .into_model::<Listed>()
        .all(db)
        .await?;
    let more = cut_listed(&mut rows, limit);
    rows.reverse();
    Ok((rows, more))
}

async fn newer(
    db: &impl ConnectionTrait,
    room: RoomId,
    after: i64,
    limit: u64,
) -> Result<(Vec<Listed>, bool)> {
    let mut rows = listed::select()
        .filter(messages::Column::RoomId.eq(room.0))
        .filter(messages::Column::Seq.gt(after))
        .order_by_asc(messages::Column::Seq)
        .limit(limit + 1)
        .into_model::<Listed>()
        .all(db)
        .await?;
    let more = cut_listed(&mut rows, limit);
    Ok((rows, more))
}

/// Every message of the room whose last change lies above `since`, in the order of revisions.
///
/// # Errors
/// Those of the database.
pub async fn changes(
    db: &impl ConnectionTrait,
    room: RoomId,
    hidden_seq: i64,
    since: i64,
    limit: u64,
) -> Result<(Vec<Listed>, bool)> {
    let mut rows = listed::select()
        .filter(messages::Column::RoomId.eq(room.0))
        .filter(messages::Column::Revision.gt(since))
        .filter(messages::Column::Seq.gt(hidden_seq))
        .order_by_asc(messages::Column::Revision)
        .limit(limit + 1)
        .into_model::<Listed>()
        .all(db)
        .await?;
    let more = cut_listed(&mut rows, limit);
    Ok((rows, more))
}

/// One message, wherever it is.
///
/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, id: MessageId) -> Result<Option<messages::Model>> {
    Ok(messages::Entity::find_by_id(id.0).one(db).await?)
}

/// These messages as they are listed, in any order.
///
/// # Errors
/// Those of the database.
pub async fn find_listed(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Listed>> {
    let query = listed::select().filter(messages::Column::Id.is_in(padded(ids)));
    Ok(query.into_model().all(db).await?)
}

/// The rooms of these messages.
///
/// # Errors
/// Those of the database.
pub async fn rooms_of(db: &impl ConnectionTrait, ids: &[MessageId]) -> Result<Vec<(MessageId, RoomId)>> {
    let rows = messages::Entity::find()
        .select_only()
        .columns([messages::Column::Id, messages::Column::RoomId])
        .filter(messages::Column::Id.is_in(padded(ids.iter().map(|id| id.0))))
        .into_tuple::<(Uuid, Uuid)>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, room)| (MessageId(id), RoomId(room))).collect())
}

/// The first message the member has not read yet, as its seq.
///
/// # Errors
/// Those of the database.
pub async fn first_unread(db: &impl ConnectionTrait, member: &room_members::Model) -> Result<Option<i64>> {
    let seq = messages::Entity::find()
        .select_only()
        .column(messages::Column::Seq)
        .filter(messages::Column::RoomId.eq(member.room_id))
        .filter(
            messages::Column::Seq
                .gt([member.last_read_seq, member.joined_seq, member.hidden_seq].into_iter().max()),
        )
        .filter(messages::Column::SenderId.ne(member.user_id))
        .filter(messages::Column::MessageType.ne("system"))
        .filter(messages::Column::DeletedAt.is_null())
        .order_by_asc(messages::Column::Seq)
        .limit(1)
        .into_tuple::<i64>()
        .one(db)
        .await?;
    Ok(seq)
}

/// The messages of all rooms of the user, or of one of them, newest first. A position is a message's id.
///
/// # Errors
/// Those of the database.
pub async fn of_user(
    db: &impl ConnectionTrait,
    user: UserId,
    room: Option<RoomId>,
    ask: Ask<MessageId>,
) -> Result<Paged<messages::Model>> {
    let mut query = messages::Entity::find()
        .join_rev(JoinType::InnerJoin, visible_messages())
        .filter(room_members::Column::UserId.eq(user.0));
    if let Some(room) = room {
        query = query.filter(messages::Column::RoomId.eq(room.0));
    }
    let keys = [key((messages::Entity, messages::Column::Id), Order::Desc)];
    let ask = ask.by(|id| [id.0.into()]);
    Ok(ask.page_of(ask.apply(query, &keys).all(db).await?, cut_rows))
}

/// Others' messages that mention the user, newest first. A position is a message's id.
///
/// # Errors
/// Those of the database.
pub async fn mentioning(
    db: &impl ConnectionTrait,
    user: UserId,
    ask: Ask<MessageId>,
) -> Result<Paged<messages::Model>> {
    let query = messages::Entity::find()
        .join_rev(JoinType::InnerJoin, visible_messages())
        .filter(room_members::Column::UserId.eq(user.0))
        .filter(messages::Column::Id.in_subquery(mentions::of_user(user)));
    let keys = [key((messages::Entity, messages::Column::Id), Order::Desc)];
    let ask = ask.by(|id| [id.0.into()]);
    Ok(ask.page_of(ask.apply(query, &keys).all(db).await?, cut_rows))
}

/// Others' messages that answer the user's, newest first. A position is a message's id.
///
/// # Errors
/// Those of the database.
pub async fn answering(
    db: &impl ConnectionTrait,
    user: UserId,
    ask: Ask<MessageId>,
) -> Result<Paged<messages::Model>> {
    let query = messages::Entity::find()
        .join_rev(JoinType::InnerJoin, replies::Relation::Message.def())
        .join_rev(JoinType::InnerJoin, visible_messages())
        .filter(replies::Column::UserId.eq(user.0))
        .filter(room_members::Column::UserId.eq(user.0))
        .filter(messages::Column::DeletedAt.is_null());
    let keys = [key((replies::Entity, replies::Column::MessageId), Order::Desc)];
    let ask = ask.by(|id| [id.0.into()]);
    Ok(ask.page_of(ask.apply(query, &keys).all(db).await?, cut_rows))
}

/// Joins a member to the messages of the room that are not hidden from them.
fn visible_messages() -> RelationDef {
    room_members::Entity::belongs_to(messages::Entity)
        .from(room_members::Column::RoomId)
        .to(messages::Column::RoomId)
        .on_condition(|members, messages| {
            Expr::col((messages, messages::Column::Seq))
                .gt(Expr::col((members, room_members::Column::HiddenSeq)))
                .into_condition()
        })
        .into()
}

/// The answers to a message, oldest first. A position is an answer's seq.
///
/// # Errors
/// Those of the database.
pub async fn replies(
    db: &impl ConnectionTrait,
    target: &messages::Model,
    hidden_seq: i64,
    ask: Ask<i64>,
) -> Result<Paged<messages::Model>> {
    let query = messages::Entity::find()
        .filter(messages::Column::ReplyToId.eq(target.id))
        .filter(messages::Column::Seq.gt(hidden_seq));
    let keys = [key(messages::Column::Seq, Order::Asc)];
    let ask = ask.by(|seq| [seq.into()]);
    Ok(ask.page_of(ask.apply(query, &keys).all(db).await?, cut_rows))
}

/// What the message said before its edits, oldest first. A position is the revision that replaced a version.
///
/// # Errors
/// Those of the database.
pub async fn versions(
    db: &impl ConnectionTrait,
    id: MessageId,
    ask: Ask<i64>,
) -> Result<Paged<message_versions::Model>> {
    let query = message_versions::Entity::find().filter(message_versions::Column::MessageId.eq(id.0));
    let keys = [key(message_versions::Column::ReplacedBy, Order::Asc)];
    let ask = ask.by(|revision| [revision.into()]);
    Ok(ask.page(ask.apply(query, &keys).all(db).await?))
}
