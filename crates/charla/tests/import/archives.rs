//! `charla import slack` and `charla import mattermost`: small archives, brought in and looked at as people see them.

use std::{io::Write, path::Path, sync::Arc};

use charla_client::{Client, Place};
use charla_protocol::{
    members::Role,
    messages::Message,
    rooms::{Room, RoomType, Visibility},
};
use charla_testing::{DatabaseKind, TestDb, TestServer};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::numbers::check_numbers;
use crate::home::Home;

const PASSWORD: &str = "correct horse battery";
/// 2024-05-01T10:00:00Z
const BEGIN: i64 = 1_714_557_600;

/// A Charla into which an archive is brought.
struct Target {
    home: Home,
    db: Arc<TestDb>,
}

impl Target {
    async fn new(kind: DatabaseKind) -> Self {
        Self { home: Home::new(), db: Arc::new(TestDb::create(kind).await) }
    }

    async fn run(&self, line: &str) -> String {
        let run = self.home.charla(line).env("DATABASE_URL", &self.db.url);
        run.env("STORAGE_URL", &self.db.storage_url()).run().await.succeeded()
    }

    /// Somebody who chooses a password, as the mail would let them.
    async fn person(&self, server: &TestServer, name: &str) -> Client {
        let line = format!("changepassword {name} --password-stdin");
        let run = self.home.charla(&line).env("DATABASE_URL", &self.db.url).input(PASSWORD);
        run.run().await.succeeded();
        let client = server.anonymous();
        client.login(name, PASSWORD).await.unwrap();
        client
    }

    async fn serve(&self) -> TestServer {
        let address = ([127, 0, 0, 1], 0).into();
        TestServer::start_on(self.db.clone(), Arc::default(), Arc::new(|_| {}), address).await
    }
}

fn pack(path: &Path, parts: &[(&str, Vec<u8>)]) {
    let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

async fn room(client: &Client, name: Option<&str>) -> Room {
    let rooms = client.rooms().await.unwrap().results;
    rooms.into_iter().find(|room| room.name.as_deref() == name).unwrap()
}

async fn messages(client: &Client, room: &Room) -> Vec<Message> {
    let page = client.room_messages(room.id, Place::Newest, Some(200)).await.unwrap();
    check_numbers(&page.results, room);
    page.results
}

fn texts(messages: &[Message]) -> Vec<(&str, &str)> {
    messages.iter().map(|message| (message.sender.username.as_str(), message.content.as_str())).collect()
}

fn slack(path: &Path) {
    let ts = |n: i64| format!("{}.00{n:02}00", BEGIN + n);
    let users = json!([
        {"id": "U1", "name": "ana", "is_admin": true, "profile": {"email": "ana@example.org", "display_name": "Ana"}},
        {"id": "U2", "name": "bob", "profile": {"email": "bob@example.org", "real_name": "Bob B."}},
        {"id": "U3", "name": "gone", "deleted": true, "profile": {}},
        {"id": "B1", "name": "a bot", "is_bot": true, "profile": {}},
    ]);
    let channels = json!([{"id": "C1", "name": "general", "created": BEGIN, "creator": "U2", "members": ["U1", "U2", "U3", "U9"],
        "topic": {"value": "All & nothing"}}]);
    let dms =
        json!([{"id": "D1", "created": BEGIN, "members": ["U1", "U2"]}, {"id": "D2", "members": ["U1"]}]);
    let first = json!([
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "joined", "ts": ts(0)},
        {"type": "message", "user": "U1", "text": "*hi* <@U2>, see <https://a.example|this> &amp; <#C1>", "ts": ts(1),
            "thread_ts": ts(1), "reactions": [{"name": "+1", "users": ["U2", "U3"]}, {"name": "our-logo", "users": ["U2"]}]},
        {"type": "message", "user": "U2", "text": "an answer", "ts": ts(2), "thread_ts": ts(1), "edited": {"ts": ts(9)}},
        {"type": "message", "user": "U3", "text": "", "ts": ts(3),
            "files": [{"id": "F1", "name": "plan.txt"}, {"id": "F2", "name": "far.txt", "permalink": "https://slack.example/far.txt"}]},
    ]);
    let second = json!([
        {"type": "message", "subtype": "bot_message", "bot_id": "B7", "text": "built", "ts": ts(80_000)},
        {"type": "message", "subtype": "tombstone", "user": "U2", "text": "deleted", "ts": ts(80_001)},
    ]);
    let direct = json!([{"type": "message", "user": "U2", "text": "psst", "ts": ts(5)}]);
    pack(
        path,
        &[
            ("users.json", bytes(&users)),
            ("channels.json", bytes(&channels)),
            ("dms.json", bytes(&dms)),
            // Not in the order of days.
            ("general/2024-05-02.json", bytes(&second)),
            ("general/2024-05-01.json", bytes(&first)),
            ("general/attachments/F1-plan.txt", b"the plan".to_vec()),
            ("D1/2024-05-01.json", bytes(&direct)),
        ],
    );
}

async fn slack_comes(kind: DatabaseKind) {
    let target = Target::new(kind).await;
    slack(&target.home.path().join("slack.zip"));
    let dry = target.run("import slack slack.zip --dry-run").await;
    let report = target.run("import slack slack.zip").await;
    for line in
        ["member U9 of room C1: there is no such person", "notices channel_join: 1", "\"far.txt\" of message"]
    {
        assert!(report.contains(line) && dry.contains(line), "{line}: {report}");
    }
    let server = target.serve().await;
    let bob = target.person(&server, "bob").await;

    let general = room(&bob, Some("general")).await;
    assert_eq!((general.topic.as_str(), general.visibility), ("All & nothing", Visibility::Public));
    assert_eq!((general.my_role, general.participant_count), (Some(Role::Owner), 2));
    assert_eq!(general.unread_count, Some(0), "what was read there nobody knows");
    let said = messages(&bob, &general).await;
    assert_eq!(
        texts(&said),
        [
            ("ana", "**hi** @bob, see [this](https://a.example) & #general"),
            ("bob", "an answer"),
            ("gone", "[far.txt](https://slack.example/far.txt)"),
            ("former-user", "built"),
            ("bob", ""),
        ]
    );
    assert_eq!(said[0].reactions.len(), 1);
    assert_eq!((said[0].reactions[0].emoji.as_str(), said[0].reactions[0].count), ("👍", 2));
    assert_eq!(said[0].mentions.len(), 1);
    assert_eq!(said[1].reply_to.as_ref().unwrap().id, said[0].id);
    assert!(said[1].is_edited && said[4].is_deleted);
    assert_eq!(said[2].attachments[0].name, "plan.txt");
    let direct = room(&bob, None).await;
    assert_eq!(direct.room_type, RoomType::Direct);
    assert_eq!(texts(&messages(&bob, &direct).await), [("bob", "psst")]);

    let again = target.run("import slack slack.zip").await;
    assert!(again.contains(&format!("{:16} {:>10} {:>10}", "message", 0, 6)), "{again}");
    assert_eq!(messages(&bob, &room(&bob, Some("general")).await).await, said);
}

fn mattermost() -> String {
    let ms = |n: i64| BEGIN * 1000 + n;
    let lines = [
        json!({"type": "version", "version": 1}),
        json!({"type": "team", "team": {"name": "club", "display_name": "Club", "type": "O"}}),
        json!({"type": "channel", "channel": {"team": "club", "name": "town", "display_name": "Town", "type": "P", "header": "Here"}}),
        json!({"type": "user", "user": {"username": "ana", "email": "ana@example.org", "first_name": "Ana", "last_name": "A.",
            "roles": "system_admin system_user", "teams": [{"name": "club", "channels":
                [{"name": "town", "roles": "channel_user channel_admin", "last_viewed_at": ms(4)}]}]}}),
        json!({"type": "user", "user": {"username": "bob", "email": "bob@example.org", "teams": [{"name": "club", "channels":
                [{"name": "town", "roles": "channel_user", "last_viewed_at": ms(2)}]}]}}),
        // Not in the order of time.
        json!({"type": "post", "post": {"team": "club", "channel": "town", "user": "bob", "message": "third", "create_at": ms(3)}}),
        json!({"type": "post", "post": {"team": "club", "channel": "town", "user": "ana", "message": "**first**", "create_at": ms(1),
            "reactions": [{"user": "bob", "emoji_name": "heart", "create_at": ms(7)}],
            "replies": [{"user": "bob", "message": "an answer", "create_at": ms(5), "edit_at": ms(6)}],
            "attachments": [{"path": "files/plan.txt"}]}}),
        json!({"type": "post", "post": {"team": "club", "channel": "town", "user": "ana", "message": "second", "create_at": ms(2)}}),
        json!({"type": "post", "post": {"team": "club", "channel": "town", "user": "ana", "message": "ana joined",
            "type": "system_join_channel", "create_at": ms(0)}}),
        json!({"type": "direct_channel", "direct_channel": {"members": ["bob", "ana"]}}),
        json!({"type": "direct_post", "direct_post": {"channel_members": ["ana", "bob"], "user": "ana", "message": "psst", "create_at": ms(9)}}),
    ];
    lines.map(|line| line.to_string()).join("\n")
}

async fn mattermost_comes(kind: DatabaseKind) {
    let target = Target::new(kind).await;
    pack(
        &target.home.path().join("export.zip"),
        &[("import.jsonl", mattermost().into_bytes()), ("data/files/plan.txt", b"the plan".to_vec())],
    );
    let report = target.run("import mattermost export.zip --administrators").await;
    assert!(report.contains("notices: 1"), "{report}");
    let server = target.serve().await;
    let bob = target.person(&server, "bob").await;
    let ana = target.person(&server, "ana").await;
    assert!(ana.me().await.unwrap().is_superuser);

    let town = room(&bob, Some("Town")).await;
    assert_eq!((town.topic.as_str(), town.visibility), ("Here", Visibility::Private));
    assert_eq!(room(&ana, Some("Town")).await.my_role, Some(Role::Owner));
    let said = messages(&bob, &town).await;
    assert_eq!(
        texts(&said),
        [("ana", "**first**"), ("ana", "second"), ("bob", "third"), ("bob", "an answer")]
    );
    assert_eq!(said[0].attachments[0].name, "plan.txt");
    assert_eq!(said[0].reactions[0].emoji, "❤️");
    assert_eq!(said[3].reply_to.as_ref().unwrap().id, said[0].id);
    assert!(said[3].is_edited);
    assert_eq!(town.unread_count, Some(0), "the others are bob's own");
    assert_eq!(
        room(&ana, Some("Town")).await.unread_count,
        Some(1),
        "ana has not come back since the answer"
    );
    assert_eq!(texts(&messages(&bob, &room(&bob, None).await).await), [("ana", "psst")]);

    let again = target.run("import mattermost export.zip").await;
    assert!(again.contains(&format!("{:16} {:>10} {:>10}", "message", 0, 5)), "{again}");
}

#[tokio::test]
async fn what_is_no_archive_is_refused() {
    let home = Home::new();
    home.write("broken.jsonl", "{\"type\": \"version\"}\n{no json}\n");
    home.write("other.jsonl", "{\"type\": \"user\"}\n");
    home.write("text.zip", "no archive");
    pack(&home.path().join("empty.zip"), &[("readme.txt", b"nothing".to_vec())]);
    for (line, expected) in [
        ("import slack text.zip", "text.zip is no ZIP archive"),
        ("import slack empty.zip", "there is no users.json in it"),
        ("import slack missing.zip", "missing.zip can't be opened"),
        ("import mattermost empty.zip", "there is no .jsonl file in it"),
        ("import mattermost broken.jsonl", "line 2"),
        ("import mattermost other.jsonl", "it says no version"),
        ("import django --from sqlite://missing.db", "there is no file missing.db"),
        ("import django --from oracle://x", "write sqlite://path"),
    ] {
        let ran = home.run(line).await;
        assert_eq!(ran.code, Some(1), "{line}: {ran:?}");
        assert!(ran.err.contains(expected), "{line}: {ran:?}");
        assert!(!home.path().join("data").exists(), "{line}: nothing is made of it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slack_on_sqlite() {
    slack_comes(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slack_on_postgres() {
    slack_comes(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slack_on_mariadb() {
    slack_comes(DatabaseKind::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mattermost_on_sqlite() {
    mattermost_comes(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mattermost_on_postgres() {
    mattermost_comes(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mattermost_on_mariadb() {
    mattermost_comes(DatabaseKind::MariaDb).await;
}
