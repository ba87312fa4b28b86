//! Holds what sockets know of their accounts against the database: sessions, memberships, what is shared, blocks. What another
//! node, or the command line, has changed may have been told to nobody here.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use charla_broker::{Delivery, Listener, Privacy, Topic};
use charla_db::{Result, in_time, queries};
use charla_protocol::{RoomId, SessionId, UserId};

use super::{hub::Connection, looks::Looks, peer::Beliefs};
use crate::{
    App,
    delivery::{Reach, room_removed, tell_room_added},
};

/// How often there is a look.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Looks in which each account has its turn while all is well.
const ROTATION: u128 = 5;
/// Accounts that are looked at together.
const PEOPLE: usize = 500;
/// Sessions that one statement looks at: a few of each of them, as a rule.
const SESSIONS: usize = 10_000;
/// Accounts that are looked at in one look. Where there are more, the others have their turn in the next ones.
const PACE: usize = 2_000;

pub(super) fn start(app: &App) {
    tokio::spawn(run(app.clone()));
}

/// A round is all accounts while not all nodes can be heard and after it has come back, and a fifth of them while all is well.
///
/// It costs four statements for 500 accounts, and a row for each membership. With 10,000 accounts in 20 rooms each, a round over
/// all is 80 statements that give 200,000 rows, over ten seconds: no more at a time than the rotation costs. Up to 2,000 accounts
/// take one look.
async fn run(app: App) {
    let mut looks = Looks::new("what sockets know of their accounts", LOOK_EVERY);
    let mut round = Round::default();
    loop {
        let is_time = looks.next(&app.hub.watch.wake_accounts).await;
        looks.note(look(&app, &mut round, is_time).await);
    }
}

/// The accounts that are still to be looked at, the next ones last.
#[derive(Debug, Default)]
struct Round {
    due: Vec<UserId>,
    /// Of all that is known of them, and not only of their sessions.
    is_thorough: bool,
    slot: u128,
}

impl Round {
    /// Begins anew. Those who were due come first, in their order: else some would never be reached where this happens again and again.
    fn restart(&mut self, all: Vec<UserId>) {
        let mut others: HashSet<UserId> = all.into_iter().collect();
        self.due.retain(|user| others.remove(user));
        self.due.splice(..0, others);
        self.is_thorough = true;
    }

    /// Those who are next.
    fn next(&mut self) -> Vec<UserId> {
        self.due.split_off(self.due.len().saturating_sub(PACE))
    }
}

async fn look(app: &App, round: &mut Round, is_time: bool) -> Result<()> {
    if app.hub.watch.all_accounts.swap(false, Ordering::AcqRel) {
        round.restart(app.hub.accounts(|_| true));
    } else if round.due.is_empty() && is_time {
        let is_away = !app.hub.hears_all();
        // A node that is alone is told of everything; but sessions end by the command line too.
        round.is_thorough = is_away || app.presence.has_company();
        round.slot = (round.slot + 1) % ROTATION;
        round.due = app.hub.accounts(|user| is_away || user.0.as_u128() % ROTATION == round.slot);
    } else if !is_time {
        return Ok(());
    }
    let next = round.next();
    for people in next.chunks(PEOPLE) {
        if let Err(error) = in_time(verify(app, people, round.is_thorough)).await {
            round.due.extend(next);
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
    for sessions in sessions.chunks(SESSIONS) {
        let barred = queries::sessions::barred(app.db.read(), sessions, only_verified, now).await?;
        if !barred.is_empty() {
            app.hub.deliver(Topic::Nodes, &Delivery::SessionsEnded(barred));
        }
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
        app.hub.deliver(topic, &room_removed(*room, None));
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn people(numbers: std::ops::Range<u128>) -> Vec<UserId> {
        numbers.map(|number| UserId(Uuid::from_u128(number))).collect()
    }

    /// Each one has their turn, though all of it begins anew before it has come to its end.
    #[test]
    fn nobody_is_passed_over() {
        let (mut round, all) = (Round::default(), people(0..7_000));
        let mut seen = HashSet::new();
        for _ in 0..4 {
            round.restart(all.clone());
            seen.extend(round.next());
        }
        assert_eq!(seen.len(), all.len());
        round.restart(people(0..10));
        assert_eq!((round.next().len(), round.next().len()), (10, 0));
    }
}
