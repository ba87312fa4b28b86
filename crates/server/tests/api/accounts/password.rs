//! `POST /api/v1/auth/password/change/`, and the command line's way.

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use charla_broker::MemoryBroker;
use charla_protocol::{
    ErrorCode, Timestamp,
    auth::{Login, SignedIn},
    users::Language,
};
use charla_server::{
    App,
    app::Parts,
    auth::{ClientInfo, Cost},
    clock::{Clock, SystemClock},
    ops::{
        accounts,
        sessions::{self, SignIn},
    },
};
use charla_testing::{DatabaseKind, PASSWORD, TestServer, on_each_database};
use futures_util::future::join_all;
use parking_lot::Mutex;
use serde_json::json;
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use uuid::Uuid;

use super::support::{login, me, post_with, refusal, register, rejected_names};

const NEW: &str = "another horse staple";
const PATIENCE: Duration = Duration::from_secs(20);

async fn change(server: &TestServer, access: &str, old: &str, new: &str) -> charla_client::RawResponse {
    let bearer = format!("Bearer {access}");
    let body = json!({"old_password": old, "new_password": new});
    post_with(server, "password/change", &[("authorization", &bearer)], Some(body)).await
}

/// A sign-in on another node of the same database, held between its check of the password and its transaction.
struct HeldSignIn {
    held: oneshot::Receiver<()>,
    go_on: mpsc::Sender<()>,
    task: JoinHandle<Result<SignIn, charla_server::Error>>,
}

impl HeldSignIn {
    fn begin(server: &TestServer, username: &str, password: &str) -> Self {
        let (told, held) = oneshot::channel();
        let (go_on, gate) = mpsc::channel();
        let clock = Arc::new(GateClock { gate: Mutex::new(None) });
        let parts = Parts {
            db: server.app.db.clone(),
            clock: clock.clone(),
            password_cost: Cost::CHEAP,
            connect: Box::new(|listener| MemoryBroker::default().join(listener)),
        };
        let app = App::start(server.app.config.clone(), parts).unwrap();
        // A node asks for an id of its own when it starts.
        *clock.gate.lock() = Some((told, gate));
        let body = Login { username: username.to_owned(), password: password.to_owned() };
        let task = tokio::spawn(async move { sessions::sign_in(&app, &body, &device(), Language::En).await });
        Self { held, go_on, task }
    }

    /// Waits until it has checked the password.
    async fn is_held(&mut self) {
        timeout(PATIENCE, &mut self.held).await.unwrap().unwrap();
    }

    fn let_go(&self) {
        self.go_on.send(()).unwrap();
    }

    async fn outcome(self) -> Result<SignIn, charla_server::Error> {
        timeout(PATIENCE, self.task).await.unwrap().unwrap()
    }
}

/// Holds who first asks it for an id, once it has a gate: a sign-in does so for its session, once the password is found to be right.
#[derive(Debug)]
struct GateClock {
    gate: Mutex<Option<(oneshot::Sender<()>, mpsc::Receiver<()>)>>,
}

impl Clock for GateClock {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn ticks(&self) -> i64 {
        SystemClock.ticks()
    }

    fn id(&self) -> Uuid {
        let gate = self.gate.lock().take();
        if let Some((told, gate)) = gate {
            told.send(()).unwrap();
            tokio::task::block_in_place(|| gate.recv_timeout(PATIENCE)).unwrap();
        }
        SystemClock.id()
    }
}

fn device() -> ClientInfo {
    ClientInfo { ip: [127, 0, 0, 1].into(), is_https: false, host: None, user_agent: String::new() }
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
        // That the wrong one never gets to the clock shows that who is held there has been checked.
        let wrong = HeldSignIn::begin(&server, "maria", "wrong");
        assert_eq!(wrong.outcome().await.unwrap_err().code, ErrorCode::InvalidCredentials);
        let mut checked = HeldSignIn::begin(&server, "maria", PASSWORD);
        checked.is_held().await;
        checked.let_go();
        assert_eq!(checked.outcome().await.unwrap().user.username, "maria");

        let mut late = HeldSignIn::begin(&server, "maria", PASSWORD);
        late.is_held().await;
        assert_eq!(change(&server, &here.access, PASSWORD, NEW).await.status, 204);
        late.let_go();
        assert_eq!(late.outcome().await.unwrap_err().code, ErrorCode::InvalidCredentials);
        assert_eq!(login(&server, "maria", NEW).await.status, 200);
    }

    async fn the_command_line_ends_them_all(server: TestServer) {
        let here = register(&server, "maria").await;
        let app = &server.app;
        let set = |name: &'static str, password: &'static str| {
            accounts::set_password(&app.db, &SystemClock, &app.passwords, app.post.rules, name, password)
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
