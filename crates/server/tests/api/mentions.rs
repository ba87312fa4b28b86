//! `@username` and `@room`: who is mentioned, how it is shown, and what is counted.

use charla_client::{Client, Door, Place};
use charla_db::queries::{mentions, unread::Readers};
use charla_protocol::{
    RoomId, UserId, actions::Action, events::Event, members::Role, messages::Message, rooms::Visibility,
};
use charla_testing::{TestServer, on_each_database};
use uuid::Uuid;

use crate::support::{act, ids, open, say, wait_for};

/// Unread messages that mention the caller, as the room and its place in the list say.
async fn count(client: &Client, room: RoomId) -> u64 {
    let one = client.room(room).await.unwrap().mention_count.unwrap();
    let listed = client.rooms().await.unwrap().results;
    let listed = listed.into_iter().find(|other| other.id == room).unwrap();
    assert_eq!(listed.mention_count, Some(one));
    one
}

async fn inbox(client: &Client) -> Vec<charla_protocol::MessageId> {
    ids(&client.mentions().await.unwrap().results)
}

fn mark(user: UserId, name: &str) -> String {
    format!("<span class=\"mention\" data-user-id=\"{user}\">{name}</span>")
}

/// The message as each answer has it: itself, the timeline, the changes.
async fn everywhere(client: &Client, message: &Message) -> [Message; 3] {
    let of = |messages: Vec<Message>| messages.into_iter().find(|other| other.id == message.id).unwrap();
    [
        client.message(message.id).await.unwrap(),
        of(client.room_messages(message.room, Place::Newest, None).await.unwrap().results),
        of(client.room_changes(message.room, 0, None).await.unwrap().results),
    ]
}

on_each_database! {
    async fn members_are_mentioned_by_their_names(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("José.Luis").await;
        let (_, eve_user) = server.person("eve").await;
        let (ana_id, bob_id) = (ana_user.user.id, bob_user.user.id);
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let text = "@JOSE\u{301}.luis. (@ana) @eve `@ana` mail@ana @José.Luis!";
        let mut bobs = open(&bob, Door::All).await;
        let sent = say(&ana, room, text).await;
        assert_eq!((sent.content.as_str(), sent.mentions.as_slice()), (text, [bob_id, ana_id].as_slice()));
        assert_eq!(sent.content_html, format!(
            "<p>{}. ({}) @eve <code>@ana</code> mail@ana {}!</p>\n",
            mark(bob_id, "@JOSE\u{301}.luis"), mark(ana_id, "@ana"), mark(bob_id, "@José.Luis"),
        ));
        let told = wait_for(&mut bobs, |event| match event { Event::Message(message) => Some(*message), _ => None }).await;
        assert_eq!((told.mentions.as_slice(), told.mentions_room), ([bob_id, ana_id].as_slice(), false));
        for seen in everywhere(&bob, &sent).await {
            assert_eq!(seen.mentions, [bob_id, ana_id]);
        }
        assert_eq!((count(&bob, room).await, count(&ana, room).await), (1, 0), "one's own do not count");
        // Who is no member is not mentioned, and who comes later has not been.
        ana.add_members(room, vec![eve_user.user.id]).await.unwrap();
        assert_eq!(say(&ana, room, "@eve").await.mentions, [eve_user.user.id]);
        assert_eq!(inbox(&bob).await, [sent.id]);
        assert!(inbox(&ana).await.is_empty());
    }

    async fn everybody_is_mentioned_by_owner_and_admins(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let first = say(&ana, room, "@room and @bob").await;
        assert!(first.mentions_room);
        assert!(first.content_html.contains("<span class=\"mention\" data-mention=\"room\">@room</span>"));
        assert_eq!(count(&bob, room).await, 1, "one message, however often it mentions somebody");
        let by_member = say(&bob, room, "@room").await;
        assert!(!by_member.mentions_room && by_member.mentions.is_empty());
        assert_eq!(by_member.content_html, "<p>@room</p>\n");
        ana.change_role(room, bob_user.user.id, Role::Admin).await.unwrap();
        let by_admin = say(&bob, room, "@Room!").await;
        assert!(by_admin.mentions_room);
        assert_eq!((count(&ana, room).await, count(&bob, room).await), (1, 1));
        // Who joins has nothing to catch up with, and finds none of it in the inbox.
        eve.join_room(room).await.unwrap();
        assert_eq!((count(&eve, room).await, inbox(&eve).await.len()), (0, 0));
        let last = say(&ana, room, "@room").await;
        assert_eq!((count(&eve, room).await, inbox(&eve).await), (1, vec![last.id]));
        assert_eq!(inbox(&bob).await, [last.id, first.id]);
        for seen in everywhere(&eve, &last).await {
            assert!(seen.mentions_room && seen.mentions.is_empty());
        }
        let (_, kim_user) = server.person("kim").await;
        let direct = ana.direct_chat(kim_user.user.id).await.unwrap().value.id;
        assert!(!say(&ana, direct, "@room").await.mentions_room, "nobody is more than the other there");
    }

    async fn edits_and_deletions_take_mentions_along(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
        let message = say(&ana, room, "@bob").await;
        let edited = ana.edit_message(message.id, "@eve @room").await.unwrap();
        assert_eq!((edited.mentions.as_slice(), edited.mentions_room), ([eve_user.user.id].as_slice(), true));
        let edited = ana.edit_message(message.id, "@eve @bob").await.unwrap();
        assert_eq!((edited.mentions, edited.mentions_room), (vec![eve_user.user.id, bob_user.user.id], false));
        let edited = ana.edit_message(message.id, "@eve").await.unwrap();
        assert_eq!(edited.mentions, [eve_user.user.id]);
        assert_eq!((count(&bob, room).await, count(&eve, room).await), (0, 1));
        let reacted = bob.react(message.id, "👍").await.unwrap();
        assert_eq!(reacted.mentions, [eve_user.user.id], "whatever else happens to it");
        ana.delete_message(message.id).await.unwrap();
        assert_eq!((count(&eve, room).await, inbox(&eve).await.len()), (0, 0));
        assert!(ana.message(message.id).await.unwrap().mentions.is_empty());
    }

    async fn what_is_read_is_not_counted(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut messages = Vec::new();
        for text in ["@bob 1", "2", "@room 3", "@bob 4"] {
            messages.push(say(&ana, room, text).await.id);
        }
        let hello = bob.socket(Door::All).await.unwrap().hello().await.unwrap();
        assert_eq!((hello.rooms[0].unread_count, hello.rooms[0].mention_count), (4, 3));
        let state = bob.mark_read(vec![messages[0]]).await.unwrap().rooms.remove(0);
        assert_eq!((state.unread_count, state.mention_count), (3, 2));
        let mut bobs = open(&bob, Door::All).await;
        act(&mut bobs, Some(room), None, Action::MarkRead { message_ids: vec![messages[2]] }).await;
        let state = wait_for(&mut bobs, |event| match event {
            Event::ReadState(state) if state.up_to == Some(messages[2]) => Some(state),
            _ => None,
        })
        .await;
        assert_eq!((state.unread_count, state.mention_count, count(&bob, room).await), (1, 1, 1));
        assert_eq!(bob.mark_all_read(room).await.unwrap().mention_count, 0);
        assert_eq!(inbox(&bob).await.len(), 3, "the inbox keeps what was read");
        bob.clear_history(room).await.unwrap();
        assert!(inbox(&bob).await.is_empty(), "and not what was cleared");
        say(&ana, room, "@bob 5").await;
        assert_eq!(count(&bob, room).await, 1);
        bob.clear_history(room).await.unwrap();
        assert_eq!(count(&bob, room).await, 0);
        say(&ana, room, "@bob 6").await;
        bob.leave_room(room).await.unwrap();
        assert!(inbox(&bob).await.is_empty(), "nor what is in rooms that one has left");
    }

    async fn nobody_is_counted_what_is_hidden_from_them(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group_without_past(&ana, &[&bob_user]).await.id;
        say(&ana, room, "@bob before").await;
        assert_eq!(inbox(&bob).await.len(), 1);
        bob.leave_room(room).await.unwrap();
        bob.join_room(room).await.unwrap();
        assert_eq!((count(&bob, room).await, inbox(&bob).await.len()), (0, 0));
    }

    async fn the_inbox_has_pages(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let mut sent = Vec::new();
        for number in 0..5 {
            sent.push(say(&ana, room, &format!("@bob @room {number}")).await.id);
        }
        sent.reverse();
        let mut seen = Vec::new();
        let mut address = Some("/api/v1/chat/mentions/?limit=2".to_owned());
        while let Some(next) = address {
            let page: charla_protocol::List<Message> = bob.page(&next).await.unwrap();
            seen.extend(ids(&page.results));
            address = page.next;
        }
        assert_eq!(seen, sent);
    }

    /// One row in a room of any size; and a batch of many sends takes its mentions along.
    async fn many_at_once_are_all_stored(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let at_once = (0..40).map(|n| {
            let text = match n % 3 { 0 => "@bob", 1 => "@room", _ => "nobody" };
            say(&ana, room, text)
        });
        futures_util::future::join_all(at_once).await;
        assert_eq!(count(&bob, room).await, 27);
        let rows = mentions::counts(server.app.db.read(), Readers::Everywhere(&[UserId(Uuid::nil())])).await.unwrap();
        assert!(rows.is_empty(), "nobody is the one who stands for all");
    }
}
