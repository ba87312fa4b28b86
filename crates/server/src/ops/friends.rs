//! Friendships, and the requests that lead to them. What two people have with each other changes in the pair's lane, with
//! both their rows locked.

use charla_db::{
    Error as DbError, Notice, Pair, Transaction,
    clock::Clock,
    queries::{self, friend_requests, friendships, relations},
    tables::{friend_requests::Model as Request, users},
};
use charla_permissions::{Approach, check_approach};
use charla_protocol::{
    ErrorCode, FriendRequestId, Timestamp, UserId,
    friends::{FriendRequest, FriendRequestOutcome, RequestDirection},
    users::{Friendship, User},
};

use super::users::seen_by;
use crate::{
    App,
    error::{Error, Result},
};

/// Asks somebody for friendship; says whether there is a new request for it. Where they have asked too, the two are friends.
///
/// # Errors
/// `not_found` for an unknown person, `contact_refused`, `validation_failed` for oneself, `too_many_requests`.
pub async fn request(
    app: &App,
    caller: &users::Model,
    other: UserId,
) -> Result<(FriendRequestOutcome, bool)> {
    if other == caller.user_id() {
        return Err(Error::field("user_id", "yourself"));
    }
    let person = queries::users::find(app.db.read(), other).await?.filter(|person| person.is_active);
    let person = person.ok_or_else(Error::not_found)?;
    if person.is_bot() {
        return Err(Error::field("user_id", "is_bot"));
    }
    let relation = relations::between(app.db.read(), caller.user_id(), other).await?;
    if relation.friendship() == Friendship::None {
        app.limits.friend_request(caller.user_id())?;
    }
    let (clock, caller_id) = (app.clock.clone(), caller.user_id());
    let (request, is_new) = app
        .lanes
        .exclusive_of(Pair::of(caller_id, other), move |tx| {
            let clock = clock.clone();
            Box::pin(async move { request_in(tx, &*clock, caller_id, other).await })
        })
        .await?;
    Ok((FriendRequestOutcome { user: seen_by(app, caller, &person).await?, request }, is_new))
}

/// The request that waits for an answer, if one does, and whether it is new.
type Asked = (Option<FriendRequest>, bool);

async fn request_in(
    tx: &Transaction,
    clock: &dyn Clock,
    caller: UserId,
    other: UserId,
) -> charla_db::Result<(Asked, Vec<Notice>)> {
    let (caller, other) = queries::users::lock_both(tx, caller, other).await?;
    if !other.is_active {
        return Err(DbError::NotFound);
    }
    let pair = Pair::of(caller.user_id(), other.user_id());
    let relation = relations::between(tx, caller.user_id(), other.user_id()).await?;
    check_approach(relation.contact(other.settings().direct_messages), Approach::FriendRequest)?;
    if relation.are_friends {
        return Ok(((None, false), Vec::new()));
    }
    match friend_requests::find_between(tx, pair).await? {
        Some(row) if row.sender_id == caller.id => Ok(((Some(row.wire(&caller, &other)), false), Vec::new())),
        Some(_) => Ok(((None, false), befriend(tx, pair, clock.now()).await?)),
        None => {
            let row = new_request(clock, &caller, &other);
            let request = row.wire(&caller, &other);
            friend_requests::insert(tx, row).await?;
            Ok(((Some(request.clone()), true), vec![Notice::FriendRequest(Box::new(request))]))
        }
    }
}

fn new_request(clock: &dyn Clock, sender: &users::Model, receiver: &users::Model) -> Request {
    let pair = Pair::of(sender.user_id(), receiver.user_id());
    Request {
        id: clock.id(),
        low_id: pair.low.0,
        high_id: pair.high.0,
        sender_id: sender.id,
        receiver_id: receiver.id,
        created_at: clock.now().millis(),
    }
}

/// Makes a friendship of the request between two people.
async fn befriend(tx: &Transaction, pair: Pair, now: Timestamp) -> charla_db::Result<Vec<Notice>> {
    friend_requests::delete_between(tx, pair).await?;
    friendships::insert(tx, pair, now).await?;
    Ok(tell_both(pair))
}

/// Both are told what they have with each other.
pub(super) fn tell_both(pair: Pair) -> Vec<Notice> {
    vec![
        Notice::Friendship { viewer: pair.low, person: pair.high },
        Notice::Friendship { viewer: pair.high, person: pair.low },
    ]
}

/// Accepts a request to the caller, and gives the new friend.
///
/// # Errors
/// `not_found`; `forbidden` for a request of one's own.
pub async fn accept(app: &App, caller: &users::Model, id: FriendRequestId) -> Result<User> {
    let row = own_request(app, caller.user_id(), id, RequestDirection::Incoming).await?;
    let (clock, sender) = (app.clock.clone(), UserId(row.sender_id));
    let (pair, caller_id) = (Pair::of(caller.user_id(), sender), caller.user_id());
    let friend = app
        .lanes
        .exclusive_of(pair, move |tx| {
            let clock = clock.clone();
            Box::pin(async move {
                let (_, sender) = queries::users::lock_both(tx, caller_id, sender).await?;
                let is_there = friend_requests::find(tx, id).await?.is_some();
                if !is_there || !sender.is_active {
                    return Err(DbError::NotFound);
                }
                Ok((sender, befriend(tx, pair, clock.now()).await?))
            })
        })
        .await?;
    Ok(seen_by(app, caller, &friend).await?)
}

/// Takes a request away: one to the caller by declining, one of the caller by cancelling.
///
/// # Errors
/// `not_found`; `forbidden` for a request that goes the other way.
pub async fn take_away(
    app: &App,
    caller: UserId,
    id: FriendRequestId,
    direction: RequestDirection,
) -> Result<()> {
    let row = own_request(app, caller, id, direction).await?;
    let pair = Pair::of(UserId(row.sender_id), UserId(row.receiver_id));
    app.lanes
        .exclusive_of(pair, move |tx| {
            Box::pin(async move {
                queries::users::lock_both(tx, pair.low, pair.high).await?;
                friend_requests::find(tx, id).await?.ok_or(DbError::NotFound)?;
                friend_requests::delete_between(tx, pair).await?;
                Ok(((), tell_both(pair)))
            })
        })
        .await?;
    Ok(())
}

/// A request to or from the caller. Those of others are not there for them.
async fn own_request(
    app: &App,
    caller: UserId,
    id: FriendRequestId,
    direction: RequestDirection,
) -> Result<Request> {
    let row = friend_requests::find(app.db.read(), id).await?.ok_or_else(Error::not_found)?;
    let (mine, theirs) = match direction {
        RequestDirection::Incoming => (row.receiver_id, row.sender_id),
        RequestDirection::Outgoing => (row.sender_id, row.receiver_id),
    };
    match caller.0 {
        caller if caller == mine => Ok(row),
        caller if caller == theirs => Err(Error::new(ErrorCode::Forbidden)),
        _ => Err(Error::not_found()),
    }
}

/// Ends a friendship.
///
/// # Errors
/// `not_found` where there is none.
pub async fn end(app: &App, caller: UserId, friend: UserId) -> Result<()> {
    let pair = Pair::of(caller, friend);
    app.lanes
        .exclusive_of(pair, move |tx| {
            Box::pin(async move {
                // Locked so that nothing comes into it afterwards that only a friend may say.
                queries::rooms::lock_direct(tx, pair).await?;
                queries::users::lock_both(tx, pair.low, pair.high).await?;
                match friendships::delete(tx, pair).await? {
                    true => Ok(((), tell_both(pair))),
                    false => Err(DbError::NotFound),
                }
            })
        })
        .await?;
    Ok(())
}
