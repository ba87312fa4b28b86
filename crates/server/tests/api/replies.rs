//! What answers one's own messages, among all rooms.

use charla_client::Client;
use charla_protocol::{List, RoomId, messages::Message, rooms::Visibility};
use charla_testing::{TestServer, on_each_database};

use crate::support::{ids, say, text};

async fn answer(client: &Client, room: RoomId, target: &Message, content: &str) -> Message {
    let mut answer = text(room, content);
    answer.reply_to_id = Some(target.id);
    client.send_message(&answer).await.unwrap().value
}

async fn said(client: &Client) -> Vec<String> {
    client.replies().await.unwrap().results.into_iter().map(|message| message.content).collect()
}

on_each_database! {
    async fn are_others_answers_of_all_rooms_newest_first(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, eve_user) = server.person("eve").await;
        let mut sent = Vec::new();
        for _ in 0..2 {
            let room = server.group(&ana, Visibility::Private, &[&bob_user, &eve_user]).await.id;
            let asked = say(&bob, room, "asked").await;
            let by_ana = answer(&ana, room, &asked, "ana").await;
            answer(&bob, room, &asked, "bob").await;
            answer(&eve, room, &by_ana, "eve to ana").await;
            sent.extend([by_ana.id, answer(&eve, room, &asked, "eve to bob").await.id]);
        }
        sent.reverse();
        let mut seen = Vec::new();
        let mut address = Some("/api/v1/chat/replies/?limit=3".to_owned());
        while let Some(next) = address {
            let page: List<Message> = bob.page(&next).await.unwrap();
            seen.extend(ids(&page.results));
            address = page.next;
        }
        assert_eq!(seen, sent);
        assert_eq!(said(&ana).await, ["eve to ana", "eve to ana"]);
        assert!(said(&eve).await.is_empty());
        eve.delete_message(seen[0]).await.unwrap();
        assert_eq!(said(&bob).await, ["ana", "eve to bob", "ana"], "and not what was deleted");
    }

    async fn nobody_finds_what_is_hidden_from_them(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group_without_past(&ana, &[&bob_user]).await.id;
        let asked = say(&bob, room, "asked").await;
        answer(&ana, room, &asked, "before").await;
        assert_eq!(said(&bob).await, ["before"]);
        bob.leave_room(room).await.unwrap();
        assert!(said(&bob).await.is_empty(), "the room is others' now");
        bob.join_room(room).await.unwrap();
        assert!(said(&bob).await.is_empty(), "what was said before is hidden");
        let again = say(&bob, room, "again").await;
        answer(&ana, room, &again, "after").await;
        assert_eq!(said(&bob).await, ["after"]);
        bob.clear_history(room).await.unwrap();
        assert!(said(&bob).await.is_empty(), "and what was cleared");
    }
}
