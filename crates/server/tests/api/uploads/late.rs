//! Bytes that reach the storage when nobody wants them any more: nothing is there without a row that leads to it.

use std::time::Duration;

use charla_client::{Client, Result};
use charla_db::tables::files::{self, Copy};
use charla_protocol::{ErrorCode, messages::Attachment};
use charla_server::jobs::cleanup;
use charla_testing::{PASSWORD, TestServer, on_each_database};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::gate::Gate;
use crate::support::refusal;

/// A node with its files behind a gate.
async fn gated(server: &TestServer) -> (TestServer, Gate) {
    let gate = Gate::build().await;
    let url = gate.url.clone();
    (server.beside(move |config| config.storage_url.clone_from(&url)).await, gate)
}

/// Uploads a file, and does `meanwhile` with its id while the bytes are held up on their way into the storage.
async fn upload(
    node: &TestServer,
    gate: &Gate,
    client: &Client,
    meanwhile: impl AsyncFnOnce(Uuid),
) -> (Uuid, Result<Attachment>) {
    gate.close();
    let held_up = async {
        gate.is_held().await;
        let file = rows(node).await[0].0;
        meanwhile(file).await;
        gate.open();
        file
    };
    tokio::join!(held_up, client.upload("a.txt", "secret"))
}

async fn rows(node: &TestServer) -> Vec<(Uuid, String)> {
    let rows = files::Entity::find().all(node.app.db.read()).await.unwrap();
    rows.into_iter().map(|row| (row.id, row.purpose)).collect()
}

async fn is_stored(node: &TestServer, file: Uuid) -> bool {
    node.app.storage.get(file, Copy::Whole, 0..1).await.unwrap().is_some()
}

on_each_database! {
    /// The account is deleted, and the clean-up runs, while the bytes are on their way.
    async fn an_upload_of_who_is_deleted_meanwhile(server: TestServer) {
        let (node, gate) = gated(&server).await;
        let (ana, _) = node.person("ana").await;
        let (file, uploaded) = upload(&node, &gate, &ana, async |file| {
            ana.delete_me(PASSWORD).await.unwrap();
            assert_eq!(cleanup::pass(&node.app).await.unwrap(), 0);
            assert_eq!(rows(&node).await, [(file, "arriving".to_owned())], "who dies now leaves a row");
        })
        .await;
        assert_eq!(refusal(uploaded), (401, ErrorCode::SessionEnded));
        assert_eq!(rows(&node).await, [(file, "discarded".to_owned())]);
        assert_eq!(cleanup::pass(&node.app).await.unwrap(), 1);
        assert_eq!((rows(&node).await, is_stored(&node, file).await), (vec![], false));
    }

    /// A day passes, by the clock, and the clean-up takes the file before its bytes have come.
    async fn an_upload_that_the_clean_up_is_faster_than(server: TestServer) {
        let (node, gate) = gated(&server).await;
        let (ana, _) = node.person("ana").await;
        let (file, uploaded) = upload(&node, &gate, &ana, async |_| {
            node.clock.advance(Duration::from_secs(25 * 3600));
            assert_eq!(cleanup::pass(&node.app).await.unwrap(), 1);
            assert_eq!(rows(&node).await, []);
        })
        .await;
        assert_eq!(refusal(uploaded), (503, ErrorCode::Unavailable));
        assert!(!is_stored(&node, file).await);
        assert_eq!(rows(&node).await, [(file, "discarded".to_owned())], "a row was there before they went");
        assert_eq!(cleanup::pass(&node.app).await.unwrap(), 1);
        assert_eq!(rows(&node).await, []);
    }

    /// What is on its way for less than a day is nobody's to clean up.
    async fn an_upload_that_takes_its_time_arrives(server: TestServer) {
        let (node, gate) = gated(&server).await;
        let (ana, _) = node.person("ana").await;
        let (file, uploaded) = upload(&node, &gate, &ana, async |_| {
            node.clock.advance(Duration::from_secs(14 * 60));
            assert_eq!(cleanup::pass(&node.app).await.unwrap(), 0);
        })
        .await;
        assert_eq!(uploaded.unwrap().id, file);
        assert_eq!(rows(&node).await, [(file, "attachment".to_owned())]);
        assert!(is_stored(&node, file).await);
    }
}
