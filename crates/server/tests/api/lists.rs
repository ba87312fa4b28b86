//! Lists: their pages, and the ways between them.

use charla_client::Client;
use charla_protocol::{
    List,
    blocks::Block,
    friends::FriendRequest,
    invites::{CreateInvite, Invite},
    members::Member,
    messages::{Message, MessageRead, MessageVersion, SendMessage},
    pins::PinnedMessage,
    rooms::{Room, Visibility},
    users::{Me, User},
};
use charla_testing::{TestServer, on_each_database};
use reqwest::Method;
use serde::de::DeserializeOwned;

use crate::support::{say, staff, text};

async fn get<T: DeserializeOwned>(client: &Client, path: &str) -> List<T> {
    let answer = client.request(Method::GET, path, None).await.unwrap();
    assert_eq!(answer.status, 200, "{path}");
    answer.json().unwrap()
}

/// Reads a list page by page to its end, and back to its beginning: the same pages, the same rows. Gives the rows, and how
/// many pages there are.
async fn read<T>(client: &Client, path: &str) -> (Vec<T>, usize)
where
    T: DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let first: List<T> = get(client, path).await;
    assert_eq!(first.previous, None, "{path}");
    let mut pages = vec![first];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        pages.push(client.page(&next).await.unwrap());
    }
    for pair in pages.windows(2).rev() {
        let back: List<T> = client.page(pair[1].previous.as_deref().expect("a way back")).await.unwrap();
        assert_eq!(back.results, pair[0].results, "{path}");
        assert_eq!(
            (back.next.is_some(), back.previous.is_some()),
            (true, pair[0].previous.is_some()),
            "{path}"
        );
    }
    let count = pages.len();
    (pages.into_iter().flat_map(|page| page.results).collect(), count)
}

/// The rows of a list are the same however many stand on a page.
pub(crate) async fn read_in_any_pages<T>(client: &Client, path: &str) -> Vec<T>
where
    T: DeserializeOwned + PartialEq + Clone + std::fmt::Debug,
{
    let (whole, count) = read::<T>(client, path).await;
    assert_eq!(count, 1, "{path}");
    let sign = if path.contains('?') { '&' } else { '?' };
    for limit in [1, 2, whole.len()] {
        let (rows, count) = read::<T>(client, &format!("{path}{sign}limit={limit}")).await;
        assert_eq!((rows, count), (whole.clone(), whole.len().div_ceil(limit)), "{path} by {limit}");
    }
    whole
}

on_each_database! {
    async fn a_messages_edits_come_page_by_page(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let message = say(&ana, room, "0").await.id;
        for n in 1..=5 {
            ana.edit_message(message, &n.to_string()).await.unwrap();
        }
        let path = format!("/api/v1/chat/messages/{message}/history/");
        let said = |versions: Vec<MessageVersion>| versions.into_iter().map(|version| version.content).collect::<String>();
        for (query, pages) in [("", 1), ("?limit=5", 1), ("?limit=2", 3), ("?limit=1", 5)] {
            let (versions, count) = read(&ana, &format!("{path}{query}")).await;
            assert_eq!((said(versions).as_str(), count), ("01234", pages), "{query}");
        }
        ana.delete_message(message).await.unwrap();
        assert!(get::<MessageVersion>(&ana, &path).await.results.is_empty());
    }

    async fn a_messages_readers_come_page_by_page(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        let mut readers = Vec::new();
        for name in ["bob", "eve", "kim"] {
            let (client, user) = server.person(name).await;
            client.join_room(room).await.unwrap();
            readers.push((client, user.user.id));
        }
        let message = say(&ana, room, "x").await.id;
        for (client, _) in &readers {
            client.mark_all_read(room).await.unwrap();
            server.clock.advance(std::time::Duration::from_secs(1));
        }
        let path = format!("/api/v1/chat/messages/{message}/reads/");
        for (query, pages) in [("", 1), ("?limit=2", 2), ("?limit=1", 3)] {
            let (reads, count) = read::<MessageRead>(&ana, &format!("{path}{query}")).await;
            assert!(reads.iter().map(|read| read.user.id).eq(readers.iter().map(|(_, id)| *id)), "{query}");
            assert_eq!(count, pages, "{query}");
        }
    }

    async fn every_list_leads_on_and_back(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let mut people = Vec::new();
        for name in ["bob", "eve", "kim", "zoe"] {
            people.push(server.person(name).await.1);
        }
        let everybody: Vec<&Me> = people.iter().collect();
        // Rooms of one name and one time: only their ids tell them apart.
        let mut rooms = Vec::new();
        for _ in 0..5 {
            rooms.push(server.group(&ana, Visibility::Public, &everybody).await.id);
        }
        let root = say(&ana, rooms[0], "root").await;
        for n in 0..5 {
            let reply = SendMessage { reply_to_id: Some(root.id), ..text(rooms[0], &n.to_string()) };
            ana.send_message(&reply).await.unwrap();
        }
        say(&ana, rooms[3], "elsewhere").await;

        let found: Vec<Room> = read_in_any_pages(&ana, "/api/v1/chat/rooms/").await;
        assert_eq!(found.len(), 5);
        assert_eq!(found[0].id, rooms[3]);
        let found: Vec<Room> = read_in_any_pages(&ana, "/api/v1/chat/rooms/public/").await;
        assert_eq!(found.iter().map(|room| room.id).collect::<Vec<_>>(), rooms);
        let found: Vec<Member> =
            read_in_any_pages(&ana, &format!("/api/v1/chat/rooms/{}/members/", rooms[0])).await;
        assert_eq!(found.len(), 5);
        let found: Vec<Message> = read_in_any_pages(&ana, "/api/v1/chat/messages/").await;
        assert_eq!(found.len(), 7);
        assert!(found.windows(2).all(|pair| pair[0].id > pair[1].id));
        let found: Vec<Message> =
            read_in_any_pages(&ana, &format!("/api/v1/chat/messages/{}/replies/", root.id)).await;
        let said: String = found.iter().map(|message| message.content.as_str()).collect();
        assert_eq!(said, "01234");
        let found: Vec<User> = read_in_any_pages(&ana, "/api/v1/users/").await;
        let names: Vec<&str> = found.iter().map(|user| user.username.as_str()).collect();
        assert_eq!(names, ["ana", "bob", "eve", "kim", "zoe"]);
    }

    /// A page that was read back still leads to what has come since.
    async fn the_way_back_knows_what_has_come_since(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        for n in 0..4 {
            say(&ana, room, &n.to_string()).await;
        }
        let first: List<Message> = get(&ana, "/api/v1/chat/messages/?limit=2").await;
        let second: List<Message> = ana.page(first.next.as_deref().unwrap()).await.unwrap();
        let new = say(&ana, room, "new").await;
        let back: List<Message> = ana.page(second.previous.as_deref().unwrap()).await.unwrap();
        assert_eq!(back.results, first.results);
        let newest: List<Message> = ana.page(back.previous.as_deref().expect("something has come")).await.unwrap();
        assert_eq!((newest.results, newest.previous), (vec![new], None));
    }

    async fn pins_and_invites_come_page_by_page(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let root = staff(&server).await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        // Pins of one time: only their messages tell them apart.
        let (mut pinned, mut codes, mut of_server) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..5 {
            let message = say(&ana, room, &n.to_string()).await.id;
            ana.pin(room, message).await.unwrap();
            pinned.push(message);
            codes.push(ana.create_invite(room, &CreateInvite::default()).await.unwrap().code);
            of_server.push(root.create_server_invite(&CreateInvite::default()).await.unwrap().code);
        }
        let paths = ["pins", "invites"].map(|list| format!("/api/v1/chat/rooms/{room}/{list}/"));
        let pins: Vec<PinnedMessage> = read_in_any_pages(&ana, &paths[0]).await;
        assert!(pins.iter().rev().map(|pin| pin.message.id).eq(pinned), "the latest first");
        let invites: Vec<Invite> = read_in_any_pages(&ana, &paths[1]).await;
        assert!(invites.iter().rev().map(|invite| &invite.code).eq(&codes));
        let admin = "/api/v1/admin/invites/";
        let invites: Vec<Invite> = read_in_any_pages(&root, admin).await;
        assert!(invites.iter().rev().map(|invite| &invite.code).eq(&of_server));
        for (client, path) in [(&ana, paths[0].as_str()), (&ana, &paths[1]), (&root, admin)] {
            for (query, status) in [("limit=200", 200), ("limit=0", 400), ("limit=201", 400), ("cursor=x", 400)] {
                let answer = client.request(Method::GET, &format!("{path}?{query}"), None).await.unwrap();
                assert_eq!(answer.status, status, "{path}?{query}");
            }
        }
    }

    async fn friends_requests_and_blocks_come_page_by_page(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let names = ["zoe", "bob", "Álex", "kim", "eve"];
        let mut ids = Vec::new();
        for name in names {
            let (client, person) = server.person(name).await;
            client.request_friendship(ana_user.user.id).await.unwrap();
            ids.push(person.user.id);
        }
        let incoming: Vec<FriendRequest> = read_in_any_pages(&ana, "/api/v1/friends/requests/").await;
        let senders: Vec<_> = incoming.iter().rev().map(|request| request.sender.id).collect();
        assert_eq!(senders, ids, "the newest first");
        for request in incoming {
            ana.accept_friend_request(request.id).await.unwrap();
        }
        let friends: Vec<User> = read_in_any_pages(&ana, "/api/v1/friends/").await;
        let found: Vec<&str> = friends.iter().map(|friend| friend.username.as_str()).collect();
        assert_eq!(found, ["bob", "eve", "kim", "zoe", "Álex"], "byte by byte, on each database");
        for id in &ids {
            ana.block(*id).await.unwrap();
        }
        let blocks: Vec<Block> = read_in_any_pages(&ana, "/api/v1/blocks/").await;
        assert!(blocks.iter().rev().map(|block| block.user.id).eq(ids));
        let answer = ana.request(Method::GET, "/api/v1/friends/requests/?direction=outgoing&limit=1", None).await.unwrap();
        assert_eq!(answer.status, 200);
    }
}
