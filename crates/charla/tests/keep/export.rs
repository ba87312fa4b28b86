//! Everything, or what one account holds, as readable files.

use charla_protocol::{
    messages::SendMessage,
    rooms::{History, Visibility},
};
use charla_testing::{DatabaseKind, make_group, sign_up};

use super::{
    archives::{entries, lines},
    place::Place,
};

async fn is_readable(kind: DatabaseKind) {
    let place = Place::new(kind).await;
    let server = place.charla("serve").serve().await;
    let (ana, ben) = (server.client(), server.client());
    let me = sign_up(&ana, "ana").await;
    let ben_id = sign_up(&ben, "ben").await.user.id;
    let room = make_group(&ana, Visibility::Private, History::All, &[]).await.id;
    ana.add_members(room, vec![ben_id]).await.unwrap();
    let file = ana.upload("plan.txt", "the plan").await.unwrap();
    let message = SendMessage {
        room,
        content: "first".to_owned(),
        message_type: Default::default(),
        reply_to_id: None,
        attachment_ids: vec![file.id],
        client_id: None,
    };
    let sent = ana.send_message(&message).await.unwrap().value;
    ana.edit_message(sent.id, "¡second! 🦀").await.unwrap();
    ben.react(sent.id, "👍").await.unwrap();
    ana.pin(room, sent.id).await.unwrap();

    let path = place.path("all.zip");
    let printed = place.run(&format!("export {path}")).await.succeeded();
    assert!(
        printed.contains("2 people, 1 rooms, ") && printed.ends_with(" messages, 1 files\n"),
        "{printed}"
    );
    let all = entries(&path);
    let people = lines(&all, "people.jsonl");
    assert_eq!(people.len(), 2);
    assert!(people.iter().any(|person| person["username"] == "ana" && person["email"] == "ana@example.org"));
    let rooms = lines(&all, "rooms.jsonl");
    assert_eq!(rooms[0]["members"].as_array().unwrap().len(), 2);
    assert_eq!(rooms[0]["pins"][0]["message"], sent.id.to_string());
    let messages = lines(&all, "messages.jsonl");
    let found = messages.iter().find(|message| message["id"] == sent.id.to_string()).unwrap();
    assert_eq!(found["content"], "¡second! 🦀");
    assert_eq!(found["history"][0]["content"], "first");
    assert_eq!(found["sender"], me.user.id.to_string());
    assert_eq!(found["reactions"][0]["emoji"], "👍");
    assert_eq!(found["attachments"][0], file.id.to_string());
    let seqs: Vec<_> = messages.iter().map(|message| message["seq"].as_i64().unwrap()).collect();
    assert!(seqs.is_sorted(), "{seqs:?}");
    let files = lines(&all, "files.jsonl");
    let (_, bytes) = all.iter().find(|(name, _)| *name == files[0]["path"]).unwrap();
    assert_eq!(bytes, b"the plan");
    for secret in ["argon2", "password", "refresh"] {
        let told = all.iter().find(|(_, bytes)| String::from_utf8_lossy(bytes).contains(secret));
        assert_eq!(told.map(|(name, _)| name), None, "{secret}");
    }

    let path = place.path("ana.zip");
    place.run(&format!("export {path} --user Ana@example.org")).await.succeeded();
    let own = entries(&path);
    assert_eq!(lines(&own, "messages.jsonl").len(), 1);
    assert!(own.iter().any(|(name, _)| name == "account.json"));
    let message = place.run("export x.zip --user nobody").await.failed();
    assert_eq!(message, "there is no account \"nobody\"");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    is_readable(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    is_readable(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_mariadb() {
    is_readable(DatabaseKind::MariaDb).await;
}
