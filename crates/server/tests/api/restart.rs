//! What a restart must not change.

use std::{cell::Cell, time::Duration};

use charla_client::{Door, LiveClient, LiveOptions, Place};
use charla_protocol::{events::Event, rooms::Visibility};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};

use crate::support::{drain, open, say, wait_for_close};

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

/// What is committed may wait behind something that takes long to tell.
#[tokio::test]
async fn the_other_nodes_are_told_all_before_a_node_is_down() {
    let mut server = TestServer::start(DatabaseKind::Sqlite).await;
    let other = server.node().await;
    let (ana, _) = server.person("ana").await;
    let (_, bob) = server.person("bob").await;
    let room = server.group(&ana, Visibility::Private, &[]).await.id;
    let far = other.anonymous();
    far.login("ana", PASSWORD).await.unwrap();
    let mut socket = open(&far, Door::Room(room)).await;
    let (app, is_let_go) = (server.app.clone(), Cell::new(false));
    let turn = app.telling_privacy.lock().await;
    ana.block(bob.user.id).await.unwrap();
    say(&ana, room, "last words").await;
    let stop = async {
        server.stop().await;
        assert!(is_let_go.get(), "it does not wait for what is still to be told");
    };
    let let_go = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        is_let_go.set(true);
        drop(turn);
    };
    tokio::join!(stop, let_go);
    let told = drain(&mut socket).await;
    assert!(told.iter().any(|event| matches!(event, Event::Message(_))), "{told:?}");
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
