//! `charla import django`: an application that Django itself has made, brought in, is what it was there. Each database as the source and
//! as the target.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use charla_client::{Client, MessageSearch, Place};
use charla_protocol::{
    friends::RequestDirection,
    members::Role,
    messages::{Message, MessageType},
    rooms::{Room, RoomType, Visibility},
    users::Me,
};
use charla_testing::{DatabaseKind, TestDb, TestServer};
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::Deserialize;
use tokio::process::Command;

use super::numbers::check_numbers;
use crate::home::Home;

/// What the application has, as it says itself.
#[derive(Debug, Deserialize)]
struct There {
    passwords: BTreeMap<String, String>,
    rooms: BTreeMap<String, Vec<Said>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Said {
    content: String,
    at: i64,
    deleted: bool,
}

/// An application, and a Charla that it moves to.
struct Move {
    home: Home,
    from: TestDb,
    to: Arc<TestDb>,
}

impl Move {
    async fn new(kind: DatabaseKind) -> Self {
        Self { home: Home::new(), from: TestDb::create(kind).await, to: Arc::new(TestDb::create(kind).await) }
    }

    /// Has Django make something there.
    async fn make(&self, step: &str) -> There {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let target =
            std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("../../target"), PathBuf::from);
        let install = Command::new(root.join("../../scripts/install-django")).status().await.unwrap();
        assert!(install.success());
        let output = Command::new(target.join("django/bin/python"))
            .arg(root.join("tests/import/application/make.py"))
            .args([&self.from.url, self.media().to_str().unwrap(), step])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn media(&self) -> PathBuf {
        self.home.path().join("media-there")
    }

    async fn import(&self, more: &str) -> String {
        let (from, media) = (&self.from.url, self.media());
        let line = format!("import django --from {from} --media {} {more}", media.display());
        let run = self.home.charla(&line).env("DATABASE_URL", &self.to.url);
        run.env("STORAGE_URL", &self.to.storage_url()).run().await.succeeded()
    }

    async fn serve(&self) -> TestServer {
        let address = ([127, 0, 0, 1], 0).into();
        TestServer::start_on(self.to.clone(), Arc::default(), Arc::new(|_| {}), address).await
    }
}

async fn it_is_what_it_was(kind: DatabaseKind) {
    let moving = Move::new(kind).await;
    let there = moving.make("begin").await;

    let told = moving.import("--dry-run").await;
    assert!(told.starts_with("Nothing is written"), "{told}");
    assert_eq!(count(&moving.to, "users").await, 0);
    let report = moving.import("").await;
    assert_eq!(tallies(&told), tallies(&report), "a dry run says what would come");
    check_report(&report);

    let server = moving.serve().await;
    check_people(&server, &there).await;
    let (first, _) = sign_in(&server, "person00", &there).await;
    check_rooms(&first, &there).await;
    check_reading(&first).await;
    check_tables(&moving.to).await;

    let before = rows(&moving.to).await;
    let again = moving.import("").await;
    assert!(tallies(&again).values().all(|tally| tally[0] == 0), "{again}");
    assert_eq!(rows(&moving.to).await, before, "a second run changes nothing");

    // What people have ended here stays so, and what is new there comes.
    let left = room(&first, "Group 1 ñ").await;
    first.leave_room(left.id).await.unwrap();
    let friend = first.friends().await.unwrap().results[0].id;
    first.end_friendship(friend).await.unwrap();
    let more = moving.make("more").await;
    let report = moving.import("").await;
    let brought: BTreeMap<&str, u64> = tallies(&report)
        .into_iter()
        .filter(|(_, tally)| tally[0] > 0)
        .map(|(kind, tally)| (kind, tally[0]))
        .collect();
    assert_eq!(
        brought,
        [("friend request", 1), ("member", 1), ("message", 3), ("person", 1)].into(),
        "{report}"
    );
    check_more(&first, &more).await;
    check_tables(&moving.to).await;
    assert!(first.friends().await.unwrap().results.is_empty());
    assert!(rooms(&first).await.iter().all(|room| room.id != left.id));
}

/// By kind: brought, known, left out.
fn tallies(report: &str) -> BTreeMap<&str, [u64; 3]> {
    let lines = report.lines().filter_map(|line| {
        let (kind, numbers) = line.split_at_checked(16)?;
        let numbers: Vec<u64> = numbers.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
        Some((kind.trim(), numbers.try_into().ok()?))
    });
    lines.collect()
}

fn check_report(report: &str) {
    let tallies = tallies(report);
    // One more stands for who was forgotten.
    assert_eq!(tallies["person"], [61, 0, 0], "{report}");
    assert_eq!(tallies["room"], [15, 0, 1], "{report}");
    // A long one becomes two in each group, and an empty one is left out.
    assert_eq!(tallies["message"], [12 * 250 + 100 + 400 + 120, 0, 12], "{report}");
    assert_eq!(tallies["file"], [12, 0, 12], "{report}");
    assert_eq!(tallies["friendship"], [2, 0, 0], "{report}");
    assert_eq!(tallies["friend request"], [1, 0, 0], "{report}");
    assert_eq!(tallies["block"], [1, 0, 0], "{report}");
    for line in [
        "username \"with space/and slash\" is \"with_space_and_slash\" here",
        "username \"room\" is \"room_\" here",
        "is \"person07@example.org-2\" here",
        "the e-mail address is taken, and is left out",
        "brings no usable password, and chooses a new one by mail",
        "is no administrator here",
        "it says nothing",
        "\"chat_files/gone.txt\"",
        "nobody is in it",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }
}

/// Passwords of each kind are good, and once they were used they are hashed as all others.
async fn check_people(server: &TestServer, there: &There) {
    for (n, begin) in ["argon2$", "bcrypt_sha256$", "bcrypt$", "scrypt$", "pbkdf2_sha256$", "pbkdf2_sha1$"]
        .into_iter()
        .enumerate()
    {
        let name = format!("person0{n}");
        assert!(hash(&server.db, &name).await.starts_with(begin), "{name}");
        let wrong = server.anonymous().login(&name, "not the password").await.unwrap_err();
        assert_eq!(wrong.status(), Some(401));
        let (_, me) = sign_in(server, &name, there).await;
        assert!(hash(&server.db, &name).await.starts_with("$argon2id$v=19$"), "{name}");
        assert_eq!(me.email.as_deref(), Some(format!("{name}@example.org").as_str()));
        sign_in(server, &name, there).await;
    }
    let (_, me) = sign_in(server, "person00", there).await;
    assert_eq!(me.user.display_name, "José Ñandú");
    let (_, me) = sign_in(server, "person02", there).await;
    assert_eq!(me.phone_number.as_deref(), Some("+34600123456"));
    let (_, me) = sign_in(server, "person01", there).await;
    assert!(!me.is_superuser && !me.is_staff);
    let shut_out = server.anonymous().login("person54", "everybody has this one").await.unwrap_err();
    assert_eq!(shut_out.status(), Some(401));
}

async fn check_rooms(first: &Client, there: &There) {
    let rooms = rooms(first).await;
    for (name, said) in &there.rooms {
        let Some(room) = rooms.iter().find(|room| room.name.as_deref().unwrap_or("direct") == name) else {
            assert!(["Nobody", "inbox"].contains(&name.as_str()), "{name}");
            continue;
        };
        let (expected, is_group) = (expected(said), name.starts_with("Group"));
        let messages = all_messages(first, room).await;
        let found: Vec<Said> = messages.iter().map(as_said).collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(room.room_type, if name == "direct" { RoomType::Direct } else { RoomType::Group });
        assert_eq!(room.visibility, if name == "Global" { Visibility::Public } else { Visibility::Private });
        if is_group {
            check_group(first, room, &messages).await;
        }
    }
    assert_eq!(first.friends().await.unwrap().results[0].username, "person01");
    let asked = first.friend_requests(RequestDirection::Incoming).await.unwrap();
    assert_eq!(asked.results[0].sender.username, "person02");
}

async fn check_group(first: &Client, room: &Room, messages: &[Message]) {
    let members = first.members(room.id).await.unwrap();
    let owners: Vec<&str> = members
        .results
        .iter()
        .filter(|member| member.role == Role::Owner)
        .map(|member| member.user.username.as_str())
        .collect();
    assert_eq!(owners, ["person01"]);
    let mentioning = messages.iter().find(|message| message.content == "hi @person00").unwrap();
    assert!(mentioning.content_html.contains("class=\"mention"), "{}", mentioning.content_html);
    assert!(messages.iter().any(|message| message.sender.username == "former-user"));
    assert!(messages.iter().filter(|message| message.reply_to.is_some()).count() > 20);
    assert_eq!(messages.iter().filter(|message| message.is_edited).count(), 1);
    let file = messages.iter().find(|message| message.message_type == MessageType::File).unwrap();
    assert_eq!(file.attachments[0].name, "notes.txt");
    let download = first.download(&file.attachments[0].url).await.unwrap();
    let bytes: Vec<u8> = download.map_ok(|piece| piece.to_vec()).try_concat().await.unwrap();
    assert_eq!(bytes, b"notes of the meeting\n");
}

/// The first has read up to the last message that is marked as read by them, and all of where nobody noted it.
async fn check_reading(first: &Client) {
    let group = room(first, "Group 0 ñ").await;
    let messages = all_messages(first, &group).await;
    let is_others = |message: &&Message| message.sender.username != "person00";
    let marked = (0..200).step_by(20).rev().find_map(|n| {
        let ending = format!(" {n}");
        messages.iter().filter(is_others).find(|message| message.content.ends_with(&ending))
    });
    let marked = marked.unwrap();
    assert_eq!(first.message_reads(marked.id).await.unwrap().results[0].user.username, "person00");
    let unread = messages.iter().filter(is_others).filter(|message| message.seq > marked.seq);
    assert_eq!(group.unread_count, Some(unread.count() as u64));
    assert_eq!(room(first, "Global").await.unread_count, Some(0));
    let found = first.search_messages(&MessageSearch::of("\"hi @person00\"")).await.unwrap();
    assert_eq!(found.results.len(), 12);
}

/// What came later stands at the end, and answers what it answered.
async fn check_more(first: &Client, more: &There) {
    let group = room(first, "Group 0 ñ").await;
    let messages = all_messages(first, &group).await;
    let found: Vec<Said> = messages.iter().map(as_said).collect();
    assert_eq!(found, expected(&more.rooms["Group 0 ñ"]));
    let last = messages.last().unwrap();
    assert_eq!((last.content.as_str(), last.sender.username.as_str()), ("late 2", "latecomer"));
    assert_eq!(last.reply_to.as_ref().unwrap().id, messages[0].id);
}

/// What becomes of what was said there.
fn expected(said: &[Said]) -> Vec<Said> {
    let mut expected = Vec::new();
    for said in said {
        let said =
            Said { content: if said.deleted { String::new() } else { said.content.clone() }, ..said.clone() };
        let characters: Vec<char> = said.content.chars().collect();
        if !said.content.is_empty() && said.content.trim().is_empty() {
            continue;
        }
        for part in characters.chunks(10_000) {
            expected.push(Said { content: part.iter().collect(), ..said.clone() });
        }
        if characters.is_empty() {
            expected.push(said);
        }
    }
    expected
}

fn as_said(message: &Message) -> Said {
    // A file that was not there is named behind what was said with it.
    let content = message.content.strip_suffix("\n\n`gone.txt`").unwrap_or(&message.content);
    Said { content: content.to_owned(), at: message.created_at.millis(), deleted: message.is_deleted }
}

async fn sign_in(server: &TestServer, name: &str, there: &There) -> (Client, Me) {
    let client = server.anonymous();
    let me = client
        .login(name, &there.passwords[name])
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .user;
    (client, me)
}

async fn rooms(client: &Client) -> Vec<Room> {
    client.rooms().await.unwrap().results
}

async fn room(client: &Client, name: &str) -> Room {
    rooms(client).await.into_iter().find(|room| room.name.as_deref() == Some(name)).unwrap()
}

/// The whole timeline, oldest first, in which no number is missing.
async fn all_messages(client: &Client, room: &Room) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    loop {
        let place = all.first().map_or(Place::Newest, |first: &Message| Place::Before(first.id));
        let page = client.room_messages(room.id, place, Some(200)).await.unwrap();
        if page.results.is_empty() {
            check_numbers(&all, room);
            return all;
        }
        all.splice(0..0, page.results);
    }
}

async fn query(db: &TestDb, sql: &str) -> Vec<Vec<Option<String>>> {
    let connection = db.connect().await;
    let backend = match db.kind {
        DatabaseKind::Sqlite => DbBackend::Sqlite,
        DatabaseKind::Postgres => DbBackend::Postgres,
        DatabaseKind::MariaDb => DbBackend::MySql,
    };
    let text = if backend == DbBackend::MySql { "CHAR" } else { "TEXT" };
    let sql = sql.replace("text(", "CAST(").replace(" as-text)", &format!(" AS {text})"));
    let found = connection.read().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let row = |row: &sea_orm::QueryResult| {
        (0..row.column_names().len()).map(|at| row.try_get_by_index(at).unwrap()).collect()
    };
    let rows = found.iter().map(row).collect();
    connection.close().await.unwrap();
    rows
}

async fn count(db: &TestDb, table: &str) -> u64 {
    let rows = query(db, &format!("SELECT text(COUNT(*) as-text) FROM {table}")).await;
    rows[0][0].as_deref().unwrap().parse().unwrap()
}

async fn hash(db: &TestDb, name: &str) -> String {
    let rows = query(db, &format!("SELECT password_hash FROM users WHERE username_key = '{name}'")).await;
    rows[0][0].clone().unwrap()
}

/// How many rows there are, and how far each room and each reader is.
async fn rows(db: &TestDb) -> BTreeSet<Vec<Option<String>>> {
    let mut all = BTreeSet::new();
    for table in ["users", "rooms", "room_members", "messages", "read_steps", "mentions", "files", "imported"]
    {
        all.insert(vec![Some(table.to_owned()), Some(count(db, table).await.to_string())]);
    }
    let rooms =
        "SELECT slug, text(revision as-text), text(last_seq as-text), text(member_count as-text) FROM rooms";
    all.extend(query(db, rooms).await);
    let readers = "SELECT text(joined_seq as-text), text(last_read_seq as-text), text(COUNT(*) as-text) \
                   FROM room_members GROUP BY joined_seq, last_read_seq";
    all.extend(query(db, readers).await);
    all
}

/// Each room has as many messages, with and without reactions, as its revision says, and as many members as it says.
async fn check_tables(db: &TestDb) {
    let wrong = "SELECT slug FROM rooms WHERE \
                 revision <> (SELECT COUNT(*) FROM messages WHERE room_id = rooms.id) \
                 + (SELECT COUNT(*) FROM messages WHERE room_id = rooms.id AND revision > seq) \
                 OR member_count <> (SELECT COUNT(*) FROM room_members WHERE room_id = rooms.id)";
    let rows = query(db, wrong).await;
    assert!(rows.is_empty(), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_sqlite() {
    it_is_what_it_was(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgres_to_postgres() {
    it_is_what_it_was(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_mariadb_to_mariadb() {
    it_is_what_it_was(DatabaseKind::MariaDb).await;
}
