//! Who is online: at least one live socket. Told in differences, to those who may see it.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicI64, Ordering},
};

use charla_broker::Audience;
use charla_db::{Pair, queries, tables::users};
use charla_protocol::{
    RoomId, Timestamp, UserId,
    events::{Event, StatusAction, UserStatus},
};
use parking_lot::Mutex;

use crate::{App, ops::retry};

/// Offline is announced this long after the last socket ended, in milliseconds.
const OFFLINE_AFTER: i64 = 10_000;
/// How often it is noted that people are still there, in milliseconds: a crash forgets no more of it than that.
const NOTE_EVERY: i64 = 5 * 60_000;
/// People whom one statement notes.
const PEOPLE: usize = 10_000;

/// Accounts that count as online.
#[derive(Debug, Default)]
pub struct Presence {
    people: Mutex<HashMap<UserId, State>>,
    /// When it was last noted who is there, in milliseconds of the clock.
    noted_at: AtomicI64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Online,
    /// Without a socket since then; not announced yet.
    Leaving(Timestamp),
}

impl Presence {
    /// Whether the account counts as online.
    pub fn is_online(&self, user: UserId) -> bool {
        self.people.lock().contains_key(&user)
    }

    /// True if the account was offline.
    fn arrive(&self, user: UserId) -> bool {
        self.people.lock().insert(user, State::Online).is_none()
    }

    fn leave(&self, user: UserId, now: Timestamp) {
        self.people.lock().insert(user, State::Leaving(now));
    }

    /// Those who have been gone for long enough. Who `is_back` although marked as leaving counts as online again:
    /// a socket may come while the last one is being taken out.
    fn gone(&self, now: Timestamp, is_back: impl Fn(UserId) -> bool) -> Vec<(UserId, Timestamp)> {
        let mut gone = Vec::new();
        self.people.lock().retain(|user, state| match *state {
            State::Leaving(since) if since.plus_millis(OFFLINE_AFTER) <= now => {
                if is_back(*user) {
                    *state = State::Online;
                    return true;
                }
                gone.push((*user, since));
                false
            }
            State::Leaving(_) | State::Online => true,
        });
        gone
    }

    /// Those who are there, where it is time to note it again. Who is leaving is noted once they are gone, with the right time.
    fn due(&self, now: Timestamp) -> Vec<UserId> {
        if now.millis() - self.noted_at.load(Ordering::Relaxed) < NOTE_EVERY {
            return Vec::new();
        }
        self.noted_at.store(now.millis(), Ordering::Relaxed);
        let people = self.people.lock();
        people.iter().filter(|(_, state)| **state == State::Online).map(|(user, _)| *user).collect()
    }

    fn everybody(&self) -> Vec<UserId> {
        self.people.lock().keys().copied().collect()
    }
}

impl App {
    /// An account's first socket on this node has come.
    pub async fn arrive(&self, user: UserId) {
        if self.presence.arrive(user) {
            self.tell_presence(user, StatusAction::UserOnline, None).await;
        }
    }

    /// An account's last socket on this node has ended.
    pub fn depart(&self, user: UserId) {
        self.presence.leave(user, self.clock.now());
    }

    /// Announces those who have been gone for ten seconds, and notes every few minutes who is still there.
    pub async fn announce_gone(&self) {
        let now = self.clock.now();
        for (user, since) in self.presence.gone(now, |user| self.hub.is_online(user)) {
            self.note_seen(&mut [user], since).await;
            self.tell_presence(user, StatusAction::UserOffline, Some(since)).await;
        }
        self.note_seen(&mut self.presence.due(now), now).await;
    }

    /// Notes that whoever counts as online has been here until now: the node goes down.
    pub async fn note_everybody_seen(&self) {
        self.note_seen(&mut self.presence.everybody(), self.clock.now()).await;
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

    /// To those who see the person come and go, with respect to both persons' settings: in the direct room they share, on
    /// whichever socket follows it, else to the account.
    async fn tell_presence(&self, user: UserId, action: StatusAction, last_seen: Option<Timestamp>) {
        let told = async {
            match queries::users::find(self.db.read(), user).await? {
                Some(row) if row.show_last_seen => self.tell_near(&row, action, last_seen).await,
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
            note_failure(self.tell_near(user, action, None).await);
        }
    }

    async fn tell_near(
        &self,
        user: &users::Model,
        action: StatusAction,
        last_seen: Option<Timestamp>,
    ) -> charla_db::Result<()> {
        let user_id = user.user_id();
        let near = queries::presence::near(self.db.read(), user_id).await?;
        for (person, room) in near.into_iter().filter(|(person, _)| person.show_last_seen) {
            let status = UserStatus { action, user_id, username: user.username.clone(), last_seen };
            match room {
                Some(room) => {
                    self.send_to_room(room, Event::UserStatus(status), Audience::All, Some(user_id));
                }
                None => self.send_to_user(person.user_id(), None, Event::UserStatus(status)),
            }
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

    /// Somebody who shows whether they are there has opened or closed a room: told to those who look at it, and show it too.
    pub fn tell_looking(&self, room: RoomId, user_id: UserId, username: &str, action: StatusAction) {
        let status = UserStatus { action, user_id, username: username.to_owned(), last_seen: None };
        self.send_doing(room, Event::UserStatus(status), Audience::Watching, user_id);
    }
}

fn note_failure(told: charla_db::Result<()>) {
    if let Err(error) = told {
        tracing::error!(%error, "presence could not be told");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offline_is_announced_ten_seconds_after_the_last_socket() {
        let presence = Presence::default();
        let user = UserId(uuid::Uuid::nil());
        let at = Timestamp::from_millis;
        assert!(presence.arrive(user));
        assert!(!presence.arrive(user));
        presence.leave(user, at(1_000));
        assert!(presence.is_online(user));
        assert_eq!(presence.gone(at(10_999), |_| false), []);
        assert_eq!(presence.gone(at(11_000), |_| false), [(user, at(1_000))]);
        assert!(!presence.is_online(user));
    }

    #[test]
    fn who_comes_back_in_time_has_never_been_away() {
        let presence = Presence::default();
        let user = UserId(uuid::Uuid::nil());
        presence.arrive(user);
        presence.leave(user, Timestamp::from_millis(0));
        assert!(!presence.arrive(user));
        assert_eq!(presence.gone(Timestamp::from_millis(60_000), |_| false), []);
    }

    #[test]
    fn who_is_there_is_noted_now_and_then() {
        let presence = Presence::default();
        let [here, leaving] = [1, 2].map(|n| UserId(uuid::Uuid::from_u128(n)));
        let at = |minutes: i64| Timestamp::from_millis(1_700_000_000_000 + minutes * 60_000);
        assert_eq!(presence.due(at(0)), []);
        presence.arrive(here);
        presence.arrive(leaving);
        presence.leave(leaving, at(4));
        assert_eq!(presence.due(at(4)), []);
        assert_eq!(presence.due(at(5)), [here]);
        assert_eq!(presence.due(at(9)), []);
        assert_eq!(presence.due(at(10)), [here]);
        assert_eq!(presence.everybody().len(), 2);
    }

    #[test]
    fn a_socket_that_came_during_the_departure_counts() {
        let presence = Presence::default();
        let user = UserId(uuid::Uuid::nil());
        presence.arrive(user);
        presence.leave(user, Timestamp::from_millis(0));
        assert_eq!(presence.gone(Timestamp::from_millis(60_000), |_| true), []);
        assert!(presence.is_online(user));
    }
}
