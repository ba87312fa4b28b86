//! `POST /api/v1/auth/setup/`.

use charla_protocol::{ErrorCode, auth::SignedIn};
use charla_server::{
    clock::SystemClock,
    ops::{
        accounts::{self, Form},
        setup,
    },
};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::support::{form, me, post, refusal, register, rejected_names, set_cookies};

fn body(token: &str, username: &str) -> Value {
    let mut body = form(username);
    body["token"] = json!(token);
    body
}

on_each_database! {
    async fn the_link_makes_the_first_administrator_once(server: TestServer) {
        let token = setup::begin(&server.app).await.unwrap().unwrap();
        assert_eq!(token.len(), 43);
        let client = server.anonymous();
        for wrong in ["", "x", &token[..42]] {
            let answer = post(&client, "setup", body(wrong, "maria")).await;
            assert_eq!(refusal(&answer), (401, ErrorCode::InvalidToken));
        }
        let mut weak = body(&token, "maria");
        weak["password"] = json!("password");
        assert_eq!(rejected_names(&post(&client, "setup", weak).await), ["password"]);

        let answer = post(&client, "setup", body(&token, "maria")).await;
        assert_eq!((answer.status, set_cookies(&answer).len()), (201, 2));
        let signed_in: SignedIn = answer.json().unwrap();
        assert!(signed_in.user.is_staff && signed_in.user.is_superuser);
        assert_eq!(me(&server, &signed_in.access).await.status, 200);

        for token in [token.as_str(), "x"] {
            let answer = post(&client, "setup", body(token, "jose")).await;
            assert_eq!(refusal(&answer), (409, ErrorCode::SetupDone));
        }
        assert_eq!(setup::begin(&server.app).await.unwrap(), None);
    }

    async fn of_many_at_once_one_gets_through(server: TestServer) {
        let token = setup::begin(&server.app).await.unwrap().unwrap();
        let at_once = (0..6).map(|n| {
            let (client, body) = (server.anonymous(), body(&token, &format!("admin{n}")));
            async move { post(&client, "setup", body).await }
        });
        let answers = join_all(at_once).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert!(
                [(409, ErrorCode::SetupDone), (401, ErrorCode::InvalidToken)].contains(&refusal(answer)),
                "{answer:?}"
            );
        }
    }

    async fn a_sign_up_leaves_the_link_as_it_is(server: TestServer) {
        let token = setup::begin(&server.app).await.unwrap().unwrap();
        register(&server, "maria").await;
        let answer = post(&server.anonymous(), "setup", body(&token, "maria")).await;
        assert_eq!(rejected_names(&answer), ["email", "username"]);
        let answer = post(&server.anonymous(), "setup", body(&token, "jose")).await;
        let signed_in: SignedIn = answer.json().unwrap();
        assert!(signed_in.user.is_superuser);
    }

    async fn every_node_and_every_start_print_the_same_link_until_there_is_an_administrator(server: TestServer) {
        register(&server, "maria").await;
        let begin = || async { setup::begin(&server.app).await.unwrap().unwrap() };
        let (token, other) = tokio::join!(begin(), begin());
        assert_eq!(token, other);
        assert_eq!(begin().await, token);
        assert_eq!(post(&server.anonymous(), "setup", body(&token, "jose")).await.status, 201);
        assert_eq!(setup::begin(&server.app).await.unwrap(), None);
    }

    async fn the_link_is_worthless_once_the_command_line_has_made_an_administrator(server: TestServer) {
        let token = setup::begin(&server.app).await.unwrap().unwrap();
        let app = &server.app;
        let form = Form { username: "root", password: PASSWORD, ..Form::default() };
        accounts::create_superuser(&app.db, &SystemClock, &app.passwords, app.config.direct_messages, form).await.unwrap();
        let answer = post(&server.anonymous(), "setup", body(&token, "jose")).await;
        assert_eq!(refusal(&answer), (409, ErrorCode::SetupDone));
    }

    async fn of_sign_ups_at_once_with_the_same_name_the_other_is_told(server: TestServer) {
        let token = setup::begin(&server.app).await.unwrap().unwrap();
        let (one, two) = (server.anonymous(), server.anonymous());
        let (setup, sign_up) =
            tokio::join!(post(&one, "setup", body(&token, "maria")), post(&two, "register", form("maria")));
        match (setup.status, sign_up.status) {
            (201, 400) => assert_eq!(rejected_names(&sign_up), ["email", "username"]),
            (400, 201) => {
                assert_eq!(rejected_names(&setup), ["email", "username"]);
                assert_eq!(post(&one, "setup", body(&token, "jose")).await.status, 201, "the link is still good");
            }
            other => panic!("{other:?}"),
        }
    }
}
