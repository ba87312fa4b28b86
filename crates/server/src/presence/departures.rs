//! Who has gone is noticed at once, and stored and told behind that: a database in trouble must not make a node look dead.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    sync::atomic::{AtomicBool, Ordering},
};

use charla_broker::{Link, News};
use charla_db::{in_time, queries};
use charla_protocol::{Timestamp, UserId, events::StatusAction};
use parking_lot::Mutex;

use super::{ANNOUNCED_TOGETHER, BEAT_EVERY, board::Gone, is_due};
use crate::{App, ops::retry};

/// People whom one statement notes.
const PEOPLE: usize = 10_000;

/// Those who have gone and are not announced yet: one entry a person, so that it is bounded by those who were there.
#[derive(Debug, Default)]
pub(super) struct Departures {
    gone: Mutex<HashMap<UserId, Gone>>,
    /// Those whom nodes were to store that are no more.
    overdue: Mutex<Vec<Gone>>,
    has_failed: AtomicBool,
}

/// When somebody was seen, which is to be stored.
#[derive(Clone, Copy, Debug)]
enum Note {
    New,
    /// Others may have stored it, or something later.
    Overdue,
}

impl Departures {
    fn add(&self, gone: impl IntoIterator<Item = Gone>) {
        self.gone.lock().extend(gone.into_iter().map(|gone| (gone.user, gone)));
    }

    fn take(&self) -> Vec<Gone> {
        mem::take(&mut *self.gone.lock()).into_values().collect()
    }

    /// These could not be announced: they are the next time, unless they have come and gone anew since.
    fn put_back(&self, untold: Vec<Gone>) {
        let mut gone = self.gone.lock();
        for before in untold {
            gone.entry(before.user).or_insert(Gone { is_ours: false, ..before });
        }
    }
}

impl App {
    /// Shows the other nodes that this one lives, and finds who has been gone for ten seconds. Awaits nothing.
    pub fn turn_presence(&self) {
        let now = self.clock.moment();
        if is_due(&self.presence.beaten_at, BEAT_EVERY, now.ticks) {
            let _telling = self.presence.telling.lock();
            let beat = self.presence.board.lock().beat();
            self.publish_presence(vec![beat]);
        }
        let (gone, overdue, lost) = {
            let mut board = self.presence.board.lock();
            let gone = board.turn(now, self.hub.link() == Link::Away);
            (gone, board.take_overdue(now), board.take_lost())
        };
        self.presence.departures.overdue.lock().extend(overdue);
        lost.into_iter().for_each(|node| self.hub.forget_lookers(node));
        self.presence.departures.add(gone);
    }

    /// Stores and announces those who were found to be gone, and notes every few minutes who is still here.
    pub async fn tend_presence(&self) {
        let departures = &self.presence.departures;
        let gone = round(departures.take());
        for (seen, people) in by_time(gone.iter().filter(|gone| gone.is_ours)) {
            if !self.note_seen(people, seen).await {
                break;
            }
        }
        let overdue = round(mem::take(&mut *departures.overdue.lock()));
        for (seen, people) in by_time(&overdue) {
            if !self.note(people, seen, Note::Overdue).await {
                break;
            }
        }
        // Nobody here to tell.
        let mut untold = if self.hub.is_empty() { Vec::new() } else { gone };
        let told = self.tell_gone(&mut untold).await;
        let had_failed = departures.has_failed.swap(told.is_err(), Ordering::Relaxed);
        if let Err(error) = told {
            if !had_failed {
                tracing::error!(%error, "who has gone could not be told; it is tried until it can");
            }
            departures.put_back(untold);
        }
        let now = self.clock.moment();
        self.note_seen(self.presence.due(now.ticks), now.time).await;
    }

    /// Announces these, and leaves those who could not be.
    async fn tell_gone(&self, gone: &mut Vec<Gone>) -> charla_db::Result<()> {
        while !gone.is_empty() {
            let rest = gone.len().saturating_sub(ANNOUNCED_TOGETHER);
            let people: Vec<_> = gone[rest..].iter().map(|gone| (gone.user, Some(gone.seen))).collect();
            self.tell_presence(&people, StatusAction::UserOffline).await?;
            gone.truncate(rest);
        }
        Ok(())
    }

    /// Notes that whoever is here has been here until now, and says goodbye to the other nodes: the node goes down.
    pub async fn note_everybody_seen(&self) {
        {
            let _telling = self.presence.telling.lock();
            self.publish_presence(vec![News::Bye]);
            self.presence.has_left.store(true, Ordering::Release);
        }
        let people = self.presence.board.lock().own_and_leaving();
        self.note_seen(people, self.clock.now()).await;
    }

    /// True where it could be stored.
    async fn note_seen(&self, people: Vec<UserId>, at: Timestamp) -> bool {
        self.note(people, at, Note::New).await
    }

    async fn note(&self, mut people: Vec<UserId>, at: Timestamp, note: Note) -> bool {
        // In one order, so that two nodes don't wait for each other's rows.
        people.sort_unstable();
        for people in people.chunks(PEOPLE) {
            if let Err(error) = in_time(retry::on_busy(|| self.store_seen(people, at, note))).await {
                tracing::error!(%error, "when somebody was last seen could not be stored");
                return false;
            }
        }
        true
    }

    async fn store_seen(&self, people: &[UserId], at: Timestamp, note: Note) -> charla_db::Result<()> {
        let tx = self.db.begin().await?;
        match note {
            Note::New => queries::users::set_last_seen(&tx, people, at).await?,
            Note::Overdue => queries::users::raise_last_seen(&tx, people, at).await?,
        }
        Ok(tx.commit().await?)
    }
}

/// Those who left within the same second were all last seen when the last of them was: many may leave at once, each a
/// millisecond after the other, and all who were seen at one time are stored together.
fn round(mut gone: Vec<Gone>) -> Vec<Gone> {
    let mut latest = HashMap::<i64, Timestamp>::new();
    for gone in &gone {
        let latest = latest.entry(second(gone.seen)).or_insert(gone.seen);
        *latest = gone.seen.max(*latest);
    }
    for gone in &mut gone {
        gone.seen = latest.get(&second(gone.seen)).copied().unwrap_or(gone.seen);
    }
    gone
}

fn second(at: Timestamp) -> i64 {
    at.millis().div_euclid(1000)
}

/// People by when they were seen.
fn by_time<'a>(gone: impl IntoIterator<Item = &'a Gone>) -> BTreeMap<Timestamp, Vec<UserId>> {
    let mut people = BTreeMap::<_, Vec<_>>::new();
    for gone in gone {
        people.entry(gone.seen).or_default().push(gone.user);
    }
    people
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_leaves_within_one_second_is_stored_together_and_never_ahead_of_time() {
        let gone = |number, millis, is_ours| Gone {
            user: UserId(Uuid::from_u128(number)),
            seen: Timestamp::from_millis(millis),
            is_ours,
        };
        let gone = round(vec![
            gone(1, 1_000, true),
            gone(2, 1_250, true),
            gone(3, 1_999, false),
            gone(4, 2_000, true),
            gone(5, -1, true),
        ]);
        let seen: Vec<i64> = gone.iter().map(|gone| gone.seen.millis()).collect();
        assert_eq!(seen, [1_999, 1_999, 1_999, 2_000, -1]);
        let people: Vec<usize> =
            by_time(gone.iter().filter(|gone| gone.is_ours)).values().map(Vec::len).collect();
        assert_eq!(people, [1, 2, 1]);
    }
}
