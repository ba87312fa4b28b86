//! Requests for friendship. Who writes here holds the locks of both people's rows.

use charla_protocol::{
    FriendRequestId,
    friends::{FriendRequest, RequestDirection},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, Order, QueryFilter, QuerySelect,
    RelationTrait,
};

use super::paging::{Ask, Page, key};
use crate::{
    Pair, Result,
    tables::{
        friend_requests::{self, Column, Relation},
        users,
    },
};

/// # Errors
/// `Duplicate` where there is one between the two.
pub async fn insert(tx: &impl ConnectionTrait, request: friend_requests::Model) -> Result<()> {
    friend_requests::Entity::insert(request.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// # Errors
/// Those of the database.
pub async fn find(db: &impl ConnectionTrait, id: FriendRequestId) -> Result<Option<friend_requests::Model>> {
    Ok(friend_requests::Entity::find_by_id(id.0).one(db).await?)
}

/// The one between two people, whichever of them asked.
///
/// # Errors
/// Those of the database.
pub async fn find_between(db: &impl ConnectionTrait, pair: Pair) -> Result<Option<friend_requests::Model>> {
    Ok(friend_requests::Entity::find()
        .filter(Column::LowId.eq(pair.low.0))
        .filter(Column::HighId.eq(pair.high.0))
        .one(db)
        .await?)
}

/// Takes away the one between two people. False if there was none.
///
/// # Errors
/// Those of the database.
pub async fn delete_between(tx: &impl ConnectionTrait, pair: Pair) -> Result<bool> {
    let done = friend_requests::Entity::delete_many()
        .filter(Column::LowId.eq(pair.low.0))
        .filter(Column::HighId.eq(pair.high.0))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Requests to or from `viewer`, the newest first, without those of people whose accounts are out of use.
///
/// # Errors
/// Those of the database.
pub async fn page(
    db: &impl ConnectionTrait,
    viewer: &users::Model,
    direction: RequestDirection,
    ask: Ask<FriendRequestId>,
) -> Result<Page<FriendRequest>> {
    let keys = [key((friend_requests::Entity, Column::Id), Order::Desc)];
    let ask = ask.by(|id| [id.0.into()]);
    let (mine, other) = match direction {
        RequestDirection::Incoming => (Column::ReceiverId, Relation::Sender),
        RequestDirection::Outgoing => (Column::SenderId, Relation::Receiver),
    };
    let query = friend_requests::Entity::find()
        .join(JoinType::InnerJoin, other.def())
        .select_also(users::Entity)
        .filter(mine.eq(viewer.id))
        .filter(users::Column::IsActive.eq(true));
    let page = ask.page(ask.apply(query, &keys).all(db).await?);
    let wire = |(request, other): (friend_requests::Model, Option<users::Model>)| {
        let other = other?;
        Some(match direction {
            RequestDirection::Incoming => request.wire(&other, viewer),
            RequestDirection::Outgoing => request.wire(viewer, &other),
        })
    };
    let rows = page.rows.into_iter().filter_map(wire).collect();
    Ok(Page { rows, has_previous: page.has_previous, has_next: page.has_next })
}
