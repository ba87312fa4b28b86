//! What each operation of the OpenAPI document takes of a bot's token.

use charla_client::Client;
use charla_protocol::{ErrorCode, Problem, bots::Scope};
use charla_server::auth::scopes::of_operation;
use charla_testing::{DatabaseKind, TestServer};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::bot;

/// Whether the token permits the operation, whatever else comes of it: its path names nothing that is there, and it has no body.
async fn is_permitted(client: &Client, method: &Method, route: &str) -> bool {
    let path: String = route
        .split('/')
        .map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join("/");
    let answer = client.request(method.clone(), &path, None).await.unwrap();
    assert!(answer.status < 500, "{method} {route}: {}", answer.status);
    !answer.json::<Problem>().is_ok_and(|problem| problem.code == ErrorCode::MissingScope)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_takes_its_scopes() {
    let server = TestServer::start_with(DatabaseKind::Sqlite, |config| config.rate_limits = false).await;
    let (ana, _) = server.person("ana").await;
    let (all, _) = bot(&server, &ana, "all", &Scope::ALL).await;
    let mut without = Vec::new();
    for scope in Scope::ALL {
        let others: Vec<Scope> = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        let name = format!("without{}", without.len());
        without.push((scope, bot(&server, &ana, &name, &others).await.0));
    }
    let document = ana.request(Method::GET, "/api/openapi.json", None).await.unwrap();
    let document: Value = document.json().unwrap();
    let mut permitted = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let is_open = operation["security"].as_array().unwrap().contains(&json!({}));
            let needed = of_operation(&method, path);
            assert!(!is_open || needed.is_none(), "{method} {path} takes no credentials");
            if is_open {
                continue;
            }
            assert_eq!(is_permitted(&all, &method, path).await, needed.is_some(), "{method} {path}");
            permitted += usize::from(needed.is_some());
            for (scope, client) in &without {
                let expected = needed.is_some_and(|needed| !needed.contains(scope));
                let found = is_permitted(client, &method, path).await;
                assert_eq!(found, expected, "{method} {path} without {}", scope.as_str());
            }
        }
    }
    // The two doors are no operations of the document.
    assert_eq!(permitted + 2, charla_server::auth::scopes::count(), "a scope for what is not there");
}
