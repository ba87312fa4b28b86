//! A server in the test's own process, on a port of its own.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use charla_broker::{MemoryBroker, Wire};
use charla_client::Client;
use charla_protocol::{
    rooms::{History, Room, Visibility},
    users::Me,
};
use charla_server::{App, Config, app::Parts, auth::Cost, serve};
use parking_lot::Mutex;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{DatabaseKind, ManualClock, Statements, TestDb, make_group, sign_up};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// Changes the settings of a test's server.
pub type Settings = Arc<dyn Fn(&mut Config) + Send + Sync>;

/// A running server with its database and its clock.
pub struct TestServer {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub db: Arc<TestDb>,
    pub statements: Arc<Statements>,
    /// Its link to the other nodes.
    pub wire: Wire,
    broker: MemoryBroker,
    address: SocketAddr,
    settings: Settings,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for TestServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestServer")
            .field("db", &self.db)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl TestServer {
    /// Starts a server on an empty database of that kind. Limits on rates are off.
    pub async fn start(kind: DatabaseKind) -> Self {
        Self::start_with(kind, |_| {}).await
    }

    /// The same with other settings.
    pub async fn start_with(
        kind: DatabaseKind,
        settings: impl Fn(&mut Config) + Send + Sync + 'static,
    ) -> Self {
        let db = Arc::new(TestDb::create(kind).await);
        Self::start_on(db, Arc::default(), Arc::new(settings), SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Another node on this one's database, with the same clock and other settings. Nothing is told between the two.
    pub async fn beside(&self, settings: impl Fn(&mut Config) + Send + Sync + 'static) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Self::start_on(self.db.clone(), self.clock.clone(), Arc::new(settings), address).await
    }

    /// Another node of the same cluster: same database, same clock, same settings, and each is told what the others do.
    pub async fn node(&self) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let (db, clock, settings) = (self.db.clone(), self.clock.clone(), self.settings.clone());
        Self::join(self.broker.clone(), db, clock, settings, address).await
    }

    /// Starts a server on a database that is there, under an address.
    ///
    /// # Panics
    /// Where it can't be started.
    pub async fn start_on(
        db: Arc<TestDb>,
        clock: Arc<ManualClock>,
        settings: Settings,
        address: SocketAddr,
    ) -> Self {
        Self::join(MemoryBroker::default(), db, clock, settings, address).await
    }

    async fn join(
        broker: MemoryBroker,
        db: Arc<TestDb>,
        clock: Arc<ManualClock>,
        settings: Settings,
        address: SocketAddr,
    ) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let mut config = Config {
            database_url: db.url.clone(),
            storage_url: db.storage_url(),
            data_dir: db.data_dir(),
            bind: address,
            ..Config::for_tests()
        };
        settings(&mut config);
        let mut connected = serve::open(&config).await.expect("the database can be opened");
        let statements = Arc::new(Statements::default());
        let heard = statements.clone();
        connected.watch(move |sql| heard.hear(sql));
        let held: Arc<Mutex<Option<Wire>>> = Arc::default();
        let parts = Parts {
            db: connected,
            clock: clock.clone(),
            password_cost: Cost::CHEAP,
            connect: Box::new({
                let (broker, held) = (broker.clone(), held.clone());
                move |listener| {
                    let (node, wire) = broker.join_by_wire(listener);
                    *held.lock() = Some(wire);
                    node
                }
            }),
        };
        let app = App::start(config, parts).expect("the node can be put together");
        app.look_at_settings().await.expect("the database answers");
        let wire = held.lock().take().expect("the node has joined the others");
        let (stop, stopped) = oneshot::channel();
        let serving = serve::serve(app.clone(), listener, async {
            // Without a sender the server is being dropped, and stops as well.
            stopped.await.ok();
        });
        let task = tokio::spawn(serving);
        Self {
            app,
            clock,
            db,
            statements,
            wire,
            broker,
            address,
            settings,
            stop: Some(stop),
            task: Some(task),
        }
    }

    /// Stops the server as SIGTERM does, and starts it again: same address, same database, same clock.
    ///
    /// # Panics
    /// Where it does not go down, or not come up.
    pub async fn restart(&mut self) {
        self.stop().await;
        let (broker, db, clock) = (self.broker.clone(), self.db.clone(), self.clock.clone());
        *self = Self::join(broker, db, clock, self.settings.clone(), self.address).await;
    }

    /// Stops the server as SIGTERM does.
    ///
    /// # Panics
    /// Where it does not go down.
    pub async fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(task) = self.task.take() {
            let ended =
                tokio::time::timeout(Duration::from_secs(15), task).await.expect("the server goes down");
            ended.expect("the server does not panic");
        }
    }

    /// `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client that is not signed in.
    ///
    /// # Panics
    /// Never: the address is one.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.url()).expect("the server's address is one")
    }

    /// Makes an account of that name, and signs it in.
    ///
    /// # Panics
    /// Where the name is taken.
    pub async fn person(&self, username: &str) -> (Client, Me) {
        let client = self.anonymous();
        let me = sign_up(&client, username).await;
        (client, me)
    }

    /// Makes a group with these people in it.
    ///
    /// # Panics
    /// Where it can't be made.
    pub async fn group(&self, owner: &Client, visibility: Visibility, people: &[&Me]) -> Room {
        make_group(owner, visibility, History::All, people).await
    }

    /// Makes a public group with these people in it, whose history begins for each with joining.
    ///
    /// # Panics
    /// Where it can't be made.
    pub async fn group_without_past(&self, owner: &Client, people: &[&Me]) -> Room {
        make_group(owner, Visibility::Public, History::FromJoin, people).await
    }
}
