//! People reach the program by TLS, without a proxy.

use std::time::Duration;

use charla_client::{Auth, Client, ClientOptions, Door, Incoming, Method, Socket};
use charla_protocol::{
    RoomId,
    events::Event,
    messages::{MessageType, SendMessage},
    rooms::{History, Visibility},
};
use charla_services::certificate::{self, CERTIFICATE, KEY};
use charla_testing::{PASSWORD, make_group, sign_up};
use rustix::process::{Pid, Signal, kill_process};

use crate::home::{Home, Serving};

const PATIENCE: Duration = Duration::from_secs(60);

async fn serve(home: &Home) -> Serving {
    certificate::make(home.path()).unwrap();
    home.charla("serve").env("TLS_CERTIFICATE", CERTIFICATE).env("TLS_KEY", KEY).serve().await
}

/// Where it listens.
fn base(serving: &Serving) -> &str {
    let address = serving.announced.lines().find_map(|line| line.trim().strip_prefix("Charla is at "));
    address.unwrap().trim_end_matches('/')
}

/// A client that believes the certificate which stands in the folder now.
fn client(home: &Home, serving: &Serving) -> Client {
    Client::with_options(base(serving), options(home)).unwrap()
}

fn options(home: &Home) -> ClientOptions {
    let trusted = Some(std::fs::read(home.path().join(CERTIFICATE)).unwrap());
    ClientOptions { trusted, ..ClientOptions::default() }
}

async fn next_text(socket: &mut Socket) -> String {
    let heard = async {
        loop {
            if let Incoming::Frame(frame) = socket.next().await.unwrap()
                && let Event::Message(message) = frame.event
            {
                return message.content;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.unwrap()
}

/// A message so long that it fills several records.
fn message(room: RoomId, letter: char) -> SendMessage {
    SendMessage {
        room,
        content: letter.to_string().repeat(10_000),
        message_type: MessageType::Text,
        reply_to_id: None,
        attachment_ids: Vec::new(),
        client_id: None,
    }
}

#[tokio::test]
async fn requests_and_sockets_come_by_tls_and_nothing_else_does() {
    let home = Home::new();
    let serving = serve(&home).await;
    assert!(base(&serving).starts_with("https://localhost:"), "{}", serving.announced);
    let ana = client(&home, &serving);
    sign_up(&ana, "ana").await;
    let room = make_group(&ana, Visibility::Private, History::All, &[]).await.id;
    let mut socket = ana.socket(Door::All).await.unwrap();
    for letter in 'a'..='z' {
        ana.send_message(&message(room, letter)).await.unwrap();
    }
    for letter in 'a'..='z' {
        assert_eq!(next_text(&mut socket).await, letter.to_string().repeat(10_000));
    }
    let cookies = ClientOptions { auth: Auth::Cookies, ..options(&home) };
    let browser = Client::with_options(base(&serving), cookies).unwrap();
    browser.login("ana", PASSWORD).await.unwrap();
    browser.me().await.unwrap();
    let answer = browser.request(Method::GET, "/api/v1/users/me/", None).await.unwrap();
    assert_eq!(answer.status, 200, "a cookie that is for TLS alone comes back");
    Client::new(base(&serving)).unwrap().me().await.unwrap_err();
    let plain = base(&serving).replacen("https", "http", 1);
    Client::new(&plain).unwrap().registration_policy().await.unwrap_err();
}

#[tokio::test]
async fn a_new_certificate_is_shown_without_a_restart() {
    let home = Home::new();
    let serving = serve(&home).await;
    let ana = client(&home, &serving);
    sign_up(&ana, "ana").await;
    let room = make_group(&ana, Visibility::Private, History::All, &[]).await.id;
    let mut socket = ana.socket(Door::All).await.unwrap();
    certificate::make(home.path()).unwrap();
    let renewed = client(&home, &serving);
    renewed.registration_policy().await.unwrap_err();
    let pid = Pid::from_raw(serving.child.id().unwrap().cast_signed()).unwrap();
    kill_process(pid, Signal::HUP).unwrap();
    let shown = async {
        while renewed.registration_policy().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, shown).await.unwrap();
    ana.send_message(&message(room, 'a')).await.unwrap();
    assert_eq!(next_text(&mut socket).await.len(), 10_000, "who was there stays");
}

#[tokio::test]
async fn files_that_do_not_fit_are_named() {
    let home = Home::new();
    certificate::make(home.path()).unwrap();
    let other = Home::new();
    certificate::make(other.path()).unwrap();
    home.write("nothing.pem", "");
    let foreign = other.path().join(KEY);
    for (certificate, key, named) in [
        (CERTIFICATE, "", "TLS_KEY"),
        ("", KEY, "TLS_CERTIFICATE"),
        ("absent.pem", KEY, "TLS_CERTIFICATE: absent.pem can't be read"),
        ("nothing.pem", KEY, "TLS_CERTIFICATE"),
        (CERTIFICATE, CERTIFICATE, "TLS_KEY"),
        (CERTIFICATE, foreign.to_str().unwrap(), "TLS_KEY"),
    ] {
        let serve = home.charla("serve").env("TLS_CERTIFICATE", certificate).env("TLS_KEY", key);
        let message = serve.run().await.failed();
        assert!(message.contains(named), "{certificate:?} {key:?}: {message}");
    }
}
