//! Mails that tell of what has happened to an account.

use std::time::Duration;

use charla_client::{Client, ClientOptions};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use serde_json::json;

use super::support::{Inbox, ask_for_reset, mailing, verify};

/// A device of that name, in that language.
fn device(server: &TestServer, name: &str, language: &str) -> Client {
    let headers = vec![("user-agent".to_owned(), name.to_owned())];
    let options = ClientOptions { headers, language: Some(language.to_owned()), ..ClientOptions::default() };
    Client::with_options(&server.url(), options).unwrap()
}

async fn told_of_sign_in(server: &TestServer, inbox: &Inbox, client: &Client) -> usize {
    let subjects = ["New sign-in to your account", "Nuevo inicio de sesión en tu cuenta"];
    let count = || inbox.mails().iter().filter(|mail| subjects.contains(&mail.subject.as_str())).count();
    let before = count();
    client.login("ana", PASSWORD).await.unwrap();
    server.app.post.flush().await;
    count() - before
}

on_each_database! {
    async fn a_new_device_is_told_of_once(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let body = json!({"username": "ana", "email": "ana@example.org", "password": PASSWORD});
        let phone = device(&node, "Phone/1.0 (<b>x</b>)", "en");
        assert_eq!(phone.request(reqwest::Method::POST, "/api/v1/auth/register/", Some(&body)).await.unwrap().status, 201);
        let laptop = device(&node, "Laptop/1.0", "es");
        assert_eq!(told_of_sign_in(&node, &inbox, &phone).await, 0, "it was there at the sign-up");
        assert_eq!(told_of_sign_in(&node, &inbox, &laptop).await, 1);
        let mail = inbox.mails().pop().unwrap();
        assert_eq!(mail.to, "ana@example.org");
        assert!(mail.text.contains("Dispositivo: Laptop/1.0\nDirección de red: 127.0.0.1"), "{}", mail.text);
        assert!(mail.text.contains("Si no has sido tú") && mail.html.contains("lang=\"es\""));
        assert_eq!(told_of_sign_in(&node, &inbox, &laptop).await, 0);

        node.clock.advance(Duration::from_secs(89 * 24 * 60 * 60));
        assert_eq!(told_of_sign_in(&node, &inbox, &laptop).await, 0);
        node.clock.advance(Duration::from_secs(2 * 24 * 60 * 60));
        assert_eq!(told_of_sign_in(&node, &inbox, &laptop).await, 0, "it was used two days ago");
        assert_eq!(told_of_sign_in(&node, &inbox, &phone).await, 1, "it was not for 91 days");
        let mail = inbox.mails().pop().unwrap();
        assert!(mail.text.contains("Device: Phone/1.0 (<b>"), "{}", mail.text);
        assert!(!mail.html.contains("<b>"), "{}", mail.html);
    }

    async fn the_language_is_the_accounts_else_the_requests(server: TestServer) {
        let (node, inbox) = mailing(&server).await;
        let (ana, _) = node.person("ana").await;
        node.app.post.flush().await;
        assert_eq!(verify(&node, &inbox.mails()[0].token("verify")).await.status, 204);
        let spanish = device(&node, "x", "es");
        let body = json!({"email": "ana@example.org"});
        let path = "/api/v1/auth/password/reset/";
        assert_eq!(spanish.request(reqwest::Method::POST, path, Some(&body)).await.unwrap().status, 202);
        node.app.post.flush().await;
        let mail = inbox.mails().pop().unwrap();
        assert_eq!(mail.subject, "Elige una contraseña nueva");
        assert!(mail.text.contains("Cuenta: ana\n"), "{}", mail.text);
        mail.token("reset");

        let chosen = json!({"language": "es"});
        ana.request(reqwest::Method::PATCH, "/api/v1/users/me/", Some(&chosen)).await.unwrap();
        ask_for_reset(&node, "ana@example.org").await;
        assert_eq!(inbox.mails().pop().unwrap().subject, "Elige una contraseña nueva");
        let chosen = json!({"language": "en"});
        ana.request(reqwest::Method::PATCH, "/api/v1/users/me/", Some(&chosen)).await.unwrap();
        spanish.request(reqwest::Method::POST, path, Some(&body)).await.unwrap();
        node.app.post.flush().await;
        assert_eq!(inbox.mails().pop().unwrap().subject, "Choose a new password");
    }
}
