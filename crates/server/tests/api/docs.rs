//! The pages for people who write clients.

use charla_protocol::{ErrorCode, Problem};
use charla_testing::{DatabaseKind, TestServer};
use reqwest::Method;
use serde_json::Value;

async fn page(server: &TestServer, path: &str, language: &str) -> charla_client::RawResponse {
    let client = server.anonymous();
    client.set_language(Some(language));
    client.request(Method::GET, path, None).await.unwrap()
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_explanation() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let client = server.anonymous();
    for path in ["/api/v1/users/me/", "/api/v1/nothing/"] {
        let problem: Problem = client.request(Method::GET, path, None).await.unwrap().json().unwrap();
        let (address, fragment) = problem.type_.split_once('#').unwrap();
        let answer = page(&server, address, "en").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
        let html = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(html.contains(&format!("id=\"{fragment}\"")), "{fragment}");
        assert_eq!(fragment, problem.code.as_str());
    }
    assert_eq!(page(&server, "/api/docs/errors", "en").await.status, 200, "without its slash too");
}

#[tokio::test]
async fn the_manual_of_the_sockets_is_served() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let answer = page(&server, "/api/docs/realtime/", "es").await;
    assert_eq!((answer.status, answer.header("content-language")), (200, Some("en")));
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(
        html.contains("<td><code>send_message</code></td>") && html.contains("<h2>Never miss a message</h2>")
    );
}

#[tokio::test]
async fn the_manual_of_the_search_is_served() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let answer = page(&server, "/api/docs/search/", "en").await;
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(answer.status == 200 && html.contains("<h2>What to type</h2>"));
}

#[tokio::test]
async fn every_code_is_explained_in_both_languages() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let mut pages = Vec::new();
    for (language, title) in [("en", "Error codes"), ("es", "Códigos de error")] {
        let answer = page(&server, "/api/docs/errors/", language).await;
        assert_eq!(answer.header("content-language"), Some(language));
        assert_eq!(answer.header("vary").map(|names| names.contains("accept-language")), Some(true));
        let html = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(html.contains(&format!("<html lang=\"{language}\">")) && html.contains(title));
        pages.push(html);
    }
    for code in ErrorCode::ALL {
        let entries: Vec<&str> = pages.iter().map(|html| entry(html, code)).collect();
        assert_ne!(entries[0], entries[1], "{code:?}");
        for entry in entries {
            assert!(entry.contains(&format!("<b>{}</b>", code.status())), "{entry}");
            assert!(!entry.contains("title-") && !entry.contains("meaning-"), "{entry}");
        }
    }
}

fn entry(html: &str, code: ErrorCode) -> &str {
    let (_, rest) = html.split_once(&format!("<div id=\"{}\">", code.as_str())).unwrap();
    rest.split_once("</div>").unwrap().0
}

#[tokio::test]
async fn the_explanations_need_no_script_and_nobody_else() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let answer = page(&server, "/api/docs/errors/", "en").await;
    let policy = answer.header("content-security-policy").unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"));
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(!html.contains("<script") && !html.contains("://") && !html.contains("style="));
}

/// Scalar would otherwise fetch fonts, offer its own services and send what people do.
#[tokio::test]
async fn the_page_of_the_document_asks_no_stranger() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let answer = page(&server, "/api/docs/", "en").await;
    let policy = answer.header("content-security-policy").unwrap().to_owned();
    assert!(policy.starts_with("default-src 'self'") && !policy.contains("://") && !policy.contains('*'));
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(!html.contains("//"), "an address of somebody else");
    let (_, rest) = html.split_once("data-configuration='").unwrap();
    let configuration: Value = serde_json::from_str(rest.split_once('\'').unwrap().0).unwrap();
    for switch in ["agent", "mcp"] {
        assert_eq!(configuration[switch]["disabled"], true, "{switch}");
    }
    assert_eq!(configuration["showDeveloperTools"], "never");
    assert_eq!(
        (&configuration["withDefaultFonts"], &configuration["telemetry"]),
        (&false.into(), &false.into())
    );
}

#[tokio::test]
async fn browsers_come_by_https_alone_where_people_do() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let secure = server.beside(|config| config.public_url = "https://chat.example.org".to_owned()).await;
    for path in ["/", "/api/docs/realtime/", "/api/v1/users/me/", "/healthz"] {
        assert_eq!(page(&server, path, "en").await.header("strict-transport-security"), None);
        assert_eq!(
            page(&secure, path, "en").await.header("strict-transport-security"),
            Some("max-age=31536000")
        );
    }
}
