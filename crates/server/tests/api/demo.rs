//! `charla serve --demo`: what it leaves behind is what years of use would have.

use std::collections::{BTreeMap, BTreeSet};

use charla_client::Client;
use charla_db::{
    Db,
    queries::{assemble, members, messages, paging::Ask, reads, rooms, unread::Readers, users},
    tables::{self, users::Viewer},
};
use charla_protocol::{RoomId, UserId, members::Member, messages::MessageType};
use charla_server::demo;
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use reqwest::Method;

/// More than any room has.
const ALL: u64 = 10_000;
const PASSWORD: &str = "charla-demo";

async fn all_rooms(db: &Db) -> Vec<tables::rooms::Model> {
    let people = users::search(db.read(), None, "", 0, 200).await.unwrap().0;
    let mut ids = BTreeSet::new();
    for person in people {
        ids.extend(rooms::ids_of_user(db.read(), person.user_id()).await.unwrap());
    }
    let mut found = Vec::new();
    for id in ids {
        found.push(rooms::find(db.read(), id).await.unwrap().expect("the room is there"));
    }
    found
}

/// All messages of a room, and whether there are more.
async fn timeline(db: &Db, room: uuid::Uuid) -> (Vec<tables::messages::Model>, bool) {
    let (listed, more) = messages::changes(db.read(), RoomId(room), 0, 0, ALL).await.unwrap();
    (listed.into_iter().map(|listed| listed.row).collect(), more)
}

/// Every number was taken by one change, the messages stand in order, and the room knows its last one.
async fn check_timeline(db: &Db, room: &tables::rooms::Model) {
    let (mut rows, more) = timeline(db, room.id).await;
    assert!(!more);
    rows.sort_by_key(|row| row.seq);
    let mut numbers: BTreeSet<i64> = rows.iter().flat_map(|row| [row.seq, row.revision]).collect();
    for row in rows.iter().filter(|row| row.edited_at.is_some()) {
        let versions = messages::versions(db.read(), row.message_id(), Ask::first(ALL)).await.unwrap().rows;
        assert!(!versions.is_empty());
        numbers.extend(versions.iter().map(|version| version.replaced_by));
    }
    assert!(numbers.into_iter().eq(1..=room.revision), "{}", room.slug);
    assert!(rows.windows(2).all(|pair| pair[0].created_at <= pair[1].created_at && pair[0].id < pair[1].id));
    let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
    assert!(
        rows.iter().all(|row| row.reply_to_id.is_none_or(|target| ids.contains(&target) && target < row.id))
    );
    assert!(rows.iter().all(|row| row.deleted_at.is_none() || row.content.is_empty()));
    let last = rows.last().expect("somebody has spoken");
    assert_eq!(
        (room.last_message_id, room.last_seq, room.last_activity_at),
        (Some(last.id), last.seq, last.created_at)
    );
}

/// Everybody who is in the room, as its maker sees them.
async fn present(db: &Db, room: &tables::rooms::Model) -> Vec<Member> {
    let maker = users::find(db.read(), room.created_by.unwrap().into()).await.unwrap().unwrap();
    members::page(db.read(), &maker, RoomId(room.id), Ask::first(200)).await.unwrap().rows
}

/// The cursors and their steps, which are stored apart, tell the same of who has read what.
async fn check_reading(db: &Db, room: &tables::rooms::Model) {
    let present = present(db, room).await;
    assert_eq!(i64::try_from(present.len()).unwrap(), room.member_count);
    let (rows, _) = timeline(db, room.id).await;
    for member in &present {
        let cursor = members::find(db.read(), RoomId(room.id), member.user.id).await.unwrap().unwrap();
        let at = rows.iter().find(|row| row.seq == cursor.last_read_seq).map(|row| row.id);
        assert_eq!(at, cursor.last_read_message_id);
    }
    let counts = reads::counts(db.read(), &rows).await.unwrap();
    for row in rows.iter().step_by(9) {
        let readers =
            reads::readers(db.read(), row, UserId(row.sender_id), Ask::first(ALL)).await.unwrap().rows;
        assert_eq!(counts.of(row), readers.len() as u64, "{}: {}", room.slug, row.seq);
    }
}

on_each_database! {
    async fn every_invariant_of_the_tables_holds(server: TestServer) {
        let summary = demo::fill(&server.app).await.unwrap();
        let db = &server.app.db;
        let rooms = all_rooms(db).await;
        assert_eq!(rooms.len(), summary.rooms);
        for room in &rooms {
            check_timeline(db, room).await;
            check_reading(db, room).await;
        }
        let mut unread = BTreeSet::new();
        for person in users::search(db.read(), None, "", 0, 200).await.unwrap().0 {
            let revisions = rooms::revisions(db.read(), Readers::Everywhere(&[person.user_id()])).await.unwrap();
            unread.insert(revisions.iter().map(|(_, room)| room.unread_count).sum::<u64>());
        }
        assert!(unread.len() > 8, "{unread:?}");
        let again = demo::fill(&server.app).await.unwrap_err().to_string();
        assert!(again.contains("empty database"), "{again}");
    }
}

/// Signs everybody in once.
async fn sign_in(server: &TestServer, usernames: &[&'static str]) -> BTreeMap<&'static str, Client> {
    let mut clients = BTreeMap::new();
    for username in usernames {
        let client = server.anonymous();
        client.login(username, PASSWORD).await.expect("everybody has that password");
        clients.insert(*username, client);
    }
    clients
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_seen_by_those_who_are_in_the_room() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let summary = demo::fill(&server.app).await.unwrap();
    let clients = sign_in(&server, &summary.usernames).await;
    let admin = clients[summary.administrator].me().await.unwrap();
    assert!(admin.is_staff && admin.is_superuser);
    let db = &server.app.db;
    let mut images = 0;
    for room in all_rooms(db).await {
        let present = present(db, &room).await;
        let inside = |name: &str| present.iter().any(|member| member.user.username == name);
        let (rows, _) = timeline(db, room.id).await;
        for message in assemble::messages(db.read(), rows, Viewer::EVERYBODY).await.unwrap() {
            assert_eq!(message.attachments.len(), usize::from(message.message_type == MessageType::Image));
            for file in &message.attachments {
                images += 1;
                for (name, client) in &clients {
                    let answer = client.request(Method::GET, &file.url, None).await.unwrap();
                    assert_eq!(answer.status, if inside(name) { 200 } else { 404 }, "{name}: {}", file.url);
                    assert!(!inside(name) || answer.body.len() as u64 == file.size);
                }
            }
        }
    }
    assert_eq!(images, summary.images);
    let everybody = clients["theo"].search_users("").await.unwrap().results;
    assert_eq!(everybody.len(), summary.people);
    for person in everybody {
        let url = person.avatar_url.expect("everybody has a picture");
        let answer = clients["theo"].request(Method::GET, &url, None).await.unwrap();
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/png")), "{url}");
    }
}
