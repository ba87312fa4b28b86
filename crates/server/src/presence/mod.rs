//! Who is online: at least one live socket, on whichever node. Told in differences, to those who may see it.
//!
//! Each node tells the others who has come and gone there, and beats: so each knows of all, and tells its own sockets by itself.
//! Nobody leads, and nothing is told twice.

mod board;
mod replica;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use charla_broker::{Audience, Delivery, Link, News, Topic};
use charla_db::{Pair, queries, tables::users};
use charla_protocol::{
    RoomId, Timestamp, UserId,
    events::{Event, ServerFrame, StatusAction, UserStatus},
};
use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    App,
    clock::Clock,
    delivery::{Reach, encode},
    ops::retry,
};
use board::{Board, Gone};

/// How often it is noted that people are still there, in milliseconds: a crash forgets no more of it than that.
const NOTE_EVERY: i64 = 5 * 60_000;
/// How often a node shows that it lives, in milliseconds.
const BEAT_EVERY: i64 = 4_000;
/// People whom one statement notes.
const PEOPLE: usize = 10_000;
/// People who have come to other nodes and are announced here side by side.
const ANNOUNCED_AT_ONCE: usize = 4;

/// Accounts that count as online.
#[derive(Debug)]
pub struct Presence {
    clock: Arc<dyn Clock>,
    board: Mutex<Board>,
    /// Held while news are made and published, so that they go out in the order of their numbers.
    telling: Mutex<()>,
    has_arrivals: Notify,
    /// When it was last noted who is there, in milliseconds of the clock.
    noted_at: AtomicI64,
    beaten_at: AtomicI64,
}

impl Presence {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let node = clock.id();
        Self {
            clock,
            board: Mutex::new(Board::new(node)),
            telling: Mutex::default(),
            has_arrivals: Notify::default(),
            noted_at: AtomicI64::default(),
            beaten_at: AtomicI64::default(),
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
        let now = self.clock.now();
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

    fn signed(&self, news: Vec<News>) -> Vec<Delivery> {
        let node = self.node();
        news.into_iter().map(|news| Delivery::Presence { node, news }).collect()
    }

    /// Those who are here, where it is time to note it again.
    fn due(&self, now: Timestamp) -> Vec<UserId> {
        if is_due(&self.noted_at, NOTE_EVERY, now) { self.board.lock().own() } else { Vec::new() }
    }
}

/// Whether it is time again; then it counts as done.
fn is_due(last: &AtomicI64, every: i64, now: Timestamp) -> bool {
    let is_due = !(0..every).contains(&(now.millis() - last.load(Ordering::Relaxed)));
    if is_due {
        last.store(now.millis(), Ordering::Relaxed);
    }
    is_due
}

impl App {
    /// A socket of the account has come.
    pub async fn arrive(&self, user: UserId) {
        if self.note_presence(user) {
            self.tell_presence(user, StatusAction::UserOnline, None).await;
        }
    }

    /// An account's last socket on this node has ended.
    pub fn depart(&self, user: UserId) {
        self.note_presence(user);
    }

    /// Tells the other nodes whether somebody has a socket here, as the hub has it by now: one may come while another is taken out.
    /// True if they have come online.
    fn note_presence(&self, user: UserId) -> bool {
        let _telling = self.presence.telling.lock();
        let now = self.clock.now();
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

    /// Announces those who have been gone for ten seconds, shows the other nodes that this one lives, and notes every few minutes
    /// who is still here.
    pub async fn tend_presence(&self) {
        let now = self.clock.now();
        if is_due(&self.presence.beaten_at, BEAT_EVERY, now) {
            let beat = self.presence.board.lock().beat();
            self.publish_presence(vec![beat]);
        }
        let (gone, lost) = {
            let mut board = self.presence.board.lock();
            (board.turn(now, self.hub.link() == Link::Away), board.take_lost())
        };
        lost.into_iter().for_each(|node| self.hub.forget_lookers(node));
        for Gone { user, seen, is_ours } in gone {
            if is_ours {
                self.note_seen(&mut [user], seen).await;
            }
            self.tell_presence(user, StatusAction::UserOffline, Some(seen)).await;
        }
        self.note_seen(&mut self.presence.due(now), now).await;
    }

    /// Announces those who come to other nodes, for as long as the node lives.
    pub(crate) async fn announce_arrivals(self) {
        loop {
            self.presence.has_arrivals.notified().await;
            let arrived = self.presence.board.lock().take_arrived();
            // Nobody here to tell: a node that has just come hears of everybody.
            let arrived = if self.hub.is_empty() { Vec::new() } else { arrived };
            stream::iter(arrived)
                .for_each_concurrent(ANNOUNCED_AT_ONCE, |user| {
                    self.tell_presence(user, StatusAction::UserOnline, None)
                })
                .await;
        }
    }

    /// Notes that whoever is here has been here until now, and says goodbye to the other nodes: the node goes down.
    pub async fn note_everybody_seen(&self) {
        self.publish_presence(vec![News::Bye]);
        let mut people = self.presence.board.lock().own_and_leaving();
        self.note_seen(&mut people, self.clock.now()).await;
    }

    async fn note_seen(&self, people: &mut [UserId], at: Timestamp) {
        // In one order, so that two nodes don't wait for each other's rows.
        people.sort_unstable();
        for people in people.chunks(PEOPLE) {
            if let Err(error) = retry::on_busy(|| self.store_seen(people, at)).await {
                tracing::error!(%error, "when somebody was last seen could not be stored");
            }
        }
    }

    async fn store_seen(&self, people: &[UserId], at: Timestamp) -> charla_db::Result<()> {
        let tx = self.db.begin().await?;
        queries::users::set_last_seen(&tx, people, at).await?;
        Ok(tx.commit().await?)
    }

    /// To those of this node who see the person come and go, with respect to both persons' settings: in the direct room they share,
    /// on whichever socket follows it, else to the account.
    async fn tell_presence(&self, user: UserId, action: StatusAction, last_seen: Option<Timestamp>) {
        let told = async {
            match queries::users::find(self.db.read(), user).await? {
                Some(row) if row.show_last_seen => self.tell_near(&row, action, last_seen, Reach::Here).await,
                _ => Ok(()),
            }
        };
        note_failure(told.await);
    }

    /// Somebody who is there now shows it, or does so no longer: to the others as if they had come, or gone.
    pub(crate) async fn tell_shown(&self, user: &users::Model) {
        if self.presence.is_online(user.user_id()) {
            let action =
                if user.show_last_seen { StatusAction::UserOnline } else { StatusAction::UserOffline };
            note_failure(self.tell_near(user, action, None, Reach::Everywhere).await);
        }
    }

    async fn tell_near(
        &self,
        user: &users::Model,
        action: StatusAction,
        last_seen: Option<Timestamp>,
        reach: Reach,
    ) -> charla_db::Result<()> {
        let user_id = user.user_id();
        let near = queries::presence::near(self.db.read(), user_id).await?;
        for (person, room) in near.into_iter().filter(|(person, _)| person.show_last_seen) {
            let status = UserStatus { action, user_id, username: user.username.clone(), last_seen };
            let event = Event::UserStatus(status);
            let (topic, frame, except) = match room {
                Some(room) => (Topic::Room(room), ServerFrame::room(room, event), Some(user_id)),
                None => (Topic::User(person.user_id()), ServerFrame { room_id: None, event }, None),
            };
            let delivery = Delivery::Frame { text: encode(frame), audience: Audience::All, except, by: None };
            self.pass(reach, topic, &delivery);
        }
        Ok(())
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
