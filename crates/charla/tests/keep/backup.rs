//! A backup of a server that is being written to, and what comes of it in another database.

use std::os::unix::fs::PermissionsExt;

use charla_client::Client;
use charla_protocol::{
    List, RoomId,
    messages::{Message, SendMessage},
    rooms::{History, Visibility},
};
use charla_testing::{DatabaseKind, PASSWORD, make_group, s3_url, sign_up};
use futures_util::TryStreamExt;
use tokio::sync::watch;

use super::place::Place;

/// Acknowledged messages before the backup begins, and after it has ended.
const BEFORE: usize = 30;

fn text(room: RoomId, content: String) -> SendMessage {
    SendMessage {
        room,
        content,
        message_type: Default::default(),
        reply_to_id: None,
        attachment_ids: vec![],
        client_id: None,
    }
}

/// Sends one message after the other, as long as somebody listens to what was acknowledged.
async fn write_on(client: Client, room: RoomId, acknowledged: watch::Sender<Vec<Message>>) {
    for number in 0.. {
        let sent = client.send_message(&text(room, format!("number {number} 🦀"))).await.unwrap();
        acknowledged.send_modify(|all| all.push(sent.value));
        if acknowledged.is_closed() {
            return;
        }
    }
}

/// All messages of a room, the oldest first.
async fn timeline(client: &Client, room: RoomId) -> Vec<Message> {
    let mut page: List<Message> = client.messages(Some(room), Some(200)).await.unwrap();
    let mut all = page.results;
    while let Some(next) = page.next {
        page = client.page(&next).await.unwrap();
        all.append(&mut page.results);
    }
    all.reverse();
    all
}

async fn holds_what_was_acknowledged(from: Place, to: Place) {
    let server = from.charla("serve").serve().await;
    let ana = server.client();
    let me = sign_up(&ana, "ana").await;
    let room = make_group(&ana, Visibility::Private, History::All, &[]).await.id;
    let bytes: Vec<u8> =
        (0..6 * 1024 * 1024_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let files =
        [ana.upload("large.bin", bytes.clone()).await.unwrap(), ana.upload("a.txt", "plain").await.unwrap()];
    let with_files = SendMessage {
        attachment_ids: files.iter().map(|file| file.id).collect(),
        ..text(room, String::new())
    };
    ana.send_message(&with_files).await.unwrap();

    let (acknowledged, mut heard) = watch::channel(Vec::new());
    let writing = tokio::spawn(write_on(ana.clone(), room, acknowledged));
    let before = heard.wait_for(|all| all.len() >= BEFORE).await.unwrap().clone();
    let path = from.path("whole.zip");
    let printed = from.run(&format!("backup {path}")).await.succeeded();
    assert!(printed.starts_with(&format!("{path}: ")) && printed.contains(" and 2 files in "), "{printed}");
    let at_the_end = heard.borrow().len();
    let after = heard.wait_for(|all| all.len() > at_the_end).await.unwrap().clone();
    drop(heard);
    writing.await.unwrap();
    let tokens = ana.tokens();
    drop(server);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(from.run(&format!("backup {path}")).await.failed().contains("is there already"));

    to.run(&format!("restore {path} --dry-run")).await.succeeded();
    let printed = to.run(&format!("restore {path}")).await.succeeded();
    assert!(printed.starts_with("Restored: ") && printed.ends_with(" rows and 2 files.\n"), "{printed}");
    let server = to.charla("serve").serve().await;
    let ana = server.client();
    // The secret key has come along: who was signed in still is.
    ana.set_tokens(tokens);
    assert_eq!(ana.me().await.unwrap().user.id, me.user.id);
    let found = timeline(&ana, room).await;
    let texts: Vec<&Message> = found.iter().filter(|message| message.content.starts_with("number")).collect();
    assert!(
        texts.len() >= before.len() && texts.len() <= after.len() + 1,
        "{} of {}",
        texts.len(),
        after.len()
    );
    for (found, sent) in texts.iter().zip(&after) {
        assert_eq!((found.id, found.seq, &found.content), (sent.id, sent.seq, &sent.content));
    }
    for (file, content) in files.iter().zip([&bytes[..], b"plain"]) {
        let chunks = ana.download(&file.url).await.unwrap();
        let body = chunks.map_ok(|chunk| chunk.to_vec()).try_concat().await.unwrap();
        assert!(body == content, "{}", file.name);
    }
    let last = found.last().unwrap().seq;
    let next = ana.send_message(&text(room, "it goes on".to_owned())).await.unwrap();
    assert_eq!(next.value.seq, last + 1);
}

async fn place(kind: DatabaseKind, storage: String) -> Place {
    Place { storage, ..Place::new(kind).await }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_postgres() {
    let (from, to) = (Place::new(DatabaseKind::Sqlite).await, Place::new(DatabaseKind::Postgres).await);
    holds_what_was_acknowledged(from, to).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgres_to_mariadb_and_from_a_folder_to_s3() {
    let (from, to) = (Place::new(DatabaseKind::Postgres).await, place(DatabaseKind::MariaDb, s3_url()).await);
    holds_what_was_acknowledged(from, to).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_mariadb_to_sqlite_and_from_s3_to_a_folder() {
    let (from, to) = (place(DatabaseKind::MariaDb, s3_url()).await, Place::new(DatabaseKind::Sqlite).await);
    holds_what_was_acknowledged(from, to).await;
}

/// A folder gets a file that is named after the time, and an unused key of the backup is told of.
#[tokio::test]
async fn into_a_folder_and_under_another_key() {
    let from = Place::new(DatabaseKind::Sqlite).await;
    from.charla("createsuperuser --username root --password-stdin").input(PASSWORD).run().await.succeeded();
    let folder = from.path("backups");
    std::fs::create_dir(&folder).unwrap();
    let printed = from.run(&format!("backup {folder}")).await.succeeded();
    let path = printed.split_once(": ").unwrap().0;
    assert!(path.starts_with(&format!("{folder}/charla-backup-2")) && path.ends_with("Z.zip"), "{path}");
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");

    let to = Place::new(DatabaseKind::Sqlite).await;
    let key = "another key, which is long enough for one";
    let printed = to.charla(&format!("restore {path}")).env("SECRET_KEY", key).run().await.succeeded();
    assert!(printed.contains("everybody has to sign in anew"), "{printed}");
}
