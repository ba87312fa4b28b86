//! `POST /api/v1/auth/password/change/`, and the command line's way.

use std::time::Duration;

use charla_db::queries::users;
use charla_protocol::{ErrorCode, auth::SignedIn};
use charla_server::{clock::SystemClock, ops::accounts};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
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

    async fn no_session_slips_in_behind_a_change(server: TestServer) {
        let here = register(&server, "maria").await;
        let mut passwords = [PASSWORD, NEW];
        for _ in 0..6 {
            let [old, new] = passwords;
            let sign_ins = join_all((0..6).map(|_| login(&server, "maria", old)));
            let (changed, answers) = tokio::join!(change(&server, &here.access, old, new), sign_ins);
            assert_eq!(changed.status, 204);
            for answer in answers {
                if answer.status == 200 {
                    let begun: SignedIn = answer.json().unwrap();
                    assert_eq!(refusal(&me(&server, &begun.access).await), (401, ErrorCode::SessionEnded));
                } else {
                    assert_eq!(refusal(&answer), (401, ErrorCode::InvalidCredentials));
                }
            }
            assert_eq!(me(&server, &here.access).await.status, 200);
            passwords.reverse();
        }
    }

    async fn a_sign_in_that_was_checked_before_a_change_and_stored_after_it_is_refused(server: TestServer) {
        let here = register(&server, "maria").await;
        let tx = server.app.db.begin().await.unwrap();
        let mut row = users::lock(&tx, here.user.user.id).await.unwrap().unwrap();
        row.password_hash = server.app.passwords.hash(NEW).await.unwrap();
        users::update(&tx, row).await.unwrap();
        let held_up = async {
            // Long enough for the sign-in to have checked the old password, and to wait for the account's row.
            tokio::time::sleep(Duration::from_millis(700)).await;
            tx.commit().await.unwrap();
        };
        let (answer, ()) = tokio::join!(login(&server, "maria", PASSWORD), held_up);
        assert_eq!(refusal(&answer), (401, ErrorCode::InvalidCredentials));
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
