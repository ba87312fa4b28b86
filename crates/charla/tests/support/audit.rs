//! Compares what the server has with what it promised.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use charla_client::{Client, Place};
use charla_protocol::{MessageId, RoomId, messages::Message};

use super::book::{Change, Entry};

/// Messages a page.
const PAGE: u32 = 200;

/// All messages of a room, by the rule of section 8: in order of revision; and the room's revision.
pub(crate) async fn all_changes(client: &Client, room: RoomId) -> (Vec<Message>, i64) {
    let (mut messages, mut since) = (Vec::new(), 0);
    loop {
        let page = client.room_changes(room, since, Some(PAGE)).await.expect("changes can be read");
        messages.extend(page.results);
        since = page.revision;
        if page.next.is_none() {
            return (messages, since);
        }
    }
}

/// All messages of a room as its timeline shows them.
async fn timeline(client: &Client, room: RoomId) -> Vec<Message> {
    let mut place = Place::Newest;
    let mut pages = Vec::new();
    loop {
        let page = client.room_messages(room, place, Some(PAGE)).await.expect("the timeline can be read");
        let more = page.next.is_some();
        let oldest = page.results.first().map(|message| message.id);
        pages.push(page.results);
        match oldest {
            Some(oldest) if more => place = Place::Before(oldest),
            _ => return pages.into_iter().rev().flatten().collect(),
        }
    }
}

/// Every acknowledged message is there, under its number, and says what it was last told to say.
pub(crate) fn nothing_lost(promised: &[Entry], stored: &[Message]) {
    let stored: HashMap<MessageId, &Message> = stored.iter().map(|message| (message.id, message)).collect();
    let lost: Vec<&Entry> = promised.iter().filter(|entry| !stored.contains_key(&entry.id)).collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged messages are lost: {lost:#?}",
        lost.len(),
        promised.len()
    );
    for entry in promised {
        let message = stored[&entry.id];
        assert_eq!(message.seq, entry.seq, "{entry:?}");
        assert_eq!(message.client_id.as_deref(), Some(entry.client_id.as_str()), "{entry:?}");
        match entry.change {
            Change::None => {}
            Change::Edited => assert!(message.is_edited && message.content == entry.content, "{entry:?}"),
            Change::Deleted => assert!(message.is_deleted && message.content.is_empty(), "{entry:?}"),
        }
    }
}

/// When all writers have had all their answers: the room has exactly what was acknowledged, once each, in order,
/// under numbers without a gap. Gives the room's messages in their order.
pub(crate) async fn room_is_as_promised(client: &Client, room: RoomId, promised: &[Entry]) -> Vec<Message> {
    let (stored, revision) = all_changes(client, room).await;
    nothing_lost(promised, &stored);
    let client_ids: BTreeSet<_> =
        stored.iter().map(|message| (message.sender.id, &message.client_id)).collect();
    assert_eq!(client_ids.len(), stored.len(), "a client_id is stored twice");
    assert_eq!(stored.len(), promised.len(), "more is stored than was acknowledged");
    let unchanged = promised.iter().filter(|entry| entry.change == Change::None);
    let contents: HashMap<MessageId, &str> =
        stored.iter().map(|message| (message.id, message.content.as_str())).collect();
    for entry in unchanged {
        assert_eq!(contents[&entry.id], entry.content, "{entry:?}");
    }
    numbers_have_no_gap(&stored, revision);
    writers_stand_in_order(promised);
    let shown = timeline(client, room).await;
    assert!(shown.is_sorted_by(|one, next| one.seq < next.seq), "the timeline is in order");
    assert_eq!(shown.len(), stored.len());
    assert_eq!(client.room(room).await.expect("the room can be read").revision, revision);
    shown
}

/// Each message took one number when it was made, and one when it was changed: together 1 to n, each once.
fn numbers_have_no_gap(stored: &[Message], revision: i64) {
    let changed = stored.iter().filter(|message| message.revision != message.seq);
    let mut numbers: Vec<i64> =
        stored.iter().map(|message| message.seq).chain(changed.map(|message| message.revision)).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=revision).collect::<Vec<_>>(), "the numbers of a room");
}

/// What a writer said first stands first.
fn writers_stand_in_order(promised: &[Entry]) {
    let mut by_writer: BTreeMap<usize, Vec<(i64, usize)>> = BTreeMap::new();
    for entry in promised {
        by_writer.entry(entry.writer).or_default().push((entry.seq, entry.number));
    }
    for (writer, mut said) in by_writer {
        said.sort_unstable();
        let numbers: Vec<usize> = said.into_iter().map(|(_, number)| number).collect();
        assert_eq!(numbers, (0..numbers.len()).collect::<Vec<_>>(), "what writer {writer} said");
    }
}
