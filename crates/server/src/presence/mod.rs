//! Who is online: at least one live socket, on whichever node. Told in differences, to those who may see it.
//!
//! Each node tells the others who has come and gone there, and beats: so each knows of all, and tells its own sockets by itself.
//! Nobody leads, and nothing is told twice.

mod board;
mod departures;
mod replica;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use charla_broker::{Audience, Delivery, News, Topic};
use charla_db::{
    Pair, in_time,
    queries::{self, presence::Near},
    tables::users,
};
use charla_protocol::{
    RoomId, Timestamp, UserId,
    events::{Event, ServerFrame, StatusAction, UserStatus},
};
use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    App,
    clock::Clock,
    delivery::{Reach, encode},
};
use board::Board;
use departures::Departures;

/// How often it is noted that people are still there, in milliseconds: a crash forgets no more of it than that.
const NOTE_EVERY: i64 = 5 * 60_000;
/// How often a node shows that it lives, in milliseconds.
const BEAT_EVERY: i64 = 4_000;
/// People who have come to other nodes, or gone, and are announced here together.
const ANNOUNCED_TOGETHER: usize = 500;

/// Before anything that ticks can count.
const NEVER: i64 = i64::MIN / 2;

/// Accounts that count as online.
#[derive(Debug)]
pub struct Presence {
    clock: Arc<dyn Clock>,
    board: Mutex<Board>,
    /// Held while news are made and published, so that they go out in the order of their numbers.
    telling: Mutex<()>,
    has_arrivals: Notify,
    departures: Departures,
    /// When it was last noted who is there, and when the last beat went out, by the ticks of the clock.
    noted_at: AtomicI64,
    beaten_at: AtomicI64,
    /// The node has said goodbye: whatever it said after that, it would be there again for the others.
    has_left: AtomicBool,
}

impl Presence {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let node = clock.id();
        Self {
            clock,
            board: Mutex::new(Board::new(node)),
            telling: Mutex::default(),
            has_arrivals: Notify::default(),
            departures: Departures::default(),
            noted_at: AtomicI64::new(NEVER),
            beaten_at: AtomicI64::new(NEVER),
            has_left: AtomicBool::new(false),
        }
    }

    /// Whether the account counts as online.
    pub fn is_online(&self, user: UserId) -> bool {
        self.board.lock().is_online(user)
    }

    /// How this node is called.
    pub fn node(&self) -> Uuid {
        self.board.lock().node()
    }

    /// Whether there is, or was, another node.
    pub fn has_company(&self) -> bool {
        self.board.lock().has_company()
    }

    /// Takes in what another node tells. Gives what is to be said to that.
    pub fn hear(&self, node: Uuid, news: &News) -> Vec<Delivery> {
        let now = self.clock.moment();
        let replies = self.board.lock().hear(node, news, now);
        self.has_arrivals.notify_one();
        self.signed(replies)
    }

    /// What a node says that has come, or come back: who is there, and the question who is elsewhere.
    pub fn rejoin(&self) -> Vec<Delivery> {
        let mut news = self.board.lock().list();
        news.push(News::Ask(None));
        self.signed(news)
    }

    /// These nodes live, though they can't be heard.
    pub(crate) fn excuse(&self, nodes: &[Uuid]) {
        self.board.lock().excuse(nodes, self.clock.moment());
    }

    fn signed(&self, news: Vec<News>) -> Vec<Delivery> {
        if self.has_left.load(Ordering::Acquire) {
            return Vec::new();
        }
        let node = self.node();
        news.into_iter().map(|news| Delivery::Presence { node, news }).collect()
    }

    /// Those who are here, where it is time to note it again.
    fn due(&self, ticks: i64) -> Vec<UserId> {
        if is_due(&self.noted_at, NOTE_EVERY, ticks) { self.board.lock().own() } else { Vec::new() }
    }
}

/// Whether it is time again; then it counts as done.
fn is_due(last: &AtomicI64, every: i64, ticks: i64) -> bool {
    let is_due = ticks - last.load(Ordering::Relaxed) >= every;
    if is_due {
        last.store(ticks, Ordering::Relaxed);
    }
    is_due
}

impl App {
    /// Sockets of these accounts have come.
    pub async fn arrive(&self, users: &[UserId]) {
        let arrived: Vec<UserId> = users.iter().copied().filter(|user| self.note_presence(*user)).collect();
        self.tell_arrived(&arrived).await;
    }

    /// An account's last socket on this node has ended.
    pub fn depart(&self, user: UserId) {
        self.note_presence(user);
    }

    /// Tells the other nodes whether somebody has a socket here, as the hub has it by now: one may come while another is taken out.
    /// True if they have come online.
    fn note_presence(&self, user: UserId) -> bool {
        let _telling = self.presence.telling.lock();
        let now = self.clock.moment();
        let noted = self.presence.board.lock().note(user, self.hub.is_online(user), now);
        let Some((news, is_new)) = noted else { return false };
        self.publish_presence(vec![news]);
        is_new
    }

    fn publish_presence(&self, news: Vec<News>) {
        for delivery in self.presence.signed(news) {
            self.hub.publish(Topic::Nodes, &delivery);
        }
    }

    /// Announces those who come to other nodes, for as long as the node lives.
    pub(crate) async fn announce_arrivals(self) {
        loop {
            self.presence.has_arrivals.notified().await;
            let arrived = self.presence.board.lock().take_arrived();
            // Nobody here to tell: a node that has just come hears of everybody.
            let arrived = if self.hub.is_empty() { Vec::new() } else { arrived };
            for arrived in arrived.chunks(ANNOUNCED_TOGETHER) {
                self.tell_arrived(arrived).await;
            }
        }
    }

    async fn tell_arrived(&self, arrived: &[UserId]) {
        if !arrived.is_empty() {
            let arrived: Vec<_> = arrived.iter().map(|user| (*user, None)).collect();
            note_failure(self.tell_presence(&arrived, StatusAction::UserOnline).await);
        }
    }

    /// To those of this node who see these people come and go, with respect to both persons' settings. Whoever has come or gone
    /// again while it was asked who that is, is told of as such.
    async fn tell_presence(
        &self,
        people: &[(UserId, Option<Timestamp>)],
        action: StatusAction,
    ) -> charla_db::Result<()> {
        in_time(async {
            let db = self.db.read();
            let ids: Vec<UserId> = people.iter().map(|(user, _)| *user).collect();
            let mut shown = queries::users::find_all(db, &ids).await?;
            shown.retain(|user| user.show_last_seen);
            let ids: Vec<UserId> = shown.iter().map(users::Model::user_id).collect();
            let mut near: HashMap<UserId, Vec<Near>> = HashMap::new();
            for one in queries::presence::near(db, &ids).await? {
                near.entry(one.sees).or_default().push(one);
            }
            let last_seen: HashMap<UserId, Option<Timestamp>> = people.iter().copied().collect();
            for user in &shown {
                let id = user.user_id();
                if self.presence.is_online(id) == (action == StatusAction::UserOnline) {
                    let last_seen = last_seen.get(&id).copied().flatten();
                    self.tell_near(
                        near.remove(&id).unwrap_or_default(),
                        user,
                        (action, last_seen),
                        Reach::Here,
                    );
                }
            }
            Ok(())
        })
        .await
    }

    /// Somebody who is there now shows it, or does so no longer: to the others as if they had come, or gone.
    pub(crate) async fn tell_shown(&self, user: &users::Model) {
        if self.presence.is_online(user.user_id()) {
            let action =
                if user.show_last_seen { StatusAction::UserOnline } else { StatusAction::UserOffline };
            match in_time(queries::presence::near(self.db.read(), &[user.user_id()])).await {
                Ok(near) => self.tell_near(near, user, (action, None), Reach::Everywhere),
                failed => note_failure(failed.map(drop)),
            }
        }
    }

    /// In the direct room that somebody shares with the person, on whichever socket follows it, else to the account.
    fn tell_near(
        &self,
        near: Vec<Near>,
        user: &users::Model,
        (action, last_seen): (StatusAction, Option<Timestamp>),
        reach: Reach,
    ) {
        let user_id = user.user_id();
        for Near { person, room, .. } in near.into_iter().filter(|near| near.person.show_last_seen) {
            let status = UserStatus { action, user_id, username: user.username.clone(), last_seen };
            let event = Event::UserStatus(status);
            let (topic, frame, except) = match room {
                Some(room) => (Topic::Room(room), ServerFrame::room(room, event), Some(user_id)),
                None => (Topic::User(person.user_id()), ServerFrame { room_id: None, event }, None),
            };
            let delivery = Delivery::Frame { text: encode(frame), audience: Audience::All, except, by: None };
            self.pass(reach, topic, &delivery);
        }
    }

    /// A block now parts the two people of a direct room, or none any more: to each as if the other had gone, or come.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn tell_parted(
        &self,
        room: RoomId,
        people: Pair,
        are_parted: bool,
    ) -> charla_db::Result<()> {
        let both = queries::users::active(self.db.read(), &[people.low, people.high]).await?;
        if both.len() < 2 || !both.iter().all(|person| person.show_last_seen) {
            return Ok(());
        }
        let action = if are_parted { StatusAction::UserOffline } else { StatusAction::UserOnline };
        for person in both.into_iter().filter(|person| self.presence.is_online(person.user_id())) {
            let user_id = person.user_id();
            let status = UserStatus { action, user_id, username: person.username, last_seen: None };
            self.send_to_room(room, Event::UserStatus(status), Audience::All, Some(user_id));
        }
        Ok(())
    }
}

fn note_failure(told: charla_db::Result<()>) {
    if let Err(error) = told {
        tracing::error!(%error, "presence could not be told");
    }
}
