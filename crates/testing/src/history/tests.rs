//! Each check is fed a history in which one thing is wrong, and names it.

use charla_protocol::{MessageId, RoomId, UserId};
use uuid::Uuid;

use super::*;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const ANA: usize = 0;
const BOB: usize = 1;

/// A history that is told step by step. Ana and Bob are in one room.
#[derive(Clone, Default)]
struct Story {
    history: History,
    room: Vec<View>,
    revision: i64,
}

impl Story {
    fn new() -> Self {
        let users = [ANA, BOB].map(|number| UserId(Uuid::from_u128(100 + number as u128))).to_vec();
        let mut story = Self { history: History { users, ..History::default() }, ..Self::default() };
        for client in [ANA, BOB] {
            story.push(client, What::Opened { node: 0, rooms: vec![(ROOM, 0)] });
        }
        story
    }

    fn push(&mut self, client: usize, what: What) -> usize {
        self.history.push(0, client, what)
    }

    fn ask(&mut self, client: usize, call: Call) -> usize {
        self.push(client, What::Asked(call))
    }

    fn answer(&mut self, client: usize, asked: usize, answer: Answer) {
        self.push(client, What::Answered { asked, answer });
    }

    fn ask_to_send(&mut self, client: usize, content: &str) -> usize {
        let (client_id, content) = (content.to_owned(), content.to_owned());
        self.ask(client, Call::Send { room: ROOM, client_id, content, files: Vec::new() })
    }

    /// Stores a message without an answer or an event.
    fn store(&mut self, client: usize, content: &str) -> View {
        self.revision += 1;
        let view = View {
            id: MessageId(Uuid::from_u128(1_000 + self.revision.unsigned_abs() as u128)),
            room: ROOM,
            seq: self.revision,
            revision: self.revision,
            sender: self.history.users[client],
            client_id: Some(content.to_owned()),
            content: content.to_owned(),
            is_edited: false,
            is_deleted: false,
            is_system: false,
            reactions: Vec::new(),
            files: Vec::new(),
            moved: None,
        };
        self.room.push(view.clone());
        view
    }

    /// A send as it should be: acknowledged, and seen by Bob.
    fn send(&mut self, client: usize, content: &str) -> View {
        let asked = self.ask_to_send(client, content);
        let view = self.store(client, content);
        self.acknowledge(client, asked, &view);
        self.push(BOB, What::Event(view.clone()));
        view
    }

    fn acknowledge(&mut self, client: usize, asked: usize, view: &View) {
        let answer = Answer::Acknowledged { id: Some(view.id), revision: Some(view.revision) };
        self.answer(client, asked, answer);
    }

    fn change(&mut self, id: MessageId, change: impl FnOnce(&mut View)) -> View {
        self.revision += 1;
        let view = self.room.iter_mut().find(|view| view.id == id).unwrap();
        view.revision = self.revision;
        change(view);
        view.clone()
    }

    fn edit(&mut self, view: &View, content: &str) -> View {
        let call = Call::Edit { room: ROOM, message: view.id, content: content.to_owned() };
        let asked = self.ask(ANA, call);
        let edited = self.change(view.id, |view| {
            view.content = content.to_owned();
            view.is_edited = true;
        });
        self.acknowledge(ANA, asked, &edited);
        self.push(BOB, What::Event(edited.clone()));
        edited
    }

    fn delete(&mut self, view: &View) -> View {
        let asked = self.ask(ANA, Call::Delete { room: ROOM, message: view.id });
        let deleted = self.change(view.id, |view| {
            view.content.clear();
            view.is_deleted = true;
        });
        self.acknowledge(ANA, asked, &deleted);
        self.push(BOB, What::Event(deleted.clone()));
        deleted
    }

    fn react(&mut self, view: &View, added: bool) {
        let emoji = "👍".to_owned();
        let asked = self.ask(BOB, Call::React { room: ROOM, message: view.id, emoji: emoji.clone(), added });
        let users = vec![self.history.users[BOB]];
        let reacted = self.change(view.id, |view| {
            view.reactions = if added { vec![(emoji, users)] } else { Vec::new() };
        });
        self.acknowledge(BOB, asked, &reacted);
    }

    /// Ana takes Bob into the room, or removes him; he is not told of it.
    fn admit(&mut self, is_in: bool) -> View {
        let user = self.history.users[BOB];
        let asked = self.ask(ANA, Call::Admit { room: ROOM, user, is_in });
        self.store(ANA, "");
        let view = self.room.last_mut().unwrap();
        (view.client_id, view.is_system, view.moved) = (None, true, Some(Move { user, is_in }));
        let view = view.clone();
        self.answer(ANA, asked, Answer::Acknowledged { id: None, revision: None });
        view
    }

    /// The attempt to take Bob in by which he is in the room already.
    fn admit_late(&mut self) {
        let user = self.history.users[BOB];
        let asked = self.ask(ANA, Call::Admit { room: ROOM, user, is_in: true });
        self.answer(ANA, asked, Answer::Acknowledged { id: None, revision: None });
        self.room[0].content = "one".to_owned();
        self.room[0].is_edited = false;
        self.room[0].revision = 1;
        self.revision = 4;
    }

    /// A send that Bob is not told of.
    fn send_unseen(&mut self, content: &str) -> View {
        let asked = self.ask_to_send(ANA, content);
        let view = self.store(ANA, content);
        self.acknowledge(ANA, asked, &view);
        view
    }

    fn truth(&mut self) {
        for (node, by) in [(0, Read::Changes), (1, Read::Timeline)] {
            let mut messages = self.room.clone();
            if by == Read::Changes {
                messages.sort_by_key(|view| view.revision);
            }
            self.push(BOB, What::Truth { node, by, room: ROOM, revision: self.revision, messages });
        }
    }

    fn shown(&mut self) {
        let messages = self.room.clone();
        self.push(BOB, What::Shown { room: ROOM, revision: self.revision, messages });
    }

    fn unread(&mut self, count: u64) {
        self.push(BOB, What::Unread { room: ROOM, count });
    }

    fn report(mut self) -> Report {
        self.truth();
        check(&self.history)
    }
}

/// Only this is wrong.
#[track_caller]
fn is_only(report: &Report, rule: Rule) {
    assert_eq!(report.counts.keys().copied().collect::<Vec<_>>(), [rule], "{:#?}", report.violations);
    assert!(report.violations.iter().all(|violation| !violation.entries.is_empty()), "{report:?}");
}

#[test]
fn a_history_as_promised_is_clean() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    let second = story.send(BOB, "two");
    let third = story.send(ANA, "three");
    story.edit(&first, "one, better");
    story.delete(&third);
    story.react(&second, true);
    story.react(&second, false);
    let asked = story.ask(BOB, Call::Read { room: ROOM, message: first.id, seq: 1 });
    story.answer(BOB, asked, Answer::Acknowledged { id: None, revision: None });
    story.shown();
    story.unread(0);
    let report = story.report();
    assert!(report.is_clean(), "{:#?}", report.violations);
    let Numbers { attempts, acknowledged, unknown, messages, sockets, .. } = report.numbers;
    assert_eq!((attempts, acknowledged, unknown, messages, sockets), (8, 8, 0, 3, 2));
}

#[test]
fn what_may_or_may_not_have_been_done_is_neither_lost_nor_wrong() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    story.ask_to_send(ANA, "never stored");
    let asked = story.ask_to_send(ANA, "stored, without an answer");
    story.store(ANA, "stored, without an answer");
    story.answer(ANA, asked, Answer::Unknown("cut".to_owned()));
    story.edit(&first, "acknowledged");
    // This one was held up somewhere, and overtaken by the other.
    story.ask(ANA, Call::Edit { room: ROOM, message: first.id, content: "late".to_owned() });
    story.change(first.id, |view| view.content = "late".to_owned());
    let report = story.report();
    assert!(report.is_clean(), "{:#?}", report.violations);
    assert_eq!(report.numbers.unknown, 3);
}

#[test]
fn an_acknowledged_message_that_is_gone_is_lost() {
    let mut story = Story::new();
    let asked = story.ask_to_send(ANA, "one");
    let answer = Answer::Acknowledged { id: Some(MessageId(Uuid::from_u128(7))), revision: Some(1) };
    story.answer(ANA, asked, answer);
    story.revision = 1;
    is_only(&story.report(), Rule::Lost);
}

#[test]
fn a_message_that_is_stored_twice_is_doubled() {
    let mut story = Story::new();
    story.send(ANA, "one");
    let copy = story.store(ANA, "one");
    story.room.last_mut().unwrap().client_id = copy.client_id;
    let report = story.report();
    is_only(&report, Rule::Doubled);
    assert_eq!(report.counts[&Rule::Doubled], 2, "by its name, and by its text");
}

#[test]
fn what_nobody_sent_and_what_was_refused_is_unsent() {
    let mut story = Story::new();
    story.store(ANA, "nobody said this");
    is_only(&story.report(), Rule::Unsent);

    let mut story = Story::new();
    let asked = story.ask_to_send(ANA, "refused");
    story.answer(ANA, asked, Answer::Refused("forbidden".to_owned()));
    story.store(ANA, "refused");
    is_only(&story.report(), Rule::Unsent);
}

#[test]
fn a_message_that_says_something_else_or_stands_elsewhere_is_altered() {
    let mut story = Story::new();
    let asked = story.ask_to_send(ANA, "one");
    let view = story.store(ANA, "one");
    let answer = Answer::Acknowledged { id: Some(view.id), revision: Some(2) };
    story.answer(ANA, asked, answer);
    story.store(ANA, "two");
    story.ask_to_send(ANA, "two");
    assert!(story.report().names(Rule::Altered));
}

#[test]
fn a_number_of_two_messages_and_a_number_of_none_are_named() {
    let mut story = Story::new();
    story.send(ANA, "one");
    story.ask_to_send(ANA, "two");
    let mut second = story.store(ANA, "two");
    second.seq = 1;
    second.revision = 1;
    story.push(BOB, What::Opened { node: 0, rooms: Vec::new() });
    story.push(BOB, What::Event(second));
    assert!(story.report().names(Rule::Numbers));

    let mut story = Story::new();
    story.send(ANA, "one");
    story.revision += 1;
    story.send(ANA, "three");
    is_only(&story.report(), Rule::Numbers);
}

#[test]
fn a_send_that_stands_before_what_was_answered_before_it_is_out_of_order() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    let second = story.send(ANA, "two");
    for (view, seq) in [(&first, 2), (&second, 1)] {
        let held = story.room.iter_mut().find(|held| held.id == view.id).unwrap();
        (held.seq, held.revision) = (seq, seq);
    }
    story.room.reverse();
    let report = story.report();
    assert!(report.names(Rule::Order), "{:#?}", report.violations);
}

#[test]
fn events_that_go_back_or_come_twice_are_named() {
    for order in [[1, 0], [0, 0]] {
        let mut story = Story::new();
        let views: Vec<View> = ["one", "two"]
            .map(|text| {
                let asked = story.ask_to_send(ANA, text);
                let view = story.store(ANA, text);
                story.acknowledge(ANA, asked, &view);
                view
            })
            .into();
        for at in order {
            story.push(BOB, What::Event(views[at].clone()));
        }
        is_only(&story.clone().report(), Rule::Backward);
        // On a new socket it is no news, and no fault.
        story.history.entries.insert(
            story.history.entries.len() - 1,
            Entry { at_us: 0, client: BOB, what: What::Opened { node: 1, rooms: Vec::new() } },
        );
        assert!(story.report().is_clean());
    }
}

#[test]
fn two_states_under_one_number_are_a_conflict() {
    let mut story = Story::new();
    let mut view = story.send(ANA, "one");
    view.content = "something else".to_owned();
    story.push(ANA, What::Event(view));
    is_only(&story.report(), Rule::Conflict);
}

#[test]
fn reactions_of_the_next_change_in_a_page_are_a_conflict() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    story.react(&first, true);
    let asked = story.ask(BOB, Call::Look);
    let ahead = View { reactions: story.room[0].reactions.clone(), ..first };
    story.push(BOB, What::Page { asked, room: ROOM, revision: None, messages: vec![ahead] });
    is_only(&story.report(), Rule::Conflict);
}

#[test]
fn a_page_that_is_ahead_of_its_number_or_behind_it_is_torn() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    let second = story.send(ANA, "two");
    let asked = story.ask(BOB, Call::Look);
    let edited = story.edit(&first, "one, better");
    let page = |revision, messages: [&View; 2]| What::Page {
        asked,
        room: ROOM,
        revision: Some(revision),
        messages: messages.map(Clone::clone).into(),
    };
    for (revision, messages, is_torn) in [
        (2, [&first, &second], false),
        (3, [&second, &edited], false),
        (2, [&second, &edited], true),
        (3, [&first, &second], true),
    ] {
        let mut story = story.clone();
        story.push(BOB, page(revision, messages));
        let report = story.report();
        if is_torn {
            is_only(&report, Rule::Torn);
        } else {
            assert!(report.is_clean(), "{:#?}", report.violations);
        }
    }
}

#[test]
fn what_was_seen_and_is_not_there_was_told_too_early() {
    let mut story = Story::new();
    story.ask_to_send(ANA, "one");
    let view = story.store(ANA, "one");
    story.push(BOB, What::Event(view));
    story.room.clear();
    story.revision = 0;
    assert!(story.report().names(Rule::Phantom));
}

#[test]
fn an_edit_that_does_not_stand_is_overwritten() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    story.edit(&first, "two");
    story.room[0].content = "one".to_owned();
    story.history.entries.retain(|entry| !matches!(&entry.what, What::Event(view) if view.is_edited));
    is_only(&story.report(), Rule::Overwritten);
}

#[test]
fn a_reaction_that_is_gone_or_came_back_is_overwritten() {
    for added in [true, false] {
        let mut story = Story::new();
        let first = story.send(ANA, "one");
        if !added {
            story.react(&first, true);
        }
        story.react(&first, added);
        story.room[0].reactions =
            if added { Vec::new() } else { vec![("👍".to_owned(), vec![story.history.users[BOB]])] };
        is_only(&story.report(), Rule::Overwritten);
    }
}

#[test]
fn a_deleted_text_that_is_shown_is_named() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    let deleted = story.delete(&first);
    let asked = story.ask(BOB, Call::Look);
    let page = |view: View| What::Page { asked, room: ROOM, revision: None, messages: vec![view] };
    story.push(BOB, page(View { content: "one".to_owned(), is_deleted: false, ..deleted }));
    let report = story.clone().report();
    assert!(report.names(Rule::Undeleted), "{:#?}", report.violations);
    // As it stood before, but read after the deletion was answered.
    story.history.entries.pop();
    story.push(BOB, page(first));
    is_only(&story.report(), Rule::Undeleted);
}

#[test]
fn a_page_that_knows_less_than_was_answered_is_stale() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    story.send(ANA, "two");
    let asked = story.ask(BOB, Call::Look);
    story.push(BOB, What::Page { asked, room: ROOM, revision: Some(1), messages: vec![first] });
    is_only(&story.report(), Rule::Stale);
}

#[test]
fn who_was_removed_and_is_shown_what_came_after_is_a_trespasser() {
    let mut story = Story::new();
    story.history.founders = [(ROOM, story.history.users.clone())].into();
    let first = story.send(ANA, "one");
    let removal = story.admit(false);
    story.push(BOB, What::Event(removal));
    let unseen = story.send_unseen("two");
    let asked = story.ask(BOB, Call::Look);
    let page = |revision| What::Page { asked, room: ROOM, revision: Some(revision), messages: Vec::new() };
    let early = story.history.entries.len();
    story.admit(true);
    // Once he is in again, he is shown what he missed.
    story.push(BOB, What::Event(unseen.clone()));
    story.push(BOB, page(3));
    story.push(BOB, page(4));
    story.edit(&first, "one, better");
    let report = story.clone().report();
    assert!(report.is_clean(), "{:#?}", report.violations);
    assert_eq!(report.numbers.moves, 2);
    for what in [What::Event(unseen.clone()), page(3)] {
        let mut story = story.clone();
        // No answer here names a place behind this one.
        story.history.entries.truncate(early);
        story.push(BOB, what);
        story.admit_late();
        is_only(&story.report(), Rule::Trespass);
    }
}

#[test]
fn a_removal_that_does_not_stand_is_overwritten() {
    let mut story = Story::new();
    story.history.founders = [(ROOM, story.history.users.clone())].into();
    story.admit(false);
    story.admit(true);
    let user = story.history.users[BOB];
    let asked = story.ask(ANA, Call::Admit { room: ROOM, user, is_in: false });
    assert!(story.clone().report().is_clean());
    story.answer(ANA, asked, Answer::Acknowledged { id: None, revision: None });
    is_only(&story.report(), Rule::Overwritten);
}

#[test]
fn a_file_that_does_not_come_back_and_one_that_stays_are_named() {
    let id = Uuid::from_u128(9);
    let mut story = Story::new();
    let files = vec![Brought { id, text: "as it was".to_owned() }];
    let (client_id, content) = ("one".to_owned(), "one".to_owned());
    let asked = story.ask(ANA, Call::Send { room: ROOM, client_id, content, files });
    let view = story.store(ANA, "one");
    story.acknowledge(ANA, asked, &view);
    is_only(&story.clone().report(), Rule::Altered);
    story.room[0].files = vec![id];
    let back = |text: Option<&str>| What::File { node: 0, id, text: text.map(str::to_owned) };
    for (text, is_clean) in [(Some("as it was"), true), (Some("as it"), false), (None, false)] {
        let mut story = story.clone();
        story.push(ANA, back(text));
        let report = story.report();
        assert_eq!(report.is_clean(), is_clean, "{text:?}: {:#?}", report.violations);
        assert_eq!(report.names(Rule::File), !is_clean);
    }
    let view = story.room[0].clone();
    story.delete(&view);
    story.room[0].files.clear();
    if let Some(What::Event(view)) = story.history.entries.last_mut().map(|entry| &mut entry.what) {
        view.files.clear();
    }
    let mut kept = story.clone();
    story.push(ANA, back(None));
    assert!(story.report().is_clean());
    kept.push(ANA, back(Some("as it was")));
    is_only(&kept.report(), Rule::File);
}

#[test]
fn a_client_that_ends_with_something_else_is_named() {
    let mut story = Story::new();
    story.send(ANA, "one");
    story.shown();
    story.send(ANA, "two");
    is_only(&story.report(), Rule::Shown);
}

#[test]
fn nodes_that_say_different_things_are_named() {
    let mut story = Story::new();
    story.send(ANA, "one");
    story.truth();
    let What::Truth { messages, .. } = &mut story.history.entries.last_mut().unwrap().what else { panic!() };
    messages.clear();
    is_only(&story.report(), Rule::Disagree);
}

#[test]
fn unread_counts_that_do_not_follow_from_what_was_read_are_named() {
    let mut story = Story::new();
    let first = story.send(ANA, "one");
    story.send(ANA, "two");
    let asked = story.ask(BOB, Call::Read { room: ROOM, message: first.id, seq: first.seq });
    story.answer(BOB, asked, Answer::Acknowledged { id: None, revision: None });
    let mut wrong = story.clone();
    story.unread(1);
    assert!(story.report().is_clean());
    wrong.unread(2);
    is_only(&wrong.report(), Rule::Unread);
}

/// Ana says something, removes Bob, goes on, and takes him in again.
fn story_of_a_guest() -> (Story, [View; 3]) {
    let mut story = Story::new();
    story.history.founders = [(ROOM, story.history.users.clone())].into();
    story.history.from_join = [ROOM].into();
    let before = story.send(ANA, "before");
    story.admit(false);
    let meanwhile = story.send_unseen("meanwhile");
    story.admit(true);
    let after = story.send(ANA, "after");
    (story, [before, meanwhile, after])
}

#[test]
fn who_came_later_and_is_shown_what_was_before_is_named() {
    let (story, [before, meanwhile, after]) = story_of_a_guest();
    let page = |story: &mut Story, revision, messages| {
        let asked = story.ask(BOB, Call::Look);
        story.push(BOB, What::Page { asked, room: ROOM, revision, messages });
    };
    let mut honest = story.clone();
    page(&mut honest, Some(5), vec![after.clone()]);
    let messages = honest.room[3..].to_vec();
    honest.push(BOB, What::Shown { room: ROOM, revision: 5, messages });
    let report = honest.report();
    assert!(report.is_clean(), "{:#?}", report.violations);
    // What he was there for is hidden too, once he has left and come back.
    for (revision, message) in [(Some(5), &before), (Some(5), &meanwhile), (None, &meanwhile)] {
        let mut story = story.clone();
        page(&mut story, revision, vec![message.clone(), after.clone()]);
        is_only(&story.report(), Rule::Hidden);
    }
    let mut story = story;
    let edited = story.edit(&meanwhile, "meanwhile, and better");
    assert_eq!(edited.revision, 6);
    is_only(&story.report(), Rule::Hidden);
}

#[test]
fn a_session_that_is_shown_something_after_its_end_is_named() {
    let mut story = Story::new();
    let early = story.ask(BOB, Call::Look);
    let asked = story.ask(ANA, Call::SignOut { client: BOB });
    story.answer(ANA, asked, Answer::Acknowledged { id: None, revision: None });
    let page = |asked| What::Page { asked, room: ROOM, revision: None, messages: Vec::new() };
    story.push(BOB, page(early));
    story.push(ANA, What::Cut { node: 0, took_ms: Some(40) });
    assert!(story.clone().report().is_clean());
    let late = story.ask(BOB, Call::Look);
    for what in [
        page(late),
        What::Opened { node: 0, rooms: Vec::new() },
        What::Cut { node: 1, took_ms: Some(12_000) },
        What::Cut { node: 1, took_ms: None },
    ] {
        let mut story = story.clone();
        story.push(BOB, what);
        is_only(&story.report(), Rule::SignedOut);
    }
}

#[test]
fn what_is_delivered_late_or_not_at_all_is_named() {
    let mut story = Story::new();
    let message = story.send(ANA, "one").id;
    let delivered = |took_ms| What::Delivered { from: 0, node: 1, message, took_ms };
    story.push(BOB, delivered(Some(1_900)));
    assert!(story.clone().report().is_clean());
    for took_ms in [Some(11_000), None] {
        let mut story = story.clone();
        story.push(BOB, delivered(took_ms));
        is_only(&story.report(), Rule::Late);
    }
}

#[test]
fn who_is_online_and_not_there_and_the_other_way_round_is_named() {
    for (is_online, is_there) in [(true, true), (false, false), (true, false), (false, true)] {
        let mut story = Story::new();
        let user = story.history.users[BOB];
        story.push(ANA, What::Presence { node: 0, user, is_online, is_there });
        let report = story.report();
        assert_eq!(report.numbers.looks, 1);
        assert_eq!(report.names(Rule::Presence), is_online != is_there);
        assert_eq!(report.is_clean(), is_online == is_there);
    }
}

#[test]
fn what_failed_by_itself_is_told() {
    let mut story = Story::new();
    story.push(ANA, What::Failed("a node did not go down".to_owned()));
    let report = story.report();
    is_only(&report, Rule::Failed);
    assert!(report.to_string().contains("1 Failed"));
}
