//! Holds what sockets know of their accounts against the database: sessions, memberships, what is shared, blocks. What another
//! node, or the command line, has changed may have been told to nobody here.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use charla_broker::{Delivery, Link, Listener, Privacy, Topic};
use charla_db::{Result, in_time, queries};
use charla_protocol::{RoomId, SessionId, UserId};
use tokio::time::{MissedTickBehavior, interval};

use super::{hub::Connection, peer::Beliefs};
use crate::{
    App,
    delivery::{Reach, room_removed, tell_room_added},
};

/// How often there is a look, while the link is away at every account.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Looks in which each account has its turn while all is well.
const ROTATION: u128 = 5;
/// Accounts that are looked at together.
const PEOPLE: usize = 200;

pub(super) fn start(app: &App) {
    tokio::spawn(run(app.clone()));
}

async fn run(app: App) {
    let watch = &app.hub.watch;
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut slot = 0;
    loop {
        let in_turn = tokio::select! {
            _ = ticks.tick() => {
                slot = (slot + 1) % ROTATION;
                Some(slot)
            }
            () = watch.wake_accounts.notified() => None,
        };
        if let Err(error) = look(&app, in_turn).await {
            tracing::warn!(%error, "what sockets know of their accounts can't be held against the database");
        }
    }
}

async fn look(app: &App, in_turn: Option<u128>) -> Result<()> {
    let back = app.hub.watch.all_accounts.swap(false, Ordering::AcqRel);
    let all = back || app.hub.link() == Link::Away;
    let people =
        app.hub.accounts(|user| all || in_turn.is_some_and(|turn| user.0.as_u128() % ROTATION == turn));
    // A node that is alone is told of everything; but sessions end by the command line too.
    let thoroughly = all || app.presence.has_company();
    for people in people.chunks(PEOPLE) {
        if let Err(error) = in_time(verify(app, people, thoroughly)).await {
            app.hub.watch.all_accounts.fetch_or(back, Ordering::AcqRel);
            return Err(error);
        }
    }
    Ok(())
}

/// A socket, and how often it had been told something before the database was asked.
type Witness = (Arc<Connection>, u32);

async fn verify(app: &App, people: &[UserId], thoroughly: bool) -> Result<()> {
    let sockets = people.iter().flat_map(|user| app.hub.connections_of(*user));
    let sockets: Vec<Witness> =
        sockets.filter_map(|socket| socket.times_told().map(|times| (socket, times))).collect();
    close_barred(app, &sockets).await?;
    if !thoroughly {
        return Ok(());
    }
    let truths = truths(app, people).await?;
    let mut lacking: HashMap<RoomId, HashSet<UserId>> = HashMap::new();
    for (socket, times) in &sockets {
        let Some(truth) = truths.get(&socket.user) else { continue };
        let _changing = app.hub.hold_accounts();
        if socket.times_told() == Some(*times) {
            for room in correct(app, socket, truth) {
                lacking.entry(room).or_default().insert(socket.user);
            }
        }
    }
    for (room, people) in lacking {
        let people: Vec<UserId> = people.into_iter().collect();
        tell_room_added(app, &people, room, Reach::Here).await?;
    }
    Ok(())
}

/// The command line ends sessions in the database alone, and what another node tells may be lost.
async fn close_barred(app: &App, sockets: &[Witness]) -> Result<()> {
    let mut sessions: Vec<SessionId> = sockets.iter().map(|(socket, _)| socket.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    let (only_verified, now) = (app.post.rules.only_verified(), app.clock.now());
    let barred = queries::sessions::barred(app.db.read(), &sessions, only_verified, now).await?;
    if !barred.is_empty() {
        app.hub.deliver(Topic::Nodes, &Delivery::SessionsEnded(barred));
    }
    Ok(())
}

/// What is true of these accounts, with a query for each kind of thing.
async fn truths(app: &App, people: &[UserId]) -> Result<HashMap<UserId, Beliefs>> {
    let db = app.db.read();
    let mut truths = HashMap::new();
    for (user, receipts, presence) in queries::users::shares(db, people).await? {
        let privacy = Privacy { receipts, presence };
        truths.insert(user, Beliefs { rooms: HashMap::new(), privacy, parted: HashSet::new() });
    }
    for (user, room, hidden_seq) in queries::members::of_users(db, people).await? {
        if let Some(truth) = truths.get_mut(&user) {
            truth.rooms.insert(room, hidden_seq);
        }
    }
    for (user, from) in queries::blocks::parted_of_many(db, people).await? {
        if let Some(truth) = truths.get_mut(&user) {
            truth.parted.insert(from);
        }
    }
    Ok(truths)
}

/// Tells the account's sockets what one of them does not know, as it would have been told then. Gives the rooms that are still to
/// be told, because that takes more questions.
fn correct(app: &App, socket: &Connection, truth: &Beliefs) -> Vec<RoomId> {
    let believed = socket.beliefs();
    let topic = Topic::User(socket.user);
    for room in believed.rooms.keys().filter(|room| !truth.rooms.contains_key(room)) {
        app.hub.deliver(topic, &room_removed(*room));
    }
    if believed.privacy != truth.privacy {
        app.hub.deliver(topic, &Delivery::Privacy(truth.privacy));
    }
    for from in believed.parted.symmetric_difference(&truth.parted) {
        let are_parted = truth.parted.contains(from);
        app.hub.deliver(topic, &Delivery::Parted { from: *from, are_parted });
    }
    let is_lacking = |(room, hidden_seq): &(&RoomId, &i64)| believed.rooms.get(room) != Some(hidden_seq);
    let concerns = |room: &RoomId| socket.door.room().is_none_or(|own| own == *room);
    truth.rooms.iter().filter(is_lacking).map(|(room, _)| *room).filter(concerns).collect()
}
