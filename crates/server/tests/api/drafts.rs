//! `rooms/{id}/draft/` and `/api/v1/chat/drafts/`.

use charla_client::{Client, Door};
use charla_protocol::{
    ErrorCode, MessageId, RoomId,
    drafts::{Draft, PutDraft},
    events::Event,
    rooms::Visibility,
};
use charla_testing::{TestServer, on_each_database};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{drain, open, refusal, rejected, say, wait_for};

fn body(content: &str, reply_to_id: Option<MessageId>) -> PutDraft {
    PutDraft { content: content.to_owned(), reply_to_id }
}

async fn put(client: &Client, room: RoomId, content: &str) -> Draft {
    client.put_draft(room, &body(content, None)).await.unwrap()
}

on_each_database! {
    async fn a_draft_is_the_same_on_every_device(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let path = format!("/api/v1/chat/rooms/{room}/draft/");
        let none: Value = ana.request(Method::GET, &path, None).await.unwrap().json().unwrap();
        assert_eq!(none, json!({"room": room, "content": "", "reply_to_id": null, "updated_at": null}));
        let (mut anas, mut bobs) = (open(&ana, Door::All).await, open(&bob, Door::All).await);
        let target = say(&bob, room, "a question").await;
        for socket in [&mut anas, &mut bobs] {
            wait_for(socket, |event| matches!(event, Event::Message(_)).then_some(())).await;
        }
        let kept = ana.put_draft(room, &body("  an ans\u{0}wer\r\n", Some(target.id))).await.unwrap();
        assert_eq!((kept.content.as_str(), kept.reply_to_id), ("  an answer\n", Some(target.id)));
        assert_eq!(ana.draft(room).await.unwrap(), kept);
        assert_eq!(bob.draft(room).await.unwrap(), Draft::none(room));
        let draft = |event| match event { Event::Draft(draft) => Some(draft), _ => None };
        assert_eq!(wait_for(&mut anas, draft).await, kept);
        let later = put(&ana, room, "something else").await;
        assert!(later.updated_at > kept.updated_at);
        assert_eq!(wait_for(&mut anas, draft).await, later);
        assert_eq!(ana.draft(room).await.unwrap(), later);
        ana.delete_draft(room).await.unwrap();
        ana.delete_draft(room).await.unwrap();
        assert_eq!(wait_for(&mut anas, draft).await, Draft::none(room));
        assert!(drain(&mut anas).await.is_empty(), "deleting nothing tells nothing");
        assert!(drain(&mut bobs).await.is_empty(), "nobody else's business");
        assert_eq!(ana.draft(room).await.unwrap(), Draft::none(room));
    }

    async fn blank_text_is_a_draft_only_if_it_answers(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let message = say(&ana, room, "x").await;
        put(&ana, room, "text").await;
        assert_eq!(put(&ana, room, " \n").await, Draft::none(room));
        assert_eq!(ana.draft(room).await.unwrap(), Draft::none(room));
        ana.put_draft(room, &body("", Some(message.id))).await.unwrap();
        assert_eq!(ana.draft(room).await.unwrap().reply_to_id, Some(message.id));
        ana.delete_message(message.id).await.unwrap();
        assert_eq!(ana.draft(room).await.unwrap().reply_to_id, None, "there is nothing to answer any more");
        assert_eq!(rejected(ana.put_draft(room, &body("x", Some(message.id))).await), ["reply_to_id"]);
        assert_eq!(rejected(ana.put_draft(room, &body(&"x".repeat(10_001), None)).await), ["content"]);
        assert_eq!(put(&ana, room, &"ñ".repeat(10_000)).await.content.chars().count(), 10_000);
    }

    async fn drafts_are_listed_and_go_with_the_membership(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (eve, _) = server.person("eve").await;
        let first = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        let second = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let third = server.group(&ana, Visibility::Public, &[&bob_user]).await.id;
        for room in [first, second, third] {
            put(&bob, room, "unsent").await;
        }
        put(&bob, first, "again").await;
        let rooms = |drafts: Vec<Draft>| drafts.iter().map(|draft| draft.room).collect::<Vec<_>>();
        assert_eq!(rooms(bob.drafts().await.unwrap().results), [first, third, second]);
        assert_eq!(rooms(ana.drafts().await.unwrap().results), Vec::<RoomId>::new());
        let page: charla_protocol::List<Draft> = bob.page("/api/v1/chat/drafts/?limit=2").await.unwrap();
        let next: charla_protocol::List<Draft> = bob.page(&page.next.unwrap()).await.unwrap();
        assert_eq!(rooms(next.results), [second]);

        assert_eq!(refusal(eve.put_draft(second, &body("x", None)).await), (404, ErrorCode::NotFound));
        assert_eq!(refusal(eve.put_draft(first, &body("x", None)).await), (403, ErrorCode::NotAMember));
        bob.leave_room(first).await.unwrap();
        bob.join_room(first).await.unwrap();
        ana.remove_member(second, bob_user.user.id).await.unwrap();
        ana.close_room(third).await.unwrap();
        assert!(bob.drafts().await.unwrap().results.is_empty());
        assert_eq!(bob.draft(first).await.unwrap(), Draft::none(first), "who comes back begins anew");
        assert_eq!(refusal(bob.put_draft(third, &body("x", None)).await), (403, ErrorCode::RoomClosed));
        assert_eq!(refusal(bob.draft(second).await), (404, ErrorCode::NotFound));
    }

    async fn of_many_at_once_one_stands(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let texts: Vec<String> = (0..12).map(|n| format!("draft {n}")).collect();
        let kept = join_all(texts.iter().map(|text| put(&ana, room, text))).await;
        assert!(kept.contains(&ana.draft(room).await.unwrap()));
        assert_eq!(ana.drafts().await.unwrap().results.len(), 1);
    }
}
