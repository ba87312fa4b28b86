//! Reactions, read. They are written in the lanes.

use std::collections::{HashMap, HashSet};

use charla_protocol::{UserId, messages::Reaction};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Asterisk, Expr, Func, Order, OverStatement, Query, WindowStatement},
};
use uuid::Uuid;

use crate::{
    Result,
    lists::padded,
    tables::{messages, reactions},
};

/// People who stand in a reaction's `user_ids`.
const USER_IDS: i64 = 100;

#[derive(Debug, FromQueryResult)]
struct Place {
    message_id: Uuid,
    emoji: String,
    user_id: Uuid,
    created_at: i64,
    total: i64,
}

/// Reactions by message, person and emoji.
pub(super) type Own = HashSet<(Uuid, UserId, String)>;

/// The reactions to these messages, each emoji where its first one came. With a viewer, says which are theirs. Only those that
/// can have any are asked for: a page of messages that nothing has happened to costs no query.
///
/// # Errors
/// Those of the database.
pub async fn of_messages(
    db: &impl ConnectionTrait,
    rows: &[messages::Model],
    viewer: Option<UserId>,
) -> Result<HashMap<Uuid, Vec<Reaction>>> {
    let may_have = |row: &&messages::Model| row.is_changed() && row.deleted_at.is_none();
    let ids: Vec<Uuid> = rows.iter().filter(may_have).map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut found = first_places(db, &ids).await?;
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let own = match viewer {
        Some(viewer) => own(db, ids, [viewer]).await?,
        None => Own::new(),
    };
    found.sort_by_key(|place| (place.created_at, place.user_id));
    let mut reactions: HashMap<Uuid, Vec<Reaction>> = HashMap::new();
    for place in found {
        let reactions = reactions.entry(place.message_id).or_default();
        let at = reactions.iter().position(|reaction| reaction.emoji == place.emoji).unwrap_or_else(|| {
            reactions.push(Reaction {
                me: viewer.map(|viewer| own.contains(&(place.message_id, viewer, place.emoji.clone()))),
                emoji: place.emoji,
                count: place.total.unsigned_abs(),
                user_ids: Vec::new(),
            });
            reactions.len() - 1
        });
        reactions[at].user_ids.push(UserId(place.user_id));
    }
    Ok(reactions)
}

/// The first people of each emoji of each message, with how many there are in all.
async fn first_places(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Place>> {
    let group = || {
        let mut group = WindowStatement::partition_by(reactions::Column::MessageId);
        group.partition_by(reactions::Column::Emoji);
        group
    };
    let mut in_order = group();
    in_order
        .order_by(reactions::Column::CreatedAt, Order::Asc)
        .order_by(reactions::Column::UserId, Order::Asc);
    let columns = [
        reactions::Column::MessageId,
        reactions::Column::Emoji,
        reactions::Column::UserId,
        reactions::Column::CreatedAt,
    ];
    let mut places = Query::select();
    places
        .columns(columns)
        .expr_window_as(Func::cust("ROW_NUMBER"), in_order, "place")
        .expr_window_as(Expr::col(Asterisk).count(), group(), "total")
        .from(reactions::Entity)
        .and_where(Expr::col(reactions::Column::MessageId).is_in(padded(ids.iter().copied())));
    let first = Query::select()
        .columns(columns)
        .column("total")
        .from_subquery(places, "places")
        .and_where(Expr::col("place").lte(USER_IDS))
        .to_owned();
    Ok(Place::find_by_statement(db.get_database_backend().build(&first)).all(db).await?)
}

/// Which of the reactions to these messages are these people's, by message, person and emoji.
///
/// # Errors
/// Those of the database.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
    people: impl IntoIterator<Item = UserId>,
) -> Result<Own> {
    let rows: Vec<(Uuid, Uuid, String)> = reactions::Entity::find()
        .select_only()
        .columns([reactions::Column::MessageId, reactions::Column::UserId, reactions::Column::Emoji])
        .filter(reactions::Column::MessageId.is_in(padded(ids)))
        .filter(reactions::Column::UserId.is_in(padded(people.into_iter().map(|person| person.0))))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(message, person, emoji)| (message, UserId(person), emoji)).collect())
}
