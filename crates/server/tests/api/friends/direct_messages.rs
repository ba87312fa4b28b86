//! Direct messages among friends only: as a person's setting, and as the server's.

use charla_protocol::{
    ErrorCode,
    users::{DirectMessages, UpdateSettings},
};
use charla_testing::{DatabaseKind, TestServer, on_each_database};

use super::support::set;
use crate::support::{befriend, refusal, say, text};

const REFUSED: (u16, ErrorCode) = (403, ErrorCode::DirectMessagesRefused);

fn from(choice: DirectMessages) -> UpdateSettings {
    UpdateSettings { direct_messages: Some(choice), ..UpdateSettings::default() }
}

on_each_database! {
    async fn who_takes_friends_only_is_written_to_by_friends_only(server: TestServer) {
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        set(&bob, from(DirectMessages::Friends)).await;
        assert_eq!(refusal(ana.direct_chat(bob_user.user.id).await), REFUSED);
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        let opened = ana.direct_chat(bob_user.user.id).await.unwrap();
        assert!(opened.is_new);
        let room = opened.value.id;
        let sent = say(&ana, room, "friends").await;
        bob.end_friendship(ana_user.user.id).await.unwrap();
        assert_eq!(refusal(ana.send_message(&text(room, "x")).await), REFUSED);
        assert_eq!(refusal(ana.edit_message(sent.id, "x").await), REFUSED);
        assert_eq!(refusal(ana.direct_chat(bob_user.user.id).await), REFUSED);
        say(&bob, room, "who takes everybody's gets mine").await;
        set(&bob, from(DirectMessages::Everyone)).await;
        assert!(!ana.direct_chat(bob_user.user.id).await.unwrap().is_new);
        say(&ana, room, "again").await;
    }
}

/// What the server allows at most holds whatever people had chosen before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_of_friends_lets_friends_write() {
    for kind in DatabaseKind::ALL {
        let friends_only =
            |config: &mut charla_server::Config| config.direct_messages = DirectMessages::Friends;
        let server = TestServer::start_with(kind, friends_only).await;
        let (ana, ana_user) = server.person("ana").await;
        let (bob, bob_user) = server.person("bob").await;
        assert_eq!(refusal(ana.direct_chat(bob_user.user.id).await), REFUSED);
        befriend((&ana, ana_user.user.id), (&bob, bob_user.user.id)).await;
        let room = ana.direct_chat(bob_user.user.id).await.unwrap().value.id;
        say(&ana, room, "friends").await;
        ana.end_friendship(bob_user.user.id).await.unwrap();
        for client in [&ana, &bob] {
            assert_eq!(refusal(client.send_message(&text(room, "x")).await), REFUSED);
        }
    }
}
