//! `null` in a body: the default of a new thing; in a change it clears what may be empty.

use charla_client::Client;
use charla_protocol::{
    messages::{Message, MessageType},
    rooms::{History, Room, Visibility},
    users::Me,
};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

async fn send<T: DeserializeOwned>(client: &Client, method: Method, path: &str, body: Value) -> T {
    let answer = client.request(method, path, Some(&body)).await.unwrap();
    assert!((200..300).contains(&answer.status), "{path} {body}: {:?}", answer.body);
    answer.json().unwrap()
}

on_each_database! {
    async fn null_is_the_default_of_a_new_thing(server: TestServer) {
        let client = server.anonymous();
        let body = json!({"username": "ana", "email": "ana@example.org", "password": PASSWORD, "phone_number": null, "display_name": null});
        let signed_in: charla_protocol::auth::SignedIn = send(&client, Method::POST, "/api/v1/auth/register/", body).await;
        assert_eq!((signed_in.user.user.display_name.as_str(), signed_in.user.phone_number), ("ana", None));

        let (bob, _) = server.person("bob").await;
        let body = json!({"name": "A room", "room_type": "group", "visibility": null, "topic": null, "history": null, "participants": null});
        let room: Room = send(&bob, Method::POST, "/api/v1/chat/rooms/", body).await;
        assert_eq!((room.visibility, room.history), (Visibility::Private, History::All));
        assert_eq!((room.topic.as_str(), room.participant_count), ("", 1));

        let body = json!({"room": room.id, "content": "x", "message_type": null, "reply_to_id": null, "attachment_ids": null, "client_id": null});
        let message: Message = send(&bob, Method::POST, "/api/v1/chat/messages/", body).await;
        assert_eq!((message.message_type, message.reply_to, message.client_id), (MessageType::Text, None, None));
        let answer = bob.request(Method::POST, "/api/v1/auth/refresh/", Some(&Value::Null)).await.unwrap();
        assert_eq!(answer.status, 401, "no token at all");
    }

    async fn null_in_a_change_clears_what_may_be_empty(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let path = "/api/v1/users/me/";
        let body = json!({"display_name": "Ana", "bio": "b", "phone_number": "+34600123456", "language": "es"});
        let me: Me = send(&ana, Method::PATCH, path, body).await;
        assert_eq!((me.user.display_name.as_str(), me.user.bio.as_str()), ("Ana", "b"));
        let body = json!({"display_name": null, "bio": null, "phone_number": null, "language": null});
        let me: Me = send(&ana, Method::PATCH, path, body).await;
        assert_eq!((me.user.display_name.as_str(), me.user.bio.as_str()), ("ana", ""));
        assert_eq!((me.phone_number, me.language), (None, None));
        let me: Me = send(&ana, Method::PATCH, path, json!({"display_name": " "})).await;
        assert_eq!(me.user.display_name, "ana", "empty is as good as none");

        let room = server.group(&ana, Visibility::Public, &[]).await.id;
        let path = format!("/api/v1/chat/rooms/{room}/");
        send::<Room>(&ana, Method::PATCH, &path, json!({"topic": "talk"})).await;
        let room: Room = send(&ana, Method::PATCH, &path, json!({"topic": null})).await;
        assert_eq!((room.topic.as_str(), room.name.as_deref(), room.visibility), ("", Some("A room"), Visibility::Public));
    }
}
