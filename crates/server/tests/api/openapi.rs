//! The OpenAPI document.

use std::collections::HashSet;

use charla_testing::{DatabaseKind, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

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
    let document: Value = document.json().unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/v1/chat/rooms/{id}/changes/"]["get"].is_object());
    assert_eq!(document, serde_json::to_value(charla_server::router::openapi()).unwrap());
    for path in ["/api/docs/", "/api/docs"] {
        let page = client.request(Method::GET, path, None).await.unwrap();
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    }
}

fn document() -> Value {
    serde_json::to_value(charla_server::router::openapi()).unwrap()
}

/// What a response is, wherever it is described.
fn described<'a>(document: &'a Value, response: &'a Value) -> &'a Value {
    match response["$ref"].as_str() {
        Some(name) => document.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name}")),
        None => response,
    }
}

/// Clients are generated from these names.
#[test]
fn no_two_operations_have_the_same_name() {
    let document = document();
    let mut names = HashSet::new();
    for operation in
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name.clone()), "{name}");
    }
}

#[test]
fn every_operation_says_what_it_has_in_common_with_others() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let is_open = operation["security"].as_array().unwrap().contains(&json!({}));
            let mut expected = vec!["400", "500", "503"];
            expected.extend((!is_open).then_some("401"));
            expected.extend((!is_open || method != "get").then_some("403"));
            expected
                .extend(operation["requestBody"].is_object().then_some(["413", "415"]).into_iter().flatten());
            expected.extend(path.contains("{id}").then_some("404"));
            for status in expected {
                assert!(operation["responses"][status].is_object(), "{method} {path} {status}");
            }
        }
    }
}

#[test]
fn every_refusal_is_a_problem_with_the_headers_that_go_with_it() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let what = format!("{method} {path} {status}");
                let response = described(&document, response);
                if status.as_str() >= "400" {
                    let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/Problem", "{what}");
                }
                let waits = response["headers"]["Retry-After"].is_object();
                assert_eq!(waits, matches!(status.as_str(), "429" | "503"), "{what}");
            }
        }
    }
}

#[test]
fn who_sets_cookies_says_so() {
    let document = document();
    let mut setting = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let mut responses = operation["responses"].as_object().unwrap().values();
            if responses.any(|response| response["headers"]["Set-Cookie"].is_object()) {
                setting.push(path.trim_start_matches("/api/v1/auth/"));
            }
        }
    }
    let of_sessions =
        ["login/", "login/two_factor/", "logout/", "refresh/", "register/", "sessions/{id}/", "setup/"];
    assert_eq!(setting[..7], of_sessions);
    assert_eq!(setting[7..], ["/api/v1/users/me/"]);
}
