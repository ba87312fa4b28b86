//! `POST /api/v1/auth/password/change/`, and the command line's way.

use charla_protocol::{ErrorCode, auth::SignedIn};
use charla_server::{clock::SystemClock, ops::accounts};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use serde_json::json;

use super::support::{login, me, post_with, refusal, register, rejected_names};

const NEW: &str = "another horse staple";

async fn change(server: &TestServer, access: &str, old: &str, new: &str) -> charla_client::RawResponse {
    let bearer = format!("Bearer {access}");
    let body = json!({"old_password": old, "new_password": new});
    post_with(server, "password/change", &[("authorization", &bearer)], Some(body)).await
}

on_each_database! {
    async fn every_other_session_ends(server: TestServer) {
        let here = register(&server, "maria").await;
        let there: SignedIn = login(&server, "maria", PASSWORD).await.json().unwrap();
        let jose = register(&server, "jose").await;
        assert_eq!(change(&server, &here.access, PASSWORD, NEW).await.status, 204);
        assert_eq!(me(&server, &here.access).await.status, 200);
        assert_eq!(refusal(&me(&server, &there.access).await), (401, ErrorCode::SessionEnded));
        assert_eq!(me(&server, &jose.access).await.status, 200);
        assert_eq!(login(&server, "maria", PASSWORD).await.status, 401);
        assert_eq!(login(&server, "maria", NEW).await.status, 200);
    }

    async fn the_command_line_ends_them_all(server: TestServer) {
        let here = register(&server, "maria").await;
        let app = &server.app;
        let set = |name: &'static str, password: &'static str| {
            accounts::set_password(&app.db, &SystemClock, &app.passwords, name, password)
        };
        assert_eq!(set("nobody", NEW).await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(set("maria", "short").await.unwrap_err().fields[0].reason, "too_short");
        assert_eq!(set("MARIA", NEW).await.unwrap(), 1);
        assert_eq!(refusal(&me(&server, &here.access).await), (401, ErrorCode::SessionEnded));
        assert_eq!(login(&server, "maria", NEW).await.status, 200);
    }

    async fn the_command_line_makes_superusers(server: TestServer) {
        let app = &server.app;
        let form = accounts::Form { username: "root", email: None, password: NEW, ..accounts::Form::default() };
        let make = || accounts::create_superuser(&app.db, &SystemClock, &app.passwords, app.config.direct_messages, form);
        make().await.unwrap();
        assert_eq!(make().await.unwrap_err().fields[0].field, "username");
        let signed_in: SignedIn = login(&server, "root", NEW).await.json().unwrap();
        assert!(signed_in.user.is_superuser && signed_in.user.is_staff);
        assert_eq!(signed_in.user.email, None);
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_at_once() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let here = register(&server, "maria").await;
    for (old, new, fields) in [
        ("wrong", NEW, vec!["old_password"]),
        (PASSWORD, "short", vec!["new_password"]),
        ("wrong", "maria@example.org", vec!["new_password", "old_password"]),
    ] {
        assert_eq!(rejected_names(&change(&server, &here.access, old, new).await), fields);
    }
    assert_eq!(login(&server, "maria", PASSWORD).await.status, 200);
}
