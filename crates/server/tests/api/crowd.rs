//! Many sockets that come at the same moment, as after a restart.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use charla_client::{Client, Door};
use charla_protocol::rooms::Visibility;
use charla_services::{Passage, Weather};
use charla_testing::{DatabaseKind, TestDb};
use tokio::{sync::Notify, task::JoinSet};

use crate::support::behind_a_proxy;

/// Many more than there are connections to the database, and than come in with one set of statements.
const CROWD: usize = 600;
/// Makes each question to it long enough for a crowd to stand in line.
const FAR_AWAY: Weather =
    Weather { passage: Passage::Open, latency: Duration::from_millis(10), bytes_per_s: None };

#[derive(Debug, Default)]
struct Greeted {
    count: AtomicUsize,
    first: Notify,
}

/// Comes in, is greeted with the one room, and stays until all are there.
async fn come_in(client: Client, greeted: Arc<Greeted>) -> charla_client::Socket {
    let mut socket = client.socket(Door::All).await.unwrap();
    assert_eq!(socket.hello().await.unwrap().rooms.len(), 1);
    greeted.count.fetch_add(1, Ordering::SeqCst);
    greeted.first.notify_one();
    socket
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_keeps_nobody_else_from_the_database() {
    let (server, proxy) = behind_a_proxy(Arc::new(TestDb::create(DatabaseKind::Postgres).await)).await;
    let (ana, _) = server.person("ana").await;
    server.group(&ana, Visibility::Private, &[]).await;
    proxy.set(FAR_AWAY);
    let greeted = Arc::new(Greeted::default());
    let mut crowd: JoinSet<_> = (0..CROWD).map(|_| come_in(ana.clone(), greeted.clone())).collect();
    greeted.first.notified().await;
    assert_eq!(ana.rooms().await.unwrap().results.len(), 1);
    let before_the_page = greeted.count.load(Ordering::SeqCst);
    assert!(before_the_page < CROWD * 3 / 4, "the page came after {before_the_page} of {CROWD}");
    let mut sockets = Vec::new();
    while let Some(socket) = crowd.join_next().await {
        sockets.push(socket.unwrap());
    }
    assert_eq!((sockets.len(), greeted.count.load(Ordering::SeqCst)), (CROWD, CROWD));
}
