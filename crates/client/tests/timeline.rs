//! Section 8 as a property: whatever operations, losses, doubles, disorder and pages come together,
//! every state the client shows is one the rule permits, and in the end it shows what a fresh fetch would.

#![expect(clippy::unwrap_used, reason = "clippy lets tests unwrap, but not their helpers")]

mod model;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use charla_client::{Gap, Outcome, RoomTimeline};
use charla_protocol::{
    MessageId,
    messages::{Changes, Message, Timeline},
};
use model::ModelRoom;
use proptest::{prelude::*, sample::Index};

#[derive(Clone, Debug)]
enum Step {
    Send {
        reply_to: Option<Index>,
    },
    Edit(Index),
    React(Index),
    Delete(Index),
    /// The reader clears the history, or counts as having joined just now.
    Hide,
    /// An event on its way arrives: any of them, so they arrive in any order.
    Deliver {
        which: Index,
        and_stays: bool,
    },
    Lose(Index),
    /// The server answers a question for changes; the page is then on its way.
    AskChanges(usize),
    AskNewest(usize),
    AskOlder(usize),
    /// A page on its way arrives.
    Arrive {
        which: Index,
        and_stays: bool,
    },
    Hello,
    /// All that is on its way as events is lost, and the client is told so.
    Resync,
    /// All that is on its way as events is lost; the new socket says `hello`.
    Reconnect,
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    prop_oneof![
        8 => proptest::option::of(index()).prop_map(|reply_to| Step::Send { reply_to }),
        4 => index().prop_map(Step::Edit),
        2 => index().prop_map(Step::React),
        2 => index().prop_map(Step::Delete),
        1 => Just(Step::Hide),
        16 => (index(), prop::bool::weighted(0.2)).prop_map(|(which, and_stays)| Step::Deliver { which, and_stays }),
        2 => index().prop_map(Step::Lose),
        4 => (1..6usize).prop_map(Step::AskChanges),
        1 => (1..6usize).prop_map(Step::AskNewest),
        3 => (1..6usize).prop_map(Step::AskOlder),
        8 => (index(), prop::bool::weighted(0.2)).prop_map(|(which, and_stays)| Step::Arrive { which, and_stays }),
        1 => Just(Step::Hello),
        1 => Just(Step::Resync),
        1 => Just(Step::Reconnect),
    ]
}

#[derive(Clone, Debug)]
enum Page {
    Changes(Gap, Changes),
    Newest(Gap, Timeline),
    Older(MessageId, Timeline),
}

/// The server, the client, and what is on its way between them.
#[derive(Debug, Default)]
struct World {
    server: ModelRoom,
    client: RoomTimeline,
    events: Vec<Message>,
    pages: Vec<Page>,
    /// Every state any message ever had.
    states: HashMap<(MessageId, i64), Message>,
    /// The revision and the states shown after the step before.
    seen_revision: i64,
    seen: HashMap<MessageId, i64>,
    /// The highest revision that a page of the newest messages had when it replaced the timeline.
    replaced_at: Option<i64>,
    /// Messages the reader could once see and no longer can.
    hidden_later: HashSet<MessageId>,
}

impl World {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Send { reply_to } => {
                let reply_to = reply_to.as_ref().and_then(|index| nth_seq(&self.server, index));
                let sent = self.server.send(1, &format!("text {}", self.server.revision), None, reply_to);
                self.publish(Some(sent));
            }
            Step::Edit(index) => {
                let edited = self.server.edit(index.index(1_000), &format!("edit {}", self.server.revision));
                self.publish(edited);
            }
            Step::React(index) => {
                let reacted = self.server.react(index.index(1_000), &format!("{}", self.server.revision));
                self.publish(reacted);
            }
            Step::Delete(index) => {
                let deleted = self.server.delete(index.index(1_000));
                self.publish(deleted);
            }
            Step::Hide => self.hide(),
            Step::Deliver { which, and_stays } => self.deliver(which, *and_stays),
            Step::Lose(which) => drop(pick(&mut self.events, which, false)),
            Step::AskChanges(limit) => self.ask_changes(*limit),
            Step::AskNewest(limit) => {
                let asked = self.client.gap().unwrap_or_else(|| self.client.resync());
                self.pages.push(Page::Newest(asked, self.server.page(None, *limit)));
            }
            Step::AskOlder(limit) => self.ask_older(*limit),
            Step::Arrive { which, and_stays } => {
                if let Some(page) = pick(&mut self.pages, which, *and_stays) {
                    self.arrive(&page);
                }
            }
            Step::Hello => drop(self.client.hello(self.server.revision)),
            Step::Resync => {
                self.events.clear();
                self.client.resync();
            }
            Step::Reconnect => {
                self.events.clear();
                self.client.hello(self.server.revision);
            }
        }
    }

    fn publish(&mut self, event: Option<Message>) {
        if let Some(message) = event {
            self.states.insert((message.id, message.revision), message.clone());
            self.events.push(message);
        }
    }

    /// What is hidden stays on screen where it is; a page on its way may still show it.
    fn hide(&mut self) {
        self.hidden_later.extend(self.server.visible().map(|message| message.id));
        self.server.hidden_up_to = self.server.revision;
    }

    fn deliver(&mut self, which: &Index, and_stays: bool) {
        if let Some(event) = pick(&mut self.events, which, and_stays) {
            let next = self.client.revision() + 1;
            let outcome = self.client.apply(event.clone());
            match event.revision {
                late if late < next => assert_eq!(outcome, Outcome::Ignored),
                early if early > next => assert!(matches!(outcome, Outcome::Gap(_)), "{outcome:?}"),
                _ => assert!(self.client.revision() >= next, "the next event was not applied"),
            }
        }
    }

    fn ask_changes(&mut self, limit: usize) {
        if let Some(asked) = self.client.gap() {
            self.pages.push(Page::Changes(asked, self.server.changes(asked.since, limit)));
        }
    }

    fn ask_older(&mut self, limit: usize) {
        if let Some(first) = self.client.messages().next() {
            let page = self.server.page(Some(first.seq), limit);
            self.pages.push(Page::Older(first.id, page));
        }
    }

    fn arrive(&mut self, page: &Page) {
        match page {
            Page::Changes(asked, page) => drop(self.client.apply_changes(*asked, page)),
            Page::Newest(asked, page) => {
                if page.revision >= self.client.revision() {
                    self.replaced_at = self.replaced_at.max(Some(page.revision));
                    self.seen.clear();
                }
                self.client.load_newest(*asked, page);
            }
            Page::Older(before, page) => drop(self.client.load_older(*before, page)),
        }
    }

    /// Everything stops; the client follows the rule until nothing is missing.
    fn settle(&mut self, limits: &[usize]) {
        if limits.len().is_multiple_of(2) {
            self.client.hello(self.server.revision);
        } else {
            self.client.resync();
        }
        let mut limits = limits.iter().cycle();
        for _ in 0..1_000 {
            let Some(asked) = self.client.gap() else { return };
            let page = self.server.changes(asked.since, *limits.next().unwrap());
            self.client.apply_changes(asked, &page);
            self.check();
        }
        panic!("the client never catches up: {:?}", self.client.gap());
    }

    /// What holds of every state the client shows.
    fn check(&mut self) {
        let shown: Vec<&Arc<Message>> = self.client.messages().collect();
        let revision = self.client.revision();
        assert!(revision >= self.seen_revision, "the revision went back");
        assert!(shown.windows(2).all(|pair| pair[0].seq < pair[1].seq), "out of order, or twice");
        let now: HashMap<MessageId, i64> =
            shown.iter().map(|message| (message.id, message.revision)).collect();
        assert_eq!(now.len(), shown.len(), "an id twice");
        for (id, before) in &self.seen {
            assert!(now.get(id).is_some_and(|after| after >= before), "{id} vanished or went back");
        }
        for message in &shown {
            let state = &self.states[&(message.id, message.revision)];
            assert_eq!(without_quote(message), without_quote(state), "a state the message never had");
        }
        self.check_complete(revision, &now);
        self.seen_revision = revision;
        self.seen = now;
    }

    /// All that last changed at or below the revision is shown as it stands, from the oldest shown on.
    fn check_complete(&self, revision: i64, now: &HashMap<MessageId, i64>) {
        let floor = if self.client.has_older() {
            self.client.messages().next().map_or(revision + 1, |first| first.seq)
        } else {
            0
        };
        for message in self.server.visible().filter(|m| m.revision <= revision && m.seq >= floor) {
            assert_eq!(now.get(&message.id), Some(&message.revision), "{message:?} is missing at {revision}");
        }
    }

    /// The client shows what a fresh fetch would, from its oldest message on.
    fn check_equal_to_a_fresh_fetch(&self) {
        let first = self.client.messages().next().map(|first| first.seq);
        let floor = if self.client.has_older() { first.unwrap_or(i64::MAX) } else { 0 };
        let fresh: Vec<&Message> = self.server.visible().filter(|message| message.seq >= floor).collect();
        let shown: Vec<&Message> = self
            .client
            .messages()
            .map(AsRef::as_ref)
            .filter(|message| !self.hidden_later.contains(&message.id))
            .collect();
        assert_eq!(shown.len(), fresh.len());
        for (shown, fresh) in shown.iter().zip(fresh) {
            assert_eq!(without_quote(shown), without_quote(fresh));
            if !self.quotes_what_is_hidden(fresh) {
                assert_eq!(quote_is_blank(shown), quote_is_blank(fresh), "{shown:?} {fresh:?}");
            }
        }
        assert_eq!(self.client.revision(), self.server.revision);
    }

    /// Nobody tells the reader of the deletion of a message that they may not see.
    fn quotes_what_is_hidden(&self, message: &Message) -> bool {
        let quoted = message.reply_to.as_ref().map(|quote| quote.id);
        quoted.is_some_and(|id| self.server.visible().all(|visible| visible.id != id))
    }

    /// Whatever is still on its way changes nothing any more, except that older pages add older messages.
    fn take_late_arrivals(&mut self) {
        for event in std::mem::take(&mut self.events) {
            assert_eq!(self.client.apply(event), Outcome::Ignored);
            self.check();
        }
        for page in std::mem::take(&mut self.pages) {
            self.arrive(&page);
            self.check();
            assert_eq!(self.client.gap(), None);
        }
    }
}

fn nth_seq(server: &ModelRoom, index: &Index) -> Option<i64> {
    let seqs: Vec<i64> = server.messages.keys().copied().collect();
    (!seqs.is_empty()).then(|| *index.get(&seqs))
}

fn pick<T: Clone>(from: &mut Vec<T>, which: &Index, and_stays: bool) -> Option<T> {
    if from.is_empty() {
        return None;
    }
    let at = which.index(from.len());
    Some(if and_stays { from[at].clone() } else { from.remove(at) })
}

/// A quote is derived: it changes without a revision.
fn without_quote(message: &Message) -> Message {
    Message { reply_to: None, ..message.clone() }
}

fn quote_is_blank(message: &Message) -> bool {
    message.reply_to.as_ref().is_some_and(|quote| quote.content.is_empty())
}

fn config() -> ProptestConfig {
    let cases =
        if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 3_000 };
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_comes_the_client_shows_what_the_rule_permits_and_ends_where_the_server_is(
        before in 0..30usize,
        steps in prop::collection::vec(step(), 0..120),
        limits in prop::collection::vec(1..6usize, 1..8),
    ) {
        let mut world = World::default();
        for _ in 0..before {
            world.take(&Step::Send { reply_to: None });
        }
        world.events.clear();
        for step in &steps {
            world.take(step);
            world.check();
        }
        world.settle(&limits);
        world.check_equal_to_a_fresh_fetch();
        world.take_late_arrivals();
        world.check_equal_to_a_fresh_fetch();
    }
}
