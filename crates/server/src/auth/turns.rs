//! Turns at work that is slow on purpose: so many run at a time, so many wait, and of those the ones that matter most go first.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::oneshot;

/// Who goes first where there is a queue. It is said by whom the caller is known, so that a flood of strangers holds up strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// Signed in, or signed in before from the same network.
    Known,
    /// There is such an account, or is to be.
    Account,
    /// There is such an account, and many passwords have been tried for it just now: its turn is after that of all others.
    Besieged,
    /// There is no such account.
    Nobody,
}

/// How many precedences there are.
const RANKS: usize = 4;

#[derive(Debug)]
pub(super) struct Turns {
    /// How many of a precedence may wait.
    places: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Turns that nobody has. None while somebody waits.
    free: usize,
    waiting: [VecDeque<oneshot::Sender<Turn>>; RANKS],
}

/// Leave to run, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn(Arc<Turns>);

impl Turns {
    pub(super) fn new(running: usize, places: usize) -> Arc<Self> {
        let state = State { free: running, waiting: [const { VecDeque::new() }; RANKS] };
        Arc::new(Self { places, state: Mutex::new(state) })
    }

    /// Whether who comes now would have to wait.
    pub(super) fn are_taken(&self) -> bool {
        self.state.lock().free == 0
    }

    /// A turn, once it is there; none where too many wait.
    pub(super) async fn take(self: &Arc<Self>, precedence: Precedence) -> Option<Turn> {
        let place = match self.line_up(precedence)? {
            Ok(turn) => return Some(turn),
            Err(place) => place,
        };
        place.await.ok()
    }

    fn line_up(self: &Arc<Self>, precedence: Precedence) -> Option<Result<Turn, oneshot::Receiver<Turn>>> {
        let mut state = self.state.lock();
        if state.free > 0 {
            state.free -= 1;
            return Some(Ok(Turn(self.clone())));
        }
        let queue = &mut state.waiting[precedence as usize];
        if queue.len() >= self.places {
            // Some may have gone meanwhile.
            queue.retain(|one| !one.is_closed());
        }
        if queue.len() >= self.places {
            return None;
        }
        let (sender, place) = oneshot::channel();
        queue.push_back(sender);
        Some(Err(place))
    }

    /// The next who waits, of the highest precedence; where nobody does, the turn is free.
    fn next(&self) -> Option<oneshot::Sender<Turn>> {
        let mut state = self.state.lock();
        let next = state.waiting.iter_mut().find_map(VecDeque::pop_front);
        if next.is_none() {
            state.free += 1;
        }
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(next) = self.0.next() {
            // Who has gone drops it, and so it goes on to the next.
            drop(next.send(Turn(self.0.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, poll};
    use tokio::pin;

    use super::*;

    #[tokio::test]
    async fn those_that_matter_most_go_first_and_then_those_that_came_first() {
        let turns = Turns::new(1, 10);
        let first = turns.take(Precedence::Nobody).await.unwrap();
        let order = [
            Precedence::Nobody,
            Precedence::Account,
            Precedence::Known,
            Precedence::Besieged,
            Precedence::Account,
            Precedence::Known,
        ];
        let mut waiting: Vec<_> = order.into_iter().map(|one| Box::pin(turns.take(one))).collect();
        for one in &mut waiting {
            assert!(poll!(one).is_pending());
        }
        let mut turn = first;
        let mut came = Vec::new();
        for _ in 0..order.len() {
            drop(turn);
            let (index, taken) = waiting
                .iter_mut()
                .enumerate()
                .filter(|(index, _)| !came.contains(index))
                .find_map(|(index, one)| Some((index, one.now_or_never()?)))
                .unwrap();
            came.push(index);
            turn = taken.unwrap();
        }
        assert_eq!(came, [2, 5, 1, 4, 3, 0]);
        assert!(turns.are_taken());
        drop(turn);
        assert!(!turns.are_taken());
    }

    #[tokio::test]
    async fn a_full_queue_of_one_precedence_sends_nobody_else_away() {
        let turns = Turns::new(1, 2);
        let turn = turns.take(Precedence::Known).await;
        let places = [turns.take(Precedence::Nobody), turns.take(Precedence::Nobody)];
        let [one, other] = places;
        pin!(one, other);
        assert!(poll!(&mut one).is_pending() && poll!(&mut other).is_pending());
        assert!(turns.take(Precedence::Nobody).await.is_none());
        let known = turns.take(Precedence::Known);
        pin!(known);
        assert!(poll!(&mut known).is_pending());
        drop(turn);
        assert!(known.await.is_some());
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_place_and_the_turn() {
        let turns = Turns::new(1, 1);
        let turn = turns.take(Precedence::Known).await;
        {
            let gone = turns.take(Precedence::Known);
            pin!(gone);
            assert!(poll!(&mut gone).is_pending());
        }
        let next = turns.take(Precedence::Known);
        pin!(next);
        assert!(poll!(&mut next).is_pending(), "the place is free");
        // Gone when the turn has been handed on, but before it was taken.
        let mut late = Box::pin(turns.take(Precedence::Nobody));
        assert!(poll!(&mut late).is_pending());
        drop(turn);
        drop(next.await);
        drop(late);
        assert!(!turns.are_taken());
    }
}
