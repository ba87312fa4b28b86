//! What was tried at one node counts at all.

use charla_broker::{Delivery, Fate, Topic};
use charla_protocol::ErrorCode;
use charla_testing::{DatabaseKind, PASSWORD, TestServer};
use parking_lot::Mutex;
use std::sync::Arc;

use crate::support::refusal;

/// Waits until the node has been told that something was counted.
async fn told(counts: &Mutex<i32>, times: i32) {
    let waiting = async {
        while *counts.lock() < times {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.unwrap();
}

#[tokio::test]
async fn passwords_that_are_guessed_at_one_node_count_at_the_other() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = true).await;
    let other = server.node().await;
    server.person("ana").await;
    let counts: Arc<Mutex<i32>> = Arc::default();
    let heard = counts.clone();
    other.wire.judge(move |topic, delivery| {
        if let (Topic::Nodes, Delivery::Counted(told)) = (topic, delivery) {
            let guesses = told.iter().filter(|(limit, ..)| *limit == 200);
            *heard.lock() += guesses.map(|(_, _, times)| *times).sum::<i32>();
        }
        Fate::Arrives
    });
    let (here, there) = (server.anonymous(), other.anonymous());
    for _ in 0..10 {
        assert_eq!(refusal(here.login("ana", "wrong password").await).0, 401);
    }
    told(&counts, 10).await;
    let refused = refusal(there.login("ana", PASSWORD).await);
    assert_eq!(refused, (429, ErrorCode::TooManyRequests));
}
