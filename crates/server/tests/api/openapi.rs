//! The OpenAPI document.

use charla_testing::{DatabaseKind, TestServer};
use reqwest::Method;

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

#[test]
fn the_committed_snapshot_is_current() {
    let current = charla_server::router::openapi().to_pretty_json().unwrap();
    let committed = std::fs::read_to_string(SNAPSHOT).unwrap_or_default();
    assert!(committed.trim_end() == current.trim_end(), "docs/openapi.json is stale: run `make openapi`");
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let client = server.anonymous();
    let document = client.request(Method::GET, "/api/openapi.json", None).await.unwrap();
    let document: serde_json::Value = document.json().unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/v1/chat/rooms/{id}/changes/"]["get"].is_object());
    for path in ["/api/docs/", "/api/docs"] {
        let page = client.request(Method::GET, path, None).await.unwrap();
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    }
}
