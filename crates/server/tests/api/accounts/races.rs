//! What ends a session, against what would keep it: whichever comes first, nothing of it is left.

use charla_client::{Client, Door};
use charla_protocol::{
    ErrorCode,
    auth::{SignedIn, Tokens},
};
use charla_testing::{PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use serde_json::json;

use super::support::{login, me, post};
use crate::support::wait_for_close;

const ROUNDS: usize = 6;

async fn signed_in(server: &TestServer) -> Client {
    let client = server.anonymous();
    client.login("ana", PASSWORD).await.unwrap();
    client
}

/// Whatever tokens it has are good for nothing.
async fn is_out(client: &Client, case: &str) {
    assert_eq!(client.me().await.unwrap_err().code(), Some(ErrorCode::SessionEnded), "{case}");
    assert!(client.refresh().await.is_err(), "{case}");
}

on_each_database! {
    async fn renewing_and_signing_out(server: TestServer) {
        server.person("ana").await;
        for round in 0..ROUNDS {
            let client = signed_in(&server).await;
            // The same session in two hands: each keeps the tokens that it gets.
            let other = server.anonymous();
            other.set_tokens(client.tokens());
            let (renewed, out) = tokio::join!(other.refresh(), client.logout());
            let case = format!("round {round}: {renewed:?} {out:?}");
            is_out(&other, &case).await;
        }
    }

    async fn renewing_and_being_ended_from_elsewhere(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        for round in 0..ROUNDS {
            let client = signed_in(&server).await;
            let sessions = ana.sessions().await.unwrap().results;
            let other = sessions.iter().find(|session| !session.is_current).unwrap().id;
            let (renewed, ended) = tokio::join!(client.refresh(), ana.end_session(other));
            ended.unwrap();
            is_out(&client, &format!("round {round}: {renewed:?}")).await;
        }
        ana.me().await.unwrap();
    }

    async fn renewing_and_a_change_of_password(server: TestServer) {
        let (ana, _) = server.person("ana").await;
        for round in 0..ROUNDS {
            let old = if round == 0 { PASSWORD.to_owned() } else { format!("another horse {round}") };
            let client = server.anonymous();
            client.login("ana", &old).await.unwrap();
            let new_password = format!("another horse {}", round + 1);
            let change = charla_protocol::auth::ChangePassword { old_password: old, new_password };
            let (renewed, changed) = tokio::join!(client.refresh(), ana.change_password(&change));
            changed.unwrap();
            is_out(&client, &format!("round {round}: {renewed:?}")).await;
        }
        ana.me().await.unwrap();
    }

    async fn opening_sockets_and_signing_out(server: TestServer) {
        server.person("ana").await;
        for round in 0..ROUNDS {
            let client = signed_in(&server).await;
            let opening = join_all((0..5).map(|_| client.socket(Door::All)));
            let (sockets, out) = tokio::join!(opening, client.logout());
            out.unwrap();
            for mut socket in sockets.into_iter().flatten() {
                assert_eq!(wait_for_close(&mut socket).await, Some(4401), "round {round}");
            }
        }
    }

    async fn signing_in_and_deleting_the_account(server: TestServer) {
        for round in 0..ROUNDS {
            let name = format!("ana{round}");
            let (ana, _) = server.person(&name).await;
            let renewing = server.anonymous();
            renewing.login(&name, PASSWORD).await.unwrap();
            let signing_in = join_all((0..4).map(|_| login(&server, &name, PASSWORD)));
            let opening = join_all((0..3).map(|_| renewing.socket(Door::All)));
            let (gone, answers, renewed, sockets) =
                tokio::join!(ana.delete_me(PASSWORD), signing_in, renewing.refresh(), opening);
            gone.unwrap();
            for answer in answers.iter().filter(|answer| answer.status == 200) {
                let made: SignedIn = answer.json().unwrap();
                assert_eq!(me(&server, &made.access).await.status, 401, "round {round}");
                let again = post(&server.anonymous(), "refresh", json!({"refresh": made.refresh})).await;
                assert_eq!(again.status, 401, "round {round}");
            }
            is_out(&renewing, &format!("round {round}: {renewed:?}")).await;
            for mut socket in sockets.into_iter().flatten() {
                assert_eq!(wait_for_close(&mut socket).await, Some(4401), "round {round}");
            }
        }
    }

    /// A stolen token that is used while its owner uses it: the session ends, and whoever has got a fresh one has nothing by it.
    async fn two_who_renew_with_the_same_token(server: TestServer) {
        server.person("ana").await;
        for round in 0..ROUNDS {
            let client = signed_in(&server).await;
            let token = client.tokens().unwrap().refresh;
            let (one, other) = (server.anonymous(), server.anonymous());
            let body = json!({"refresh": token});
            let answers = tokio::join!(post(&one, "refresh", body.clone()), post(&other, "refresh", body));
            for answer in [answers.0, answers.1] {
                match answer.status {
                    200 => {
                        let fresh: Tokens = answer.json().unwrap();
                        assert_eq!(me(&server, &fresh.access).await.status, 401, "round {round}");
                    }
                    status => assert_eq!((status, answer.json::<charla_protocol::Problem>().unwrap().code), (401, ErrorCode::SessionEnded)),
                }
            }
        }
    }
}
