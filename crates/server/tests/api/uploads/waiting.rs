//! How much may wait.

use std::time::Duration;

use charla_protocol::{ErrorCode, rooms::Visibility};
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use futures_util::future::join_all;

use super::support::send_files;
use crate::support::refusal;

on_each_database! {
    async fn a_hundred_files_wait_at_most(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let mut files = Vec::new();
        for _ in 0..10 {
            let ten = join_all((0..10).map(|_| ana.upload("a", "a"))).await;
            files.extend(ten.into_iter().map(|file| file.unwrap().id));
        }
        let error = ana.upload("a", "a").await.unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::TooManyRequests));
        let wait = error.retry_after().unwrap();
        assert!(wait > Duration::from_secs(23 * 3600) && wait <= Duration::from_secs(24 * 3600), "{wait:?}");
        send_files(&ana, room, &files[..1]).await;
        // Of several at once, one finds the place that is free.
        let results = join_all((0..5).map(|_| ana.upload("a", "a"))).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    }
}

#[tokio::test]
async fn so_many_bytes_wait_at_most() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.max_upload_size = 1000).await;
    let (ana, _) = server.person("ana").await;
    for _ in 0..20 {
        ana.upload("a", vec![0; 1000]).await.unwrap();
    }
    assert_eq!(refusal(ana.upload("a", "a").await), (429, ErrorCode::TooManyRequests));
}
