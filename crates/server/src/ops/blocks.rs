//! Blocks: who sets one has nothing more to do with the other person, and the other is not told who did.

use charla_db::{
    Error as DbError, Notice, Pair, Transaction,
    clock::Clock,
    queries::{self, blocks, friend_requests, friendships},
    tables::{blocks::Model as Row, rooms},
};
use charla_protocol::{RoomId, UserId, blocks::Block};

use super::friends::tell_both;
use crate::{
    App,
    error::{Error, Result},
};

/// Blocks somebody, which ends the friendship and the requests between the two; says whether the block is new.
///
/// # Errors
/// `not_found` for an unknown person, `validation_failed` for oneself, `too_many_requests`.
pub async fn block(app: &App, blocker: UserId, blocked: UserId) -> Result<(Block, bool)> {
    if blocked == blocker {
        return Err(Error::field("user_id", "yourself"));
    }
    app.limits.block(blocker)?;
    let clock = app.clock.clone();
    let made = app
        .lanes
        .exclusive_of(Pair::of(blocker, blocked), move |tx| {
            let clock = clock.clone();
            Box::pin(async move { block_in(tx, &*clock, blocker, blocked).await })
        })
        .await?;
    Ok(made)
}

async fn block_in(
    tx: &Transaction,
    clock: &dyn Clock,
    blocker: UserId,
    blocked: UserId,
) -> charla_db::Result<((Block, bool), Vec<Notice>)> {
    let pair = Pair::of(blocker, blocked);
    let room = lock_direct(tx, pair).await?;
    let person = queries::users::find(tx, blocked).await?.filter(|person| person.is_active);
    let person = person.ok_or(DbError::NotFound)?;
    if let Some(row) = blocks::find(tx, blocker, blocked).await? {
        return Ok(((row.wire(&person), false), Vec::new()));
    }
    let row = Row { blocker_id: blocker.0, blocked_id: blocked.0, created_at: clock.now().millis() };
    let block = row.wire(&person);
    blocks::insert(tx, row).await?;
    let ended_friendship = friendships::delete(tx, pair).await?;
    let ended_request = friend_requests::delete_between(tx, pair).await?;
    let mut notices = vec![parted(room.as_ref(), pair, true)];
    notices.extend(match ended_friendship || ended_request {
        true => tell_both(pair),
        // Nothing has changed that the other could see.
        false => vec![Notice::Friendship { viewer: blocker, person: blocked }],
    });
    Ok(((block, true), notices))
}

/// Lifts a block.
///
/// # Errors
/// `not_found` where there is none.
pub async fn unblock(app: &App, blocker: UserId, blocked: UserId) -> Result<()> {
    let pair = Pair::of(blocker, blocked);
    app.lanes
        .exclusive_of(pair, move |tx| {
            Box::pin(async move {
                let room = lock_direct(tx, pair).await?;
                if !blocks::delete(tx, blocker, blocked).await? {
                    return Err(DbError::NotFound);
                }
                let mut notices = Vec::new();
                // The other may have blocked too.
                if blocks::find(tx, blocked, blocker).await?.is_none() {
                    notices.push(parted(room.as_ref(), pair, false));
                }
                notices.push(Notice::Friendship { viewer: blocker, person: blocked });
                Ok(((), notices))
            })
        })
        .await?;
    Ok(())
}

/// Locks the pair's direct room, so that no message comes into it after the block, and both people. Once they are locked,
/// nobody makes that room: one that was made just before is found by the second look.
async fn lock_direct(tx: &Transaction, pair: Pair) -> charla_db::Result<Option<rooms::Model>> {
    let room = queries::rooms::lock_direct(tx, pair).await?;
    queries::users::lock_both(tx, pair.low, pair.high).await?;
    match room {
        Some(room) => Ok(Some(room)),
        None => queries::rooms::lock_direct(tx, pair).await,
    }
}

fn parted(room: Option<&rooms::Model>, people: Pair, are_parted: bool) -> Notice {
    Notice::Parted { room_id: room.map(|room| RoomId(room.id)), people, are_parted }
}
