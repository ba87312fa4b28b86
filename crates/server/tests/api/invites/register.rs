//! `POST /api/v1/auth/register/` with an invite.

use charla_client::Client;
use charla_protocol::{
    ErrorCode, RoomId,
    auth::{Registration, SignedIn},
    invites::{CreateInvite, Invite},
    members::Role,
    messages::SystemEventKind,
    rooms::Visibility,
};
use charla_server::Config;
use charla_testing::{DatabaseKind, TestServer, on_each_database};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    accounts::support::{form, post, refusal, rejected_names},
    support::staff,
};

const REQUIRED: (u16, ErrorCode) = (403, ErrorCode::InviteRequired);

fn by_invite(config: &mut Config) {
    config.registration = Registration::Invite;
}

fn with(username: &str, code: &str) -> Value {
    let mut body = form(username);
    body["invite"] = json!(code);
    body
}

async fn invite(client: &Client, room: RoomId, max_uses: i64) -> Invite {
    let bounds = CreateInvite { max_uses: Some(max_uses), expires_at: None };
    client.create_invite(room, &bounds).await.unwrap()
}

async fn a_new_account_is_in_the_room_at_once(kind: DatabaseKind) {
    let server = TestServer::start_with(kind, by_invite).await;
    let root = staff(&server).await;
    let room = server.group(&root, Visibility::Private, &[]).await.id;
    let invite = invite(&root, room, 1).await;
    let nobody = server.anonymous();
    assert_eq!(refusal(&post(&nobody, "register", form("maria")).await), REQUIRED);
    assert_eq!(refusal(&post(&nobody, "register", with("maria", "no-such-code")).await), REQUIRED);
    let weak = post(&nobody, "register", with("root", &invite.code)).await;
    assert_eq!(rejected_names(&weak), ["username"], "what is refused spends nothing");

    let answer = post(&nobody, "register", with("maria", &invite.code)).await;
    assert_eq!(answer.status, 201);
    let maria: SignedIn = answer.json().unwrap();
    let seen = root.room(room).await.unwrap();
    let report = seen.last_message.unwrap();
    assert_eq!((seen.participant_count, report.sender.id), (2, maria.user.user.id));
    assert_eq!(report.system.unwrap().event, SystemEventKind::MemberJoined);
    let client = server.anonymous();
    client.login("maria", charla_testing::PASSWORD).await.unwrap();
    assert_eq!(client.room(room).await.unwrap().my_role, Some(Role::Member));
    assert_eq!(refusal(&post(&nobody, "register", with("jose", &invite.code)).await), REQUIRED, "spent");
}

async fn of_many_at_once_as_many_get_in_as_may(kind: DatabaseKind) {
    let server = TestServer::start_with(kind, by_invite).await;
    let root = staff(&server).await;
    let room = server.group(&root, Visibility::Private, &[]).await.id;
    let of_room = invite(&root, room, 2).await.code;
    let bounds = CreateInvite { max_uses: Some(3), expires_at: None };
    let of_server = root.create_server_invite(&bounds).await.unwrap().code;
    for (code, most) in [(&of_room, 2), (&of_server, 3)] {
        let at_once = (0..8).map(|n| {
            let (client, body) = (server.anonymous(), with(&format!("user{most}{n}"), code));
            async move { post(&client, "register", body).await }
        });
        let answers = join_all(at_once).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), most);
        assert!(
            answers.iter().filter(|answer| answer.status != 201).all(|answer| refusal(answer) == REQUIRED)
        );
    }
    assert_eq!(root.room(room).await.unwrap().participant_count, 3);
    assert_eq!(root.server_invites().await.unwrap().results[0].uses, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_invite_on_sqlite() {
    a_new_account_is_in_the_room_at_once(DatabaseKind::Sqlite).await;
    of_many_at_once_as_many_get_in_as_may(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_invite_on_postgres() {
    a_new_account_is_in_the_room_at_once(DatabaseKind::Postgres).await;
    of_many_at_once_as_many_get_in_as_may(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_invite_on_mariadb() {
    a_new_account_is_in_the_room_at_once(DatabaseKind::MariaDb).await;
    of_many_at_once_as_many_get_in_as_may(DatabaseKind::MariaDb).await;
}

on_each_database! {
    async fn an_open_server_takes_the_invite_along(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        let room = server.group(&ana, Visibility::Private, &[]).await.id;
        let invite = invite(&ana, room, 1).await;
        let nobody = server.anonymous();
        assert_eq!(rejected_names(&post(&nobody, "register", with("maria", "no-such-code")).await), ["invite"]);
        assert_eq!(post(&nobody, "register", with("maria", &invite.code)).await.status, 201);
        assert_eq!(ana.room(room).await.unwrap().participant_count, 2);
        assert_eq!(rejected_names(&post(&nobody, "register", with("jose", &invite.code)).await), ["invite"]);
        assert_eq!(post(&nobody, "register", with("jose", " ")).await.status, 201, "none is none");
    }
}

#[tokio::test]
async fn a_closed_server_takes_nobody_by_invite_either() {
    let closed = |config: &mut Config| config.registration = Registration::Closed;
    let server = TestServer::start_with(DatabaseKind::Sqlite, closed).await;
    let root = staff(&server).await;
    let code = root.create_server_invite(&CreateInvite::default()).await.unwrap().code;
    let answer = post(&server.anonymous(), "register", with("maria", &code)).await;
    assert_eq!(refusal(&answer), (403, ErrorCode::RegistrationClosed));
}
