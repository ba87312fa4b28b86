//! Single rules of the timeline that chance seldom meets.

#![expect(clippy::unwrap_used, reason = "clippy lets tests unwrap, but not their helpers")]

mod model;

use charla_client::{Outcome, RoomTimeline};
use model::{ModelRoom, message_id};

fn room_of(count: usize) -> ModelRoom {
    let mut room = ModelRoom::default();
    for number in 0..count {
        room.send(1, &number.to_string(), None, None);
    }
    room
}

/// A timeline that shows the newest `limit` messages.
fn loaded(room: &ModelRoom, limit: usize) -> RoomTimeline {
    let mut timeline = RoomTimeline::new();
    let asked = timeline.gap().unwrap();
    assert_eq!(timeline.load_newest(asked, &room.page(None, limit)), Outcome::Applied);
    timeline
}

fn contents(timeline: &RoomTimeline) -> Vec<&str> {
    timeline.messages().map(|message| message.content.as_str()).collect()
}

#[test]
fn events_out_of_order_close_their_gap_without_a_question() {
    let mut room = room_of(1);
    let mut timeline = loaded(&room, 5);
    let events: Vec<_> = (1..4).map(|number| room.send(1, &number.to_string(), None, None)).collect();
    assert!(
        matches!(timeline.apply(events[2].clone()), Outcome::Gap(gap) if gap.since == 1 && gap.behind == 3)
    );
    assert!(matches!(timeline.apply(events[1].clone()), Outcome::Gap(_)));
    assert_eq!(timeline.apply(events[0].clone()), Outcome::Applied);
    assert_eq!(timeline.apply(events[1].clone()), Outcome::Ignored);
    assert_eq!(contents(&timeline), ["0", "1", "2", "3"]);
}

#[test]
fn a_page_with_more_to_come_is_a_gap_even_where_no_higher_number_is_known() {
    let mut room = room_of(1);
    let mut timeline = loaded(&room, 5);
    room.send(1, "1", None, None);
    let asked = timeline.hello(2).unwrap();
    room.send(1, "2", None, None);
    assert!(
        matches!(timeline.apply_changes(asked, &room.changes(1, 1)), Outcome::Gap(gap) if gap.since == 2)
    );
}

#[test]
fn only_an_answer_asked_for_after_a_resync_settles_it() {
    let room = room_of(3);
    let mut timeline = loaded(&room, 5);
    let early = timeline.resync();
    let late = timeline.resync();
    assert!(matches!(timeline.apply_changes(early, &room.changes(3, 5)), Outcome::Gap(_)));
    assert_eq!(timeline.apply_changes(late, &room.changes(3, 5)), Outcome::Applied);
    assert_eq!(timeline.gap(), None);
}

#[test]
fn an_older_page_from_before_the_newest_was_loaded_anew_is_refused() {
    let mut room = room_of(10);
    let mut timeline = loaded(&room, 3);
    let stale = room.page(Some(8), 5);
    room.edit(5, "edited").unwrap();
    let asked = timeline.hello(room.revision).unwrap();
    timeline.load_newest(asked, &room.page(None, 3));
    assert!(!timeline.load_older(message_id(8), &stale), "the edit would be lost for good");
    assert!(timeline.load_older(message_id(8), &room.page(Some(8), 5)));
    assert_eq!(contents(&timeline), ["2", "3", "4", "edited", "6", "7", "8", "9"]);
}

#[test]
fn a_change_of_a_message_that_is_not_the_readers_to_see_counts_but_shows_nothing() {
    let mut room = room_of(4);
    room.hidden_up_to = 2;
    let mut timeline = loaded(&room, 5);
    let hidden = room.edit(0, "not yours").unwrap();
    assert_eq!(timeline.apply(hidden), Outcome::Applied);
    assert_eq!(timeline.apply(room.react(1, "+").unwrap()), Outcome::Applied);
    assert_eq!(timeline.revision(), 6);
    assert_eq!(contents(&timeline), ["2", "3"]);
}

#[test]
fn the_text_of_a_deleted_message_goes_from_its_quotes() {
    let mut room = room_of(1);
    room.send(1, "answer", None, Some(1));
    let mut timeline = loaded(&room, 5);
    timeline.apply(room.delete(0).unwrap());
    let quotes: Vec<_> = timeline.messages().filter_map(|message| message.reply_to.as_ref()).collect();
    assert_eq!(quotes[0].content, "");
}

#[test]
fn a_late_page_does_not_bring_back_what_was_derived_then() {
    let mut room = room_of(1);
    let mut timeline = RoomTimeline::new();
    let asked = timeline.gap().unwrap();
    let late = room.changes(0, 5);
    room.messages.get_mut(&1).unwrap().read_by_count = 3;
    room.send(1, "1", None, None);
    timeline.load_newest(asked, &room.page(None, 5));
    timeline.apply_changes(asked, &late);
    assert_eq!(timeline.messages().next().unwrap().read_by_count, 3);
}
