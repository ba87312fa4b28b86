//! `POST /api/v1/auth/register/`.

use charla_protocol::{
    ErrorCode,
    auth::{Registration, RegistrationPolicy, SignedIn},
    users::Friendship,
};
use charla_server::Config;
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{form, post, refusal, register, rejected, rejected_names, set_cookies};

on_each_database! {
    async fn an_account_is_made_and_signed_in(server: TestServer) {
        let body = json!({
            "username": "Jose\u{301}", "email": " Jose@Example.org ", "password": PASSWORD,
            "phone_number": "+34 600 123 456", "display_name": " José\u{0}\n Ñ 🎉 ", "unknown": 1,
        });
        let answer = post(&server.anonymous(), "register", body).await;
        assert_eq!(answer.status, 201);
        assert_eq!(set_cookies(&answer), [
            "access_token=…; HttpOnly; SameSite=Lax; Path=/; Max-Age=900",
            "refresh_token=…; HttpOnly; SameSite=Lax; Path=/api/v1/auth/; Max-Age=2592000",
        ]);
        let SignedIn { user: me, .. } = answer.json().unwrap();
        assert_eq!((me.user.username.as_str(), me.user.display_name.as_str()), ("José", "José Ñ 🎉"));
        assert_eq!(me.email.as_deref(), Some("Jose@Example.org"));
        assert_eq!(me.phone_number.as_deref(), Some("+34600123456"));
        assert_eq!(me.user.friendship, Friendship::Oneself);
        assert!(!me.is_staff && !me.is_superuser && me.settings.show_last_seen);
    }

    async fn a_taken_name_or_address_is_named_in_whatever_letters(server: TestServer) {
        register(&server, "maria").await;
        let rows = [
            (json!({"username": "MARIA", "email": "other@example.org", "password": PASSWORD}), vec!["username"]),
            (json!({"username": "Ｍａｒｉａ", "email": "other@example.org", "password": PASSWORD}), vec!["username"]),
            (json!({"username": "other", "email": "Maria@EXAMPLE.org", "password": PASSWORD}), vec!["email"]),
            (json!({"username": "maria@example.org", "email": "x@example.org", "password": PASSWORD}), vec!["username"]),
            (form("maria"), vec!["email", "username"]),
        ];
        for (body, fields) in rows {
            let answer = post(&server.anonymous(), "register", body.clone()).await;
            assert_eq!(rejected_names(&answer), fields, "{body}");
        }
    }

    async fn what_is_anothers_address_is_no_username_and_the_other_way_round(server: TestServer) {
        let rows = [
            ("ana", "Ana@Example.org", 201, vec![]),
            ("ANA@example.ORG", "x@example.org", 400, vec!["username"]),
            ("Ａｎａ@example.org", "x@example.org", 400, vec!["username"]),
            ("Ben@Example.org", "ben@example.net", 201, vec![]),
            ("bob", "BEN@example.org", 400, vec!["email"]),
            ("bob", "Ｂen@example.org", 400, vec!["email"]),
            ("Straße@example.org", "eva@example.org", 201, vec![]),
            ("bob", "STRASSE@example.org", 400, vec!["email"]),
            ("ben@example.org", "ana@example.org", 400, vec!["email", "username"]),
            ("carl", "weiß@example.org", 201, vec![]),
            ("weiß@example.org", "x@example.org", 400, vec!["username"]),
            ("dora@example.org", "Dora@example.org", 201, vec![]),
        ];
        for (username, email, status, fields) in rows {
            let body = json!({"username": username, "email": email, "password": PASSWORD});
            let answer = post(&server.anonymous(), "register", body).await;
            assert_eq!(answer.status, status, "{username} {email}");
            if status == 400 {
                let errors = rejected(&answer);
                assert_eq!(errors.keys().collect::<Vec<_>>(), fields, "{username} {email}");
                assert!(errors.values().all(|texts| *texts == ["This is taken already."]), "{errors:?}");
            }
        }
    }

    async fn one_of_many_at_once_gets_the_name(server: TestServer) {
        let at_once = (0..8).map(|n| {
            let (username, email) = match n % 2 { 0 => ("maria", format!("m{n}@example.org")), _ => ("MARIA", "m@example.org".to_owned()) };
            let client = server.anonymous();
            async move { post(&client, "register", json!({"username": username, "email": email, "password": PASSWORD})).await }
        });
        let answers = join_all(at_once).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert!(rejected(answer).contains_key("username"), "{answer:?}");
        }
    }

    async fn one_of_many_at_once_gets_the_address(server: TestServer) {
        let at_once = (0..8).map(|n| {
            let client = server.anonymous();
            async move { post(&client, "register", json!({"username": format!("user{n}"), "email": "same@example.org", "password": PASSWORD})).await }
        });
        let answers = join_all(at_once).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(rejected_names(answer), ["email"]);
        }
    }

    async fn odd_characters_reach_no_database(server: TestServer) {
        let with = |name: &str, value: Value| {
            let mut body = form("maria");
            body[name] = value;
            body
        };
        for (name, value) in [
            ("username", "mar\u{0}ia"), ("email", "a\u{0}@example.org"), ("phone_number", "+34600\u{0}123456"),
        ] {
            let answer = post(&server.anonymous(), "register", with(name, json!(value))).await;
            assert_eq!(rejected_names(&answer), [name]);
        }
        let long = "\u{FDFA}".repeat(100);
        let answer = post(&server.anonymous(), "register", with("display_name", json!(long))).await;
        assert_eq!(answer.status, 201);
        let body = r#"{"username": "\ud800abc", "email": "s@example.org", "password": "correct horse battery"}"#;
        let client = server.anonymous();
        let request = client.request_builder(reqwest::Method::POST, "/api/v1/auth/register/").unwrap()
            .header("content-type", "application/json").body(body);
        assert_eq!(client.send_request(request).await.unwrap().status, 400);
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once_in_the_readers_language() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let client = server.anonymous();
    client.set_language(Some("es"));
    let body = json!({
        "username": "a b", "email": "x", "password": "short", "phone_number": "12", "display_name": "x".repeat(101),
    });
    let errors = rejected(&post(&client, "register", body).await);
    let expected = [
        ("display_name", "Usa como máximo 100 caracteres."),
        ("email", "Escribe una dirección de correo válida."),
        ("password", "Usa al menos 8 caracteres."),
        ("phone_number", "Escribe el número en formato internacional, por ejemplo +34600123456."),
        ("username", "Usa solo letras, cifras y @ . + - _."),
    ];
    let found: Vec<(&str, &str)> =
        errors.iter().map(|(field, texts)| (field.as_str(), texts[0].as_str())).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn weak_passwords_are_refused() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    for password in ["password1", "12345678", "Ferdinand", "ferdinand@example.org", "short", &"x".repeat(257)]
    {
        let mut body = form("ferdinand");
        body["password"] = json!(password);
        assert_eq!(
            rejected_names(&post(&server.anonymous(), "register", body).await),
            ["password"],
            "{password}"
        );
    }
}

#[tokio::test]
async fn missing_members_are_named() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let answer =
        post(&server.anonymous(), "register", json!({"username": "maria", "password": PASSWORD})).await;
    assert_eq!(rejected_names(&answer), ["email"]);
}

#[tokio::test]
async fn a_closed_server_takes_no_accounts() {
    let closed = |config: &mut Config| config.registration = Registration::Closed;
    let server = TestServer::start_with(DatabaseKind::Sqlite, closed).await;
    let answer = post(&server.anonymous(), "register", form("maria")).await;
    assert_eq!(refusal(&answer), (403, ErrorCode::RegistrationClosed));
}

#[tokio::test]
async fn who_may_sign_up_is_told_to_anybody() {
    for (registration, sends_mail) in
        [(Registration::Open, true), (Registration::Invite, false), (Registration::Closed, true)]
    {
        let set = move |config: &mut Config| {
            config.registration = registration;
            config.debug = sends_mail;
            config.smtp = None;
        };
        let server = TestServer::start_with(DatabaseKind::Sqlite, set).await;
        let answer = server.anonymous().request(Method::GET, "/api/v1/auth/register/", None).await.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json::<RegistrationPolicy>().unwrap(),
            RegistrationPolicy { registration, sends_mail, welcome: String::new() }
        );
    }
}
