//! What another node has told of who is there, and whether that is all of it. Pure.

use std::collections::HashSet;

use charla_broker::News;
use charla_protocol::{Timestamp, UserId};
use uuid::Uuid;

use crate::clock::Moment;

/// After this long a node is asked again for its list, in milliseconds.
const ASK_AGAIN_AFTER: i64 = 1_000;

#[derive(Debug)]
pub(super) struct Replica {
    number: u64,
    people: HashSet<UserId>,
    heard_at: Moment,
    /// By the ticks of the clock.
    asked_at: Option<i64>,
    coming: Option<Coming>,
}

/// A list of which not all parts have come.
#[derive(Debug)]
struct Coming {
    number: u64,
    next: u32,
    people: HashSet<UserId>,
}

/// What follows from news.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Nothing,
    /// Something is missing.
    Gap,
    /// These people have come to the node, and those have left it at that time.
    Change {
        came: Vec<UserId>,
        went: Vec<(UserId, Timestamp)>,
    },
    /// This node, or each, is to tell its list.
    Asked(Option<Uuid>),
}

impl Replica {
    pub(super) fn new(now: Moment) -> Self {
        Self { number: 0, people: HashSet::new(), heard_at: now, asked_at: None, coming: None }
    }

    pub(super) fn heard_at(&self) -> Moment {
        self.heard_at
    }

    /// As if the node had been heard just now.
    pub(super) fn excuse(&mut self, now: Moment) {
        self.heard_at = now;
    }

    pub(super) fn into_people(self) -> HashSet<UserId> {
        self.people
    }

    pub(super) fn hear(&mut self, news: &News, now: Moment) -> Heard {
        self.heard_at = now;
        match news {
            News::Came { user, number } => self.step(*number, now, |people| {
                let came = if people.insert(*user) { vec![*user] } else { Vec::new() };
                Heard::Change { came, went: Vec::new() }
            }),
            News::Went { user, number, at } => self.step(*number, now, |people| {
                let went = if people.remove(user) { vec![(*user, *at)] } else { Vec::new() };
                Heard::Change { came: Vec::new(), went }
            }),
            News::Beat { number } if *number > self.number => self.miss(now),
            News::List { number, part, parts, people } => {
                if *number < self.number {
                    return Heard::Nothing;
                }
                self.collect(*number, *part, people);
                if part + 1 == *parts { self.replace(now) } else { Heard::Nothing }
            }
            News::Ask(of) => Heard::Asked(*of),
            News::Beat { .. } | News::Bye => Heard::Nothing,
        }
    }

    /// Takes a change where it is the next one.
    fn step(&mut self, number: u64, now: Moment, take: impl FnOnce(&mut HashSet<UserId>) -> Heard) -> Heard {
        if number <= self.number {
            return Heard::Nothing;
        }
        if number > self.number + 1 {
            return self.miss(now);
        }
        self.number = number;
        take(&mut self.people)
    }

    fn miss(&mut self, now: Moment) -> Heard {
        let again = self.asked_at.is_none_or(|at| now.ticks - at >= ASK_AGAIN_AFTER);
        if !again {
            return Heard::Nothing;
        }
        self.asked_at = Some(now.ticks);
        Heard::Gap
    }

    fn collect(&mut self, number: u64, part: u32, people: &[UserId]) {
        if part == 0 {
            self.coming = Some(Coming { number, next: 0, people: HashSet::new() });
        }
        let Some(coming) =
            self.coming.as_mut().filter(|coming| (coming.number, coming.next) == (number, part))
        else {
            // A part is missing; the next heartbeat shows it.
            self.coming = None;
            return;
        };
        coming.next += 1;
        coming.people.extend(people);
    }

    /// The whole list has come.
    fn replace(&mut self, now: Moment) -> Heard {
        let Some(coming) = self.coming.take() else { return Heard::Nothing };
        self.number = coming.number;
        let before = std::mem::replace(&mut self.people, coming.people);
        let came = self.people.difference(&before).copied().collect();
        let went = before.difference(&self.people).map(|user| (*user, now.time)).collect();
        Heard::Change { came, went }
    }
}
