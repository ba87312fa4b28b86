//! `GET /api/v1/users/me/export/`.

use std::io::{Cursor, Read};

use charla_client::Client;
use charla_db::queries;
use charla_protocol::{ErrorCode, drafts::PutDraft, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{refusal, say, text};

/// The files of somebody's archive, by name.
async fn archive(client: &Client) -> Vec<(String, Vec<u8>)> {
    let bytes = client.export_me().await.unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.push((file.name().unwrap().into_owned(), content));
    }
    files
}

fn file<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a [u8] {
    &files.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("{name}")).1
}

fn object(files: &[(String, Vec<u8>)], name: &str) -> Value {
    serde_json::from_slice(file(files, name)).unwrap()
}

fn lines(files: &[(String, Vec<u8>)], name: &str) -> Vec<Value> {
    let text = std::str::from_utf8(file(files, name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

on_each_database! {
    async fn the_archive_holds_ones_own_and_nothing_that_others_wrote(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let (_, eva) = server.person("eva").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let direct = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        let first = say(&ana, room, "before").await;
        ana.edit_message(first.id, "after ñ").await.unwrap();
        let gone = say(&ana, room, "regretted").await;
        ana.delete_message(gone.id).await.unwrap();
        let others = say(&bob, room, "Bob's secret").await;
        say(&bob, direct, "Bob's other secret").await;
        say(&ana, direct, "hello").await;
        ana.react(others.id, "👍").await.unwrap();
        ana.request(Method::POST, "/api/v1/blocks/", Some(&json!({"user_id": eva.user.id}))).await.unwrap();
        ana.request(Method::POST, "/api/v1/friends/requests/", Some(&json!({"user_id": bob_user.user.id}))).await.unwrap();
        let note = ana.upload("../note.txt", "my note").await.unwrap().id;
        bob.upload("bobs.txt", "Bob's file").await.unwrap();

        let draft = PutDraft { content: "not yet".to_owned(), reply_to_id: None };
        ana.put_draft(room, &draft).await.unwrap();

        let files = archive(&ana).await;
        let account = object(&files, "account.json");
        assert_eq!((account["username"].as_str(), account["email"].as_str()), (Some("ana"), Some("ana@example.org")));
        assert!(object(&files, "settings.json")["show_last_seen"].as_bool().unwrap());
        let sessions = lines(&files, "sessions.jsonl");
        assert_eq!((sessions.len(), sessions[0]["ip_address"].as_str()), (1, Some("127.0.0.1")));
        assert_eq!(object(&files, "friends.json")["outgoing_requests"][0]["user"]["username"], "bob");
        assert_eq!(object(&files, "blocks.json")[0]["user"]["username"], "eva");
        let rooms = object(&files, "rooms.json");
        assert_eq!(rooms.as_array().unwrap().len(), 2);
        assert!(rooms.to_string().contains("\"bob\""), "the names of people are in it");

        assert_eq!(lines(&files, "drafts.jsonl")[0]["content"], "not yet");
        assert!(lines(&files, "sanctions.jsonl").is_empty());
        let messages = lines(&files, "messages.jsonl");
        assert_eq!(messages.iter().map(|message| message["content"].as_str().unwrap()).collect::<Vec<_>>(), ["after ñ", "hello"]);
        assert_eq!(messages[0]["history"][0]["content"], "before");
        assert_eq!(messages[0]["room"], json!(room));
        let reactions = lines(&files, "reactions.jsonl");
        assert_eq!((reactions.len(), reactions[0]["emoji"].as_str()), (1, Some("👍")));
        let listed = lines(&files, "files.jsonl");
        assert_eq!((listed.len(), listed[0]["name"].as_str()), (1, Some("note.txt")));
        assert_eq!(file(&files, &format!("files/{note}/note.txt")), b"my note");

        let all: Vec<u8> = files.iter().flat_map(|(_, content)| content.clone()).collect();
        let all = String::from_utf8_lossy(&all);
        for secret in ["Bob's", "bob@example.org", "eva@example.org", "regretted", "argon2"] {
            assert!(!all.contains(secret), "{secret}");
        }
    }

    async fn long_lists_are_whole_and_in_order(server: TestServer) {
        let (ana, me) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        for round in 0..12 {
            let sends = (0..100).map(|n| text(room, &format!("{}", round * 100 + n))).collect::<Vec<_>>();
            for made in futures_util::future::join_all(sends.iter().map(|send| ana.send_message(send))).await {
                made.unwrap();
            }
        }
        let rows = queries::export::messages(server.app.db.read(), me.user.id, Uuid::nil(), Uuid::max(), 5000).await.unwrap();
        assert_eq!(rows.len(), 1200);
        let messages = lines(&archive(&ana).await, "messages.jsonl");
        let ids: Vec<&str> = messages.iter().map(|message| message["id"].as_str().unwrap()).collect();
        assert_eq!(ids, rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>());
    }
}

/// One at a time for an account, until it has got it; two at once on a node, while it makes them.
#[tokio::test(flavor = "multi_thread")]
async fn few_side_by_side() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = true).await;
    let (ana, _) = server.person("ana").await;
    let (bob, _) = server.person("bob").await;
    let (_, eve_user) = server.person("eve").await;
    // More than what lies between the server and who does not read.
    let noise: Vec<u8> = (0..24_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    ana.upload("noise.bin", noise).await.unwrap();
    let request = ana.request_builder(Method::GET, "/api/v1/users/me/export/").unwrap();
    let half = request.send().await.unwrap();
    assert_eq!(half.status(), 200);
    // The others do not count against the five.
    for _ in 0..6 {
        let answer = ana.request(Method::GET, "/api/v1/users/me/export/", None).await.unwrap();
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("10")));
    }
    assert!(!archive(&bob).await.is_empty(), "what is being sent keeps nobody else");
    let nobody = charla_protocol::UserId(Uuid::from_u128(1));
    let making = [nobody, eve_user.user.id].map(|person| server.app.exports.begin(person).unwrap());
    assert_eq!(refusal(bob.export_me().await), (429, ErrorCode::TooManyRequests));
    drop(making);
    assert!(!archive(&bob).await.is_empty());
    assert!(half.bytes().await.unwrap().len() > 1_000_000);
    assert!(!archive(&ana).await.is_empty(), "she has got all of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_an_hour() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = true).await;
    let (ana, _) = server.person("ana").await;
    let head = ana.request(Method::HEAD, "/api/v1/users/me/export/", None).await.unwrap();
    assert_eq!((head.status, head.header("content-type")), (200, Some("application/zip")));
    for _ in 0..5 {
        assert!(!archive(&ana).await.is_empty());
    }
    assert_eq!(refusal(ana.export_me().await), (429, ErrorCode::TooManyRequests));
    let left = std::fs::read_dir(server.db.data_dir()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(
        left.into_iter().all(|name| !name.to_string_lossy().starts_with(".tmp")),
        "no archive stays behind"
    );
}
