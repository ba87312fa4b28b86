//! `rooms/{id}/messages/` and `rooms/{id}/changes/`.

use charla_client::{Client, Place};
use charla_protocol::{
    ErrorCode, MessageId, RoomId,
    messages::{Changes, Timeline},
    rooms::Visibility,
};
use charla_testing::{TestServer, on_each_database};
use reqwest::Method;

use crate::support::{ids, refusal, say};

async fn filled(server: &TestServer, count: usize) -> (Client, RoomId, Vec<MessageId>) {
    let (ana, _) = server.person("ana").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let mut sent = Vec::new();
    for number in 0..count {
        sent.push(say(&ana, room, &format!("{number}")).await.id);
    }
    (ana, room, sent)
}

on_each_database! {
    async fn pages_go_from_the_newest_to_the_oldest(server: TestServer) {
        let (ana, room, sent) = filled(&server, 7).await;
        let newest = ana.room_messages(room, Place::Newest, Some(3)).await.unwrap();
        assert_eq!((ids(&newest.results), newest.revision), (sent[4..].to_vec(), 7));
        assert_eq!(newest.previous, None);
        let older: Timeline = ana.page(&newest.next.unwrap()).await.unwrap();
        assert_eq!(ids(&older.results), sent[1..4]);
        let oldest: Timeline = ana.page(&older.next.unwrap()).await.unwrap();
        assert_eq!((ids(&oldest.results), oldest.next), (sent[..1].to_vec(), None));
        let newer: Timeline = ana.page(&oldest.previous.unwrap()).await.unwrap();
        assert_eq!(ids(&newer.results), sent[1..4]);
    }

    async fn a_page_can_lie_before_after_and_around_a_message(server: TestServer) {
        let (ana, room, sent) = filled(&server, 9).await;
        let page = async |place| { ids(&ana.room_messages(room, place, Some(4)).await.unwrap().results) };
        assert_eq!(page(Place::Before(sent[5])).await, sent[1..5]);
        assert_eq!(page(Place::After(sent[5])).await, sent[6..]);
        assert_eq!(page(Place::Around(sent[5])).await, sent[3..7]);
        assert_eq!(page(Place::Around(sent[0])).await, sent[..2]);
        let unknown = Place::Before(MessageId(uuid::Uuid::from_u128(3)));
        assert_eq!(refusal(ana.room_messages(room, unknown, None).await), (400, ErrorCode::ValidationFailed));
    }

    async fn the_first_unread_message_can_be_gone_to(server: TestServer) {
        let (ana, room, sent) = filled(&server, 6).await;
        let (bob, bob_user) = server.person("bob").await;
        ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
        let mut unread = Vec::new();
        for number in 0..5 {
            unread.push(say(&ana, room, &format!("new {number}")).await.id);
        }
        let page = bob.room_messages(room, Place::FirstUnread, Some(4)).await.unwrap();
        assert_eq!(ids(&page.results)[2..], unread[..2]);
        assert!(!ids(&page.results).contains(&sent[0]));
        bob.mark_all_read(room).await.unwrap();
        let page = bob.room_messages(room, Place::FirstUnread, Some(4)).await.unwrap();
        assert_eq!(ids(&page.results), unread[1..]);
    }

    async fn changes_bring_each_message_once_as_it_stands(server: TestServer) {
        let (ana, room, sent) = filled(&server, 5).await;
        ana.edit_message(sent[1], "edited").await.unwrap();
        ana.edit_message(sent[1], "edited again").await.unwrap();
        ana.delete_message(sent[3]).await.unwrap();
        let all = ana.room_changes(room, 0, None).await.unwrap();
        assert_eq!(ids(&all.results), [sent[0], sent[2], sent[4], sent[1], sent[3]]);
        assert_eq!((all.revision, all.next.as_deref()), (8, None));
        let since = ana.room_changes(room, 5, None).await.unwrap();
        assert_eq!(ids(&since.results), [sent[1], sent[3]]);
        assert_eq!((since.results[0].content.as_str(), since.results[0].revision), ("edited again", 7));
        let first = ana.room_changes(room, 0, Some(2)).await.unwrap();
        assert_eq!((ids(&first.results), first.revision), (vec![sent[0], sent[2]], 3));
        let second: Changes = ana.page(&first.next.unwrap()).await.unwrap();
        assert_eq!(ids(&second.results), [sent[4], sent[1]]);
        let none = ana.room_changes(room, 8, None).await.unwrap();
        assert_eq!((none.results, none.revision, none.next), (Vec::new(), 8, None));
    }

    /// Who was a member when the request came in, and is none when it is answered.
    async fn who_is_removed_while_they_read_is_shown_nothing_of_what_came_after(server: TestServer) {
        let (ana, room, _) = filled(&server, 3).await;
        let (bob, bob_user) = server.person("bob").await;
        for is_page in [true, false] {
            ana.add_members(room, vec![bob_user.user.id]).await.unwrap();
            let held = server.statements.hold("SELECT sessions");
            let reading = tokio::spawn({
                let bob = bob.clone();
                async move {
                    if is_page {
                        refusal(bob.room_messages(room, Place::Newest, None).await)
                    } else {
                        refusal(bob.room_changes(room, 0, None).await)
                    }
                }
            });
            held.reached().await;
            ana.remove_member(room, bob_user.user.id).await.unwrap();
            say(&ana, room, "not for bob").await;
            drop(held);
            assert_eq!(reading.await.unwrap(), (404, ErrorCode::NotFound), "{is_page}");
        }
    }

    async fn limits_and_places_are_checked(server: TestServer) {
        let (ana, room, sent) = filled(&server, 1).await;
        for query in [
            "limit=0", "limit=201", "limit=-1", "limit=many", "before=nonsense", "around=nonsense",
            &format!("before={0}&after={0}", sent[0]),
        ] {
            let path = format!("/api/v1/chat/rooms/{room}/messages/?{query}");
            let answer = ana.request(Method::GET, &path, None).await.unwrap();
            assert_eq!(answer.status, 400, "{query}");
            assert!(answer.json::<charla_protocol::Problem>().unwrap().errors.is_some(), "{query}");
        }
        for query in ["", "since=x", "since=-1", "since=99999999999999999999"] {
            let path = format!("/api/v1/chat/rooms/{room}/changes/?{query}");
            assert_eq!(ana.request(Method::GET, &path, None).await.unwrap().status, 400, "{query}");
        }
        let ahead = ana.room_changes(room, 1_000, None).await.unwrap();
        assert_eq!((ahead.results, ahead.revision), (Vec::new(), 1));
    }
}
