//! What a restart must not change.

use std::time::Duration;

use charla_client::{Door, LiveClient, LiveOptions, Place};
use charla_protocol::rooms::Visibility;
use charla_testing::{DatabaseKind, TestServer, on_each_database};

use crate::support::{open, say, wait_for_close};

const PATIENCE: Duration = Duration::from_secs(60);

on_each_database! {
    async fn sockets_are_told_and_live_clients_come_back_with_nothing_missing(server: TestServer) {
        let mut server = server;
        let (ana, _) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        let room = server.group(&ana, Visibility::Private, &[&bob_user]).await.id;
        let live = LiveClient::start(bob.clone(), LiveOptions { seed: Some(1), ..LiveOptions::default() });
        live.online(PATIENCE).await.unwrap();
        let mut socket = open(&ana, Door::Room(room)).await;
        say(&ana, room, "before").await;
        let (_, code) = tokio::join!(server.restart(), wait_for_close(&mut socket));
        assert_eq!(code, Some(1012));
        say(&ana, room, "after").await;
        let shown = live.wait_until(room, |shown| shown.messages.len() == 2, PATIENCE).await.unwrap();
        assert_eq!(shown.contents(), ["before", "after"]);
        live.room(room).send("I am back").await.unwrap();
        let page = ana.room_messages(room, Place::Newest, None).await.unwrap();
        assert_eq!(page.results.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_one_of_many_sockets_is_told() {
    let mut server = TestServer::start(DatabaseKind::Sqlite).await;
    let (ana, _) = server.person("ana").await;
    let mut sockets = Vec::new();
    for _ in 0..300 {
        sockets.push(open(&ana, Door::All).await);
    }
    let told = async {
        for socket in &mut sockets {
            assert_eq!(wait_for_close(socket).await, Some(1012));
        }
    };
    tokio::join!(server.stop(), told);
}
