//! The promise, kept by the real program: what was acknowledged survives `kill -9`, once, in order; and `kill` is told.
//!
//! `KILL_SEED` chooses the moments of the kills.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

mod support;

use std::time::Duration;

use charla_client::{Backoff, Client, LiveClient, LiveOptions};
use charla_protocol::{
    RoomId,
    rooms::{History, Visibility},
};
use charla_testing::{DatabaseKind, make_group};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::task::JoinSet;

use support::{
    audit::{all_changes, nothing_lost, room_is_as_promised},
    book::{Book, Entry},
    program::Program,
    writers::{Writer, message},
};

const KILLS: usize = 3;
/// Answers between two kills at least, so that each kill hits a server under load.
const BETWEEN: usize = 60;
const PATIENCE: Duration = Duration::from_secs(30);

/// Who writes where.
struct Scene {
    book: Book,
    rooms: [RoomId; 2],
    clients: Vec<Client>,
    live: LiveClient,
    /// Somebody who only reads, and is to see everything.
    reader: LiveClient,
    writers: JoinSet<()>,
}

impl Scene {
    /// Three people in two rooms, each through a door of their own, and a reader.
    async fn begin(program: &Program) -> Self {
        let (ana, _) = program.person("ana").await;
        let (bob, bob_user) = program.person("bob").await;
        let (eva, eva_user) = program.person("eva").await;
        let (leo, leo_user) = program.person("leo").await;
        let people = [&bob_user, &eva_user, &leo_user];
        let group = async || make_group(&ana, Visibility::Private, History::All, &people).await.id;
        let rooms = [group().await, group().await];
        let (live, reader) = (live(&ana, 1), live(&leo, 2));
        live.online(PATIENCE).await.unwrap();
        reader.online(PATIENCE).await.unwrap();
        let book = Book::new();
        let mut writers = JoinSet::new();
        for (at, room) in rooms.into_iter().enumerate() {
            let writer = |client: &Client, number: usize| Writer {
                book: book.clone(),
                client: client.clone(),
                room,
                number: 10 * number + at,
            };
            writers.spawn(writer(&ana, 1).write_live(live.clone()));
            writers.spawn(writer(&bob, 2).write_rest());
            writers.spawn(writer(&bob, 3).write_rest());
            writers.spawn(writer(&eva, 4).write_pipelined());
        }
        Self { book, rooms, clients: vec![ana, bob, eva], live, reader, writers }
    }

    /// Waits for answers, and then for a moment more.
    async fn go_on(&mut self, moment: Duration) {
        tokio::select! {
            () = async {
                self.book.wait_for_more(BETWEEN).await;
                tokio::time::sleep(moment).await;
            } => {}
            Some(ended) = self.writers.join_next() => panic!("a writer gave up: {ended:?}"),
        }
    }

    /// Everything acknowledged up to the kill is there.
    async fn check_after_restart(&self, promised: &[Entry]) {
        for room in self.rooms {
            // Changes that are acknowledged while this is read are no part of `promised`.
            let unchanged: Vec<Entry> = in_room(promised, room);
            let (stored, _) = all_changes(&self.clients[1], room).await;
            nothing_lost(&unchanged, &stored);
        }
    }

    /// Lets the writers finish, and checks all that was promised. How many messages that were.
    async fn end(mut self) -> usize {
        self.book.close();
        while let Some(ended) = tokio::time::timeout(PATIENCE, self.writers.join_next()).await.unwrap() {
            ended.unwrap();
        }
        let promised = self.book.entries();
        for room in self.rooms {
            let promised = in_room(&promised, room);
            let shown = room_is_as_promised(&self.clients[0], room, &promised).await;
            self.repeats_find_the_first(&promised).await;
            // Nobody has changed anything since: what was shown is what the reader has.
            let revision = shown.iter().map(|message| message.revision).max().unwrap_or_default();
            let seen = self
                .reader
                .wait_until(room, |seen| seen.is_current && seen.revision == revision, PATIENCE)
                .await
                .unwrap();
            let seen: Vec<_> = seen
                .messages
                .iter()
                .map(|message| (message.id, message.seq, message.content.clone()))
                .collect();
            let shown: Vec<_> =
                shown.into_iter().map(|message| (message.id, message.seq, message.content)).collect();
            assert!(seen == shown, "the reader sees what the room has");
        }
        promised.len()
    }

    /// A `client_id` that was acknowledged is answered with the same message, through both doors.
    async fn repeats_find_the_first(&self, promised: &[Entry]) {
        for entry in promised.iter().step_by(promised.len() / 12 + 1) {
            let body = message(entry.room, &entry.client_id, "again".to_owned());
            if entry.writer / 10 == 1 {
                let sent = self.live.room(entry.room).send_message(body).await.unwrap();
                assert_eq!(sent.id, entry.id);
            } else {
                let sender = if entry.writer / 10 == 4 { &self.clients[2] } else { &self.clients[1] };
                let made = sender.send_message(&body).await.unwrap();
                assert_eq!((made.value.id, made.is_new), (entry.id, false));
            }
        }
    }
}

fn live(client: &Client, seed: u64) -> LiveClient {
    let backoff = Backoff { first: Duration::from_millis(20), longest: Duration::from_millis(200) };
    // However much was missed, all of it is to be read.
    let options = LiveOptions { seed: Some(seed), too_far: i64::MAX, backoff, ..LiveOptions::default() };
    LiveClient::start(client.clone(), options)
}

fn in_room(entries: &[Entry], room: RoomId) -> Vec<Entry> {
    entries.iter().filter(|entry| entry.room == room).cloned().collect()
}

async fn survives_kills(kind: DatabaseKind) {
    let seed = std::env::var("KILL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2026);
    let mut random = StdRng::seed_from_u64(seed);
    let mut program = Program::start(kind).await;
    let mut scene = Scene::begin(&program).await;
    for _ in 0..KILLS {
        scene.go_on(Duration::from_millis(random.random_range(0..500))).await;
        program.kill().await;
        let promised = scene.book.entries();
        program.restart().await;
        scene.check_after_restart(&promised).await;
    }
    scene.go_on(Duration::ZERO).await;
    let acked = scene.end().await;
    println!("{kind:?}, seed {seed}: {KILLS} kills, {acked} messages acknowledged, none lost, none doubled");
}

async fn ends_in_good_order(kind: DatabaseKind) {
    let mut program = Program::start(kind).await;
    let mut scene = Scene::begin(&program).await;
    scene.go_on(Duration::from_millis(100)).await;
    let (status, took) = program.terminate().await;
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    let promised = scene.book.entries();
    program.restart().await;
    assert!(scene.book.close_codes().contains(&Some(1012)), "{:?}", scene.book.close_codes());
    scene.check_after_restart(&promised).await;
    scene.go_on(Duration::ZERO).await;
    let acked = scene.end().await;
    println!("{kind:?}: down within {took:?}, {acked} messages acknowledged, none lost, none doubled");
}

macro_rules! on_each_database {
    ($($name:ident: $run:ident on $kind:ident;)+) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            $run(DatabaseKind::$kind).await;
        }
    )+};
}

on_each_database! {
    what_sqlite_acknowledged_survives_kill_9: survives_kills on Sqlite;
    what_postgres_acknowledged_survives_kill_9: survives_kills on Postgres;
    what_mariadb_acknowledged_survives_kill_9: survives_kills on MariaDb;
    sigterm_ends_in_good_order_on_sqlite: ends_in_good_order on Sqlite;
    sigterm_ends_in_good_order_on_postgres: ends_in_good_order on Postgres;
    sigterm_ends_in_good_order_on_mariadb: ends_in_good_order on MariaDb;
}
