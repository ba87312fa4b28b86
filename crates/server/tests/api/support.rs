//! Short ways of saying what tests say often.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use charla_client::{Client, Door, Error, Incoming, Result, Socket};
use charla_db::{Db, queries, tables};
use charla_protocol::{
    ErrorCode, MessageId, RoomId, UserId,
    actions::{Action, ClientFrame},
    events::{Event, StatusAction},
    messages::{Message, MessageType, SendMessage},
    users::{Friendship, Me},
};
use charla_server::ops::accounts::{self, Form};
use charla_services::Proxy;
use charla_testing::{PASSWORD, TestDb, TestServer};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Long enough for any machine; nothing waits that long where all is well.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn text(room: RoomId, content: &str) -> SendMessage {
    SendMessage {
        room,
        content: content.to_owned(),
        message_type: MessageType::Text,
        reply_to_id: None,
        attachment_ids: Vec::new(),
        client_id: None,
    }
}

pub(crate) async fn say(client: &Client, room: RoomId, content: &str) -> Message {
    client.send_message(&text(room, content)).await.expect("the message is stored").value
}

/// The status and code of a refusal.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T>) -> (u16, ErrorCode) {
    let error = result.expect_err("a refusal");
    (error.status().expect("an answer"), error.code().expect("a problem"))
}

pub(crate) async fn open(client: &Client, door: Door) -> Socket {
    let mut socket = client.socket(door).await.expect("the door opens");
    socket.hello().await.expect("hello comes first");
    socket
}

/// The next event for which `pick` gives something.
pub(crate) async fn wait_for<T>(socket: &mut Socket, mut pick: impl FnMut(Event) -> Option<T>) -> T {
    let waiting = async {
        loop {
            match socket.next().await.expect("the socket lives") {
                Incoming::Frame(frame) => {
                    if let Some(found) = pick(frame.event) {
                        return found;
                    }
                }
                Incoming::Unknown { .. } => {}
                Incoming::Closed { code, reason } => panic!("closed: {code:?} {reason:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("the event comes")
}

/// The code with which the server ends the socket.
pub(crate) async fn wait_for_close(socket: &mut Socket) -> Option<u16> {
    wait_for_goodbye(socket).await.0
}

/// The code with which the server ends the socket, and why.
pub(crate) async fn wait_for_goodbye(socket: &mut Socket) -> (Option<u16>, String) {
    let waiting = async {
        loop {
            match socket.next().await {
                Ok(Incoming::Closed { code, reason }) => return (code, reason),
                Ok(_) => {}
                Err(error) => panic!("no close frame: {error}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("the socket is closed")
}

/// Everything up to the `pong` that answers a `ping` sent now: what had been on its way before.
pub(crate) async fn drain(socket: &mut Socket) -> Vec<Event> {
    act(socket, None, None, Action::Ping).await;
    let mut events = Vec::new();
    wait_for(socket, |event| match event {
        Event::Pong(_) => Some(()),
        event => {
            events.push(event);
            None
        }
    })
    .await;
    events
}

pub(crate) async fn act(
    socket: &mut Socket,
    room_id: Option<RoomId>,
    client_id: Option<&str>,
    action: Action,
) {
    let frame = ClientFrame { room_id, client_id: client_id.map(ToOwned::to_owned), action };
    socket.send(&frame).await.expect("the frame is sent");
}

pub(crate) fn send_action(content: &str) -> Action {
    Action::SendMessage {
        content: content.to_owned(),
        message_type: MessageType::Text,
        reply_to_id: None,
        attachment_ids: Vec::new(),
    }
}

pub(crate) fn ids(messages: &[Message]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

/// Somebody who may do everything.
pub(crate) async fn staff(server: &TestServer) -> Client {
    superuser(server, "root").await
}

/// The same under a name, whoever may sign up.
pub(crate) async fn superuser(server: &TestServer, username: &str) -> Client {
    let app = &server.app;
    let form = Form { username, password: PASSWORD, ..Form::default() };
    accounts::create_superuser(&app.db, &*app.clock, &app.passwords, app.config.direct_messages, form)
        .await
        .expect("the account can be made");
    let client = server.anonymous();
    client.login(username, PASSWORD).await.expect("it can sign in");
    client
}

/// Makes somebody who is there already one of the staff.
pub(crate) async fn make_staff(server: &TestServer, person: &Me) {
    let tx = server.app.db.begin().await.expect("a transaction begins");
    let row =
        queries::users::find(&tx, person.user.id).await.expect("an answer").expect("the account is there");
    let staff = tables::users::Model { is_staff: true, ..row };
    queries::users::update(&tx, staff).await.expect("the row is written");
    tx.commit().await.expect("it is committed");
}

/// Both ask: the two are friends.
pub(crate) async fn befriend((one, one_id): (&Client, UserId), (other, other_id): (&Client, UserId)) {
    one.request_friendship(other_id).await.expect("the one may ask");
    let outcome = other.request_friendship(one_id).await.expect("so may the other").value;
    assert_eq!((outcome.user.friendship, outcome.request), (Friendship::Friends, None));
}

/// The way to a database through a proxy.
pub(crate) async fn proxied(url: &str) -> (String, Proxy) {
    let mut url = url::Url::parse(url).expect("the database has an address");
    let port = url.port().expect("it has a port");
    let proxy = Proxy::start(SocketAddr::from(([127, 0, 0, 1], port))).await.expect("a port is free");
    url.set_port(Some(proxy.address().port())).expect("the address takes another port");
    (url.to_string(), proxy)
}

/// A server whose connections to its database can be made worse.
pub(crate) async fn behind_a_proxy(db: Arc<TestDb>) -> (TestServer, Proxy) {
    let (url, proxy) = proxied(&db.url).await;
    let settings = Arc::new(move |config: &mut charla_server::Config| config.database_url.clone_from(&url));
    let server = TestServer::start_on(db, Arc::default(), settings, ([127, 0, 0, 1], 0).into()).await;
    (server, proxy)
}

/// Ana, and Bob with his id: each sees the other come and go.
pub(crate) async fn acquaintances(server: &TestServer) -> (Client, Client, UserId) {
    let (ana, _) = server.person("ana").await;
    let (bob, bob_user) = server.person("bob").await;
    ana.direct_chat(bob_user.user.id).await.expect("they may write to each other");
    (ana, bob, bob_user.user.id)
}

/// What a `user_status` says of whom.
pub(crate) type Status = (StatusAction, UserId);

fn status(event: &Event) -> Option<Status> {
    match event {
        Event::UserStatus(status) => Some((status.action, status.user_id)),
        _ => None,
    }
}

pub(crate) async fn next_status(socket: &mut Socket) -> Status {
    wait_for(socket, |event| status(&event)).await
}

/// Those that have come by now.
pub(crate) async fn statuses(socket: &mut Socket) -> Vec<Status> {
    drain(socket).await.iter().filter_map(status).collect()
}

/// The names of the fields for which something was rejected.
pub(crate) fn rejected<T: std::fmt::Debug>(result: Result<T>) -> Vec<String> {
    let error = result.expect_err("a refusal");
    assert!(matches!(error, Error::Problem { .. }), "{error}");
    error.rejected().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// Waits until some statement waits for a lock of PostgreSQL.
pub(crate) async fn somebody_waits(db: &Db) {
    let waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND database = \
                   (SELECT oid FROM pg_database WHERE datname = current_database())";
    while db
        .read()
        .query_one_raw(Statement::from_string(DbBackend::Postgres, waiting))
        .await
        .unwrap()
        .is_none()
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
