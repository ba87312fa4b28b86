//! Who counts as online, as far as this node knows: those with a socket here, and those of whom other nodes tell. Pure.

use std::collections::{HashMap, HashSet};

use charla_broker::News;
use charla_protocol::{Timestamp, UserId};
use uuid::Uuid;

use super::replica::{Heard, Replica};
use crate::clock::Moment;

/// Offline is announced this long after the last socket ended, in milliseconds.
const OFFLINE_AFTER: i64 = 10_000;
/// A node of which nothing is heard for so long is dead, in milliseconds; its people were last seen when it was last heard.
const DEAD_AFTER: i64 = 30_000;
/// Nobody is judged by a time in which this node may have been stopped, in milliseconds.
const LONGEST_TURN: i64 = 10_000;
/// Who left a node that was to store it, which is gone so long after that was announced, is stored by whoever lives, in milliseconds:
/// more than it takes until such a node is known to be dead.
const OVERDUE_AFTER: i64 = 60_000;
/// People in a part of a list.
const PART: usize = 5_000;

#[derive(Debug)]
pub(super) struct Board {
    node: Uuid,
    /// Grows by one with each who comes or goes here.
    number: u64,
    own: HashSet<UserId>,
    nodes: HashMap<Uuid, Replica>,
    people: HashMap<UserId, Places>,
    /// Those who have come elsewhere, and are not announced here yet.
    arrived: HashSet<UserId>,
    /// Those whom another node was to store.
    entrusted: HashMap<UserId, Entrusted>,
    /// Nodes that are no more, as far as nobody has asked for them yet.
    lost: Vec<Uuid>,
    /// By the ticks of the clock.
    turned_at: Option<i64>,
    has_company: bool,
}

/// Where somebody is.
#[derive(Debug, Default)]
struct Places {
    /// Nodes on which they have a socket.
    count: usize,
    leaving: Option<Leaving>,
}

/// Somebody without a socket; not announced yet.
#[derive(Clone, Copy, Debug)]
struct Leaving {
    /// By the ticks of this node's clock.
    since: i64,
    seen: Timestamp,
    /// The node that they have left last.
    from: Uuid,
}

/// Somebody of whom another node was to store when they were seen.
#[derive(Clone, Copy, Debug)]
struct Entrusted {
    /// By the ticks of this node's clock.
    since: i64,
    gone: Gone,
    /// The node that they have left last.
    from: Uuid,
}

/// Somebody who is offline from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gone {
    pub(super) user: UserId,
    pub(super) seen: Timestamp,
    /// Whether it is for this node to store that.
    pub(super) is_ours: bool,
}

impl Board {
    pub(super) fn new(node: Uuid) -> Self {
        Self {
            node,
            number: 0,
            own: HashSet::new(),
            nodes: HashMap::new(),
            people: HashMap::new(),
            arrived: HashSet::new(),
            entrusted: HashMap::new(),
            lost: Vec::new(),
            turned_at: None,
            has_company: false,
        }
    }

    pub(super) fn node(&self) -> Uuid {
        self.node
    }

    pub(super) fn is_online(&self, user: UserId) -> bool {
        self.people.contains_key(&user)
    }

    /// Whether another node has ever been heard.
    pub(super) fn has_company(&self) -> bool {
        self.has_company
    }

    /// Those with a socket here.
    pub(super) fn own(&self) -> Vec<UserId> {
        self.own.iter().copied().collect()
    }

    /// Notes whether somebody has a socket here. Gives what is news to the other nodes, and whether they have come online by it.
    pub(super) fn note(&mut self, user: UserId, is_here: bool, now: Moment) -> Option<(News, bool)> {
        if is_here == self.own.contains(&user) {
            return None;
        }
        self.number += 1;
        let number = self.number;
        if is_here {
            self.own.insert(user);
            let is_new = self.come(user);
            Some((News::Came { user, number }, is_new))
        } else {
            self.own.remove(&user);
            self.go(user, Leaving { since: now.ticks, seen: now.time, from: self.node });
            Some((News::Went { user, number, at: now.time }, false))
        }
    }

    /// Those who are here, and those who have left from here and are not announced yet.
    pub(super) fn own_and_leaving(&self) -> Vec<UserId> {
        let has_left = |places: &Places| places.leaving.is_some_and(|leaving| leaving.from == self.node);
        let leaving = self.people.iter().filter(|(_, places)| has_left(places)).map(|(user, _)| *user);
        self.own.iter().copied().chain(leaving).collect()
    }

    /// What another node tells. Gives what is to be said to that.
    pub(super) fn hear(&mut self, node: Uuid, news: &News, now: Moment) -> Vec<News> {
        if node == self.node {
            return Vec::new();
        }
        self.has_company = true;
        if let News::Bye = news {
            self.forget(node, now);
            return Vec::new();
        }
        let replica = self.nodes.entry(node).or_insert_with(|| Replica::new(now));
        match replica.hear(news, now) {
            Heard::Nothing => Vec::new(),
            Heard::Gap => vec![News::Ask(Some(node))],
            Heard::Change { came, went } => {
                self.arrive_elsewhere(came);
                for (user, seen) in went {
                    self.go(user, Leaving { since: now.ticks, seen, from: node });
                }
                Vec::new()
            }
            Heard::Asked(of) if of.is_none_or(|of| of == self.node) => self.list(),
            Heard::Asked(_) => Vec::new(),
        }
    }

    /// All that there is to tell of this node.
    pub(super) fn list(&self) -> Vec<News> {
        let (number, own) = (self.number, self.own());
        let parts = u32::try_from(own.len().div_ceil(PART)).unwrap_or(u32::MAX).max(1);
        let part = |part: u32| {
            let people = own.chunks(PART).nth(part as usize).unwrap_or_default().to_vec();
            News::List { number, part, parts, people }
        };
        (0..parts).map(part).collect()
    }

    pub(super) fn beat(&self) -> News {
        News::Beat { number: self.number }
    }

    /// Those who have come elsewhere since the last time, and are still there.
    pub(super) fn take_arrived(&mut self) -> Vec<UserId> {
        let arrived = std::mem::take(&mut self.arrived);
        arrived.into_iter().filter(|user| self.is_online(*user)).collect()
    }

    /// The nodes that have gone down or died since the last time.
    pub(super) fn take_lost(&mut self) -> Vec<Uuid> {
        std::mem::take(&mut self.lost)
    }

    /// These nodes live, though they can't be heard: nobody is taken for gone by that.
    pub(super) fn excuse(&mut self, nodes: &[Uuid], now: Moment) {
        for node in nodes {
            if let Some(replica) = self.nodes.get_mut(node) {
                replica.excuse(now);
            }
        }
    }

    /// Gives up nodes that are dead, and gives those who have been gone for long enough. While other nodes can't be heard, none is
    /// taken for dead.
    pub(super) fn turn(&mut self, now: Moment, is_away: bool) -> Vec<Gone> {
        let before = self.turned_at.replace(now.ticks);
        let is_sound = before.is_some_and(|at| now.ticks - at <= LONGEST_TURN);
        if is_away || !is_sound {
            self.nodes.values_mut().for_each(|replica| replica.excuse(now));
            self.entrusted.values_mut().for_each(|entrusted| entrusted.since = now.ticks);
        }
        let dead: Vec<(Uuid, Moment)> = self
            .nodes
            .iter()
            .map(|(node, replica)| (*node, replica.heard_at()))
            .filter(|(_, heard_at)| heard_at.ticks + DEAD_AFTER <= now.ticks)
            .collect();
        for (node, heard_at) in dead {
            self.forget(node, heard_at);
        }
        self.take_gone(now)
    }

    /// Those whom another node was to store that is no more: it may have died before that, and so may whoever was to store it in its
    /// place. All who live store them, so that what they store must not take the place of anything later.
    pub(super) fn take_overdue(&mut self, now: Moment) -> Vec<Gone> {
        let due = self.entrusted.extract_if(|_, entrusted| entrusted.since + OVERDUE_AFTER <= now.ticks);
        let lost = due.filter(|(_, entrusted)| !self.nodes.contains_key(&entrusted.from));
        lost.map(|(_, entrusted)| entrusted.gone).collect()
    }

    fn take_gone(&mut self, now: Moment) -> Vec<Gone> {
        let (node, nodes) = (self.node, &self.nodes);
        // Of a node that is no more, one of the others stores when its people were seen.
        let is_first = nodes.keys().all(|other| node < *other);
        let is_ours = |from: Uuid| from == node || (is_first && !nodes.contains_key(&from));
        let gone = self.people.extract_if(|_, places| {
            places.leaving.is_some_and(|leaving| leaving.since + OFFLINE_AFTER <= now.ticks)
        });
        let mut all = Vec::new();
        for (user, Leaving { seen, from, .. }) in
            gone.filter_map(|(user, places)| Some((user, places.leaving?)))
        {
            let gone = Gone { user, seen, is_ours: is_ours(from) };
            if !gone.is_ours {
                self.entrusted.insert(user, Entrusted { since: now.ticks, gone, from });
            }
            all.push(gone);
        }
        all
    }

    fn forget(&mut self, node: Uuid, left: Moment) {
        let Some(replica) = self.nodes.remove(&node) else { return };
        self.lost.push(node);
        for user in replica.into_people() {
            self.go(user, Leaving { since: left.ticks, seen: left.time, from: node });
        }
    }

    fn arrive_elsewhere(&mut self, people: Vec<UserId>) {
        for user in people {
            if self.come(user) {
                self.arrived.insert(user);
            }
        }
    }

    /// True if they were offline.
    fn come(&mut self, user: UserId) -> bool {
        let is_new = !self.people.contains_key(&user);
        let places = self.people.entry(user).or_default();
        places.count += 1;
        places.leaving = None;
        is_new
    }

    fn go(&mut self, user: UserId, leaving: Leaving) {
        if let Some(places) = self.people.get_mut(&user) {
            places.count = places.count.saturating_sub(1);
            if places.count == 0 {
                places.leaving = Some(leaving);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u128) -> UserId {
        UserId(Uuid::from_u128(number))
    }

    fn board(node: u128) -> Board {
        Board::new(Uuid::from_u128(node))
    }

    fn at(seconds: i64) -> Moment {
        let ticks = seconds * 1_000;
        Moment { time: Timestamp::from_millis(1_700_000_000_000 + ticks), ticks }
    }

    fn come(board: &mut Board, user: UserId) -> News {
        board.note(user, true, at(0)).unwrap().0
    }

    /// Turns every five seconds up to a time, hearing these nodes beat, and gives who has gone.
    fn turn_to(board: &mut Board, (from, to): (i64, i64), beating: &[&Board]) -> Vec<(i64, Gone)> {
        let mut gone = Vec::new();
        for second in (from..=to).step_by(5) {
            for other in beating {
                board.hear(other.node, &other.beat(), at(second));
            }
            gone.extend(board.turn(at(second), false).into_iter().map(|gone| (second, gone)));
        }
        gone
    }

    fn gone(user: UserId, seen: i64, is_ours: bool) -> Gone {
        Gone { user, seen: at(seen).time, is_ours }
    }

    #[test]
    fn offline_comes_ten_seconds_after_the_last_socket() {
        let (mut board, ana) = (board(1), person(1));
        assert!(board.note(ana, true, at(0)).unwrap().1);
        assert!(board.note(ana, true, at(0)).is_none());
        board.note(ana, false, at(1));
        assert!(board.is_online(ana));
        assert_eq!(board.turn(at(10), false), []);
        assert_eq!(board.turn(at(11), false), [gone(ana, 1, true)]);
        assert!(!board.is_online(ana));
    }

    #[test]
    fn who_comes_back_in_time_has_never_been_away() {
        let (mut board, ana) = (board(1), person(1));
        come(&mut board, ana);
        board.note(ana, false, at(0));
        assert!(!board.note(ana, true, at(5)).unwrap().1);
        assert_eq!(board.turn(at(60), false), []);
    }

    #[test]
    fn of_two_nodes_one_may_lose_somebody() {
        let (mut one, mut other, ana) = (board(1), board(2), person(1));
        one.hear(other.node, &come(&mut other, ana), at(0));
        assert_eq!(one.take_arrived(), [ana]);
        assert!(!one.note(ana, true, at(0)).unwrap().1, "known already");
        let (went, _) = other.note(ana, false, at(1)).unwrap();
        one.hear(other.node, &went, at(1));
        assert_eq!(turn_to(&mut one, (0, 40), &[&other]), []);
        assert!(one.is_online(ana));
        one.note(ana, false, at(41));
        assert_eq!(turn_to(&mut one, (45, 60), &[&other]), [(55, gone(ana, 41, true))]);
    }

    #[test]
    fn who_leaves_elsewhere_is_stored_there() {
        let (mut one, mut other, ana) = (board(1), board(2), person(1));
        one.hear(other.node, &come(&mut other, ana), at(0));
        let (went, _) = other.note(ana, false, at(2)).unwrap();
        one.hear(other.node, &went, at(3));
        assert_eq!(turn_to(&mut one, (5, 20), &[&other]), [(15, gone(ana, 2, false))]);
        assert_eq!(other.turn(at(12), false), [gone(ana, 2, true)]);
    }

    #[test]
    fn the_people_of_a_dead_node_are_offline_within_forty_seconds_and_stored_once() {
        let (mut one, mut two, mut dead, ana) = (board(1), board(2), board(3), person(1));
        let news = come(&mut dead, ana);
        for board in [&mut one, &mut two] {
            board.hear(dead.node, &news, at(0));
        }
        let (first, second) = (board(1), board(2));
        assert_eq!(turn_to(&mut one, (0, 40), &[&second]), [(30, gone(ana, 0, true))]);
        assert_eq!(turn_to(&mut two, (0, 40), &[&first]), [(30, gone(ana, 0, false))]);
    }

    #[test]
    fn a_node_that_is_known_to_live_is_not_dead_until_it_dies() {
        let (mut one, mut other, ana) = (board(1), board(2), person(1));
        one.hear(other.node, &come(&mut other, ana), at(0));
        for second in (0..=100).step_by(5) {
            one.excuse(&[other.node, Uuid::from_u128(3)], at(second));
            assert_eq!(one.turn(at(second), false), []);
        }
        assert_eq!(turn_to(&mut one, (105, 140), &[]), [(130, gone(ana, 100, true))]);
    }

    #[test]
    fn who_was_to_be_stored_by_a_node_that_died_too_is_stored_by_whoever_lives() {
        let (mut one, first, mut dead, ana) = (board(2), board(1), board(3), person(1));
        one.hear(dead.node, &come(&mut dead, ana), at(0));
        assert_eq!(turn_to(&mut one, (0, 30), &[&first]), [(30, gone(ana, 0, false))]);
        // The one that was to store it lives on, or dies without a word.
        assert_eq!(one.take_overdue(at(89)), []);
        turn_to(&mut one, (35, 90), &[]);
        assert_eq!(one.take_overdue(at(90)), [gone(ana, 0, false)]);
        assert_eq!(one.take_overdue(at(200)), [], "once");
    }

    #[test]
    fn who_left_a_node_that_died_before_it_stored_that_is_stored_by_whoever_lives() {
        for has_died in [false, true] {
            let (mut one, mut other, ana) = (board(1), board(2), person(1));
            one.hear(other.node, &come(&mut other, ana), at(0));
            let (went, _) = other.note(ana, false, at(2)).unwrap();
            one.hear(other.node, &went, at(2));
            assert_eq!(turn_to(&mut one, (5, 15), &[&other]), [(15, gone(ana, 2, false))]);
            let beating: &[&Board] = if has_died { &[] } else { &[&other] };
            turn_to(&mut one, (20, 75), beating);
            let overdue = if has_died { vec![gone(ana, 2, false)] } else { Vec::new() };
            assert_eq!(one.take_overdue(at(75)), overdue);
        }
    }

    #[test]
    fn a_node_that_was_taken_for_dead_is_believed_at_once() {
        let (mut one, mut other, ana) = (board(1), board(2), person(1));
        one.hear(other.node, &come(&mut other, ana), at(0));
        assert_eq!(turn_to(&mut one, (0, 60), &[]).len(), 1);
        let asked = one.hear(other.node, &other.beat(), at(61));
        assert_eq!(asked, [News::Ask(Some(other.node))]);
        let list = other.hear(one.node, &asked[0], at(61));
        one.hear(other.node, &list[0], at(61));
        assert!(one.is_online(ana));
        assert_eq!(one.take_arrived(), [person(1)]);
    }

    #[test]
    fn who_was_stopped_takes_nobody_for_dead() {
        let (mut one, mut other, ana) = (board(1), board(2), person(1));
        one.hear(other.node, &come(&mut other, ana), at(0));
        one.turn(at(0), false);
        assert_eq!(one.turn(at(90), false), []);
        assert_eq!(turn_to(&mut one, (90, 115), &[]), []);
        assert_eq!(turn_to(&mut one, (120, 120), &[]).len(), 1);
    }

    #[test]
    fn a_clock_that_is_set_makes_nobody_come_or_go() {
        for set_by in [-3_600_000, 3_600_000] {
            let set = |seconds| {
                let Moment { time, ticks } = at(seconds);
                Moment { time: time.plus_millis(set_by), ticks }
            };
            let (mut one, mut other, ana, bob) = (board(1), board(2), person(1), person(2));
            come(&mut one, ana);
            one.hear(other.node, &come(&mut other, bob), at(0));
            one.note(ana, false, at(1));
            one.turn(at(1), false);
            assert_eq!(one.turn(set(5), false), []);
            assert_eq!(one.turn(set(11), false), [gone(ana, 1, true)]);
            one.hear(other.node, &other.beat(), set(11));
            assert_eq!(one.turn(set(20), false), []);
            assert!(one.is_online(bob));
        }
    }

    #[test]
    fn while_the_link_is_away_nobody_is_taken_for_dead() {
        let (mut one, mut other, ana) = (board(1), board(2), person(1));
        one.hear(other.node, &come(&mut other, ana), at(0));
        for second in (0..600).step_by(5) {
            assert_eq!(one.turn(at(second), true), []);
        }
        // Back: the same list is no news.
        for news in other.list() {
            one.hear(other.node, &news, at(600));
        }
        assert!(one.take_arrived().len() == 1 && one.take_arrived().is_empty());
        assert_eq!(turn_to(&mut one, (600, 700), &[&other]), []);
    }

    #[test]
    fn what_was_lost_is_asked_for_and_lists_that_differ_are_made_the_same() {
        let (mut one, mut other) = (board(1), board(2));
        let [ana, bob, eve] = [1, 2, 3].map(person);
        one.hear(other.node, &come(&mut other, ana), at(0));
        come(&mut other, bob);
        other.note(ana, false, at(1));
        assert_eq!(one.hear(other.node, &come(&mut other, eve), at(1)), [News::Ask(Some(other.node))]);
        assert_eq!(one.hear(other.node, &other.beat(), at(1)), [], "not again at once");
        assert_eq!(one.hear(other.node, &other.beat(), at(3)).len(), 1);
        for news in other.list() {
            one.hear(other.node, &news, at(4));
        }
        assert_eq!(one.hear(other.node, &other.beat(), at(6)), []);
        let mut arrived = one.take_arrived();
        arrived.sort_unstable();
        assert_eq!(arrived, [ana, bob, eve]);
        assert_eq!(turn_to(&mut one, (5, 20), &[&other]), [(15, gone(ana, 4, false))]);
    }

    #[test]
    fn a_long_list_comes_in_parts_and_counts_only_as_a_whole() {
        let (mut one, mut other) = (board(1), board(2));
        for number in 0..12_000 {
            come(&mut other, person(number));
        }
        let parts = other.list();
        assert_eq!(parts.len(), 3);
        for news in [&parts[0], &parts[2]] {
            one.hear(other.node, news, at(0));
        }
        assert!(!one.is_online(person(0)));
        for news in &parts {
            one.hear(other.node, news, at(0));
        }
        assert!((0..12_000).all(|number| one.is_online(person(number))));
    }

    #[test]
    fn a_node_that_says_goodbye_takes_its_people_along() {
        let (mut one, mut other, ana) = (board(1), board(2), person(1));
        one.hear(other.node, &come(&mut other, ana), at(0));
        one.hear(other.node, &News::Bye, at(5));
        assert!(one.is_online(ana), "she may come back to another node");
        assert_eq!(turn_to(&mut one, (5, 20), &[]), [(15, gone(ana, 5, true))]);
    }
}
