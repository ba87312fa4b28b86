//! When somebody was last seen, as a crash or a restart leaves it.

use std::time::Duration;

use charla_client::{Client, Door};
use charla_protocol::Timestamp;
use charla_testing::{TestServer, on_each_database};

use crate::support::{drain, open, wait_for_close};

async fn last_seen(client: &Client) -> Option<Timestamp> {
    client.me().await.unwrap().user.last_seen
}

on_each_database! {
    async fn it_is_noted_every_few_minutes_while_somebody_is_there(server: TestServer) {
        let (maria, _) = server.person("maria").await;
        let (jose, _) = server.person("jose").await;
        let mut socket = open(&maria, Door::All).await;
        let begin = server.app.clock.now();
        for _ in 0..8 {
            // Short enough for the socket to count as alive.
            server.clock.advance(Duration::from_secs(40));
            drain(&mut socket).await;
        }
        let waiting = async {
            while last_seen(&maria).await.is_none_or(|seen| seen < begin.plus_millis(300_000)) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
        assert_eq!(last_seen(&jose).await, None, "who is not there");
    }
    async fn a_restart_notes_who_was_there(server: TestServer) {
        let mut server = server;
        let (maria, _) = server.person("maria").await;
        let (jose, _) = server.person("jose").await;
        let (eva, _) = server.person("eva").await;
        let _here = open(&maria, Door::All).await;
        let mut left = open(&eva, Door::All).await;
        left.close().await.unwrap();
        wait_for_close(&mut left).await;
        let before = server.app.clock.now();
        server.restart().await;
        for client in [&maria, &eva] {
            assert!(last_seen(client).await.unwrap() >= before);
        }
        assert_eq!(last_seen(&jose).await, None, "who was not there");
    }
}
