//! A TCP proxy that can be made worse while it is used. Unlike the servers it is asynchronous, and needs the caller's runtime.

mod carry;
mod pump;

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// How the way is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    pub passage: Passage,
    /// What each byte takes, in each direction. Bytes on their way are bounded: a long way is a narrow one, too.
    pub latency: Duration,
    /// In each direction of each connection.
    pub bytes_per_s: Option<u32>,
}

/// Whether anything passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passage {
    #[default]
    Open,
    /// Nothing passes, the end of a connection neither; new ones stand and are silent. What was held goes on once it is open.
    Hole,
    /// New connections are ended at once. Those that there are stay as they are.
    Closed,
}

/// How a connection is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Both ends get an RST, and what was on its way is gone.
    Reset,
    /// Both ends get a FIN.
    Finish,
}

/// What is to become of one connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    #[default]
    Lives,
    Ends(Cut),
    /// After so many more bytes, both directions together.
    EndsAfter(u64),
    Vanishes,
}

#[derive(Debug)]
struct State {
    targets: Mutex<Vec<SocketAddr>>,
    weather: watch::Sender<Weather>,
    connections: Mutex<HashMap<u64, watch::Sender<Fate>>>,
    next: AtomicU64,
}

impl State {
    fn connections(&self) -> MutexGuard<'_, HashMap<u64, watch::Sender<Fate>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn targets(&self) -> MutexGuard<'_, Vec<SocketAddr>> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A proxy before one address. Dropping it ends its connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts one on a free port of the loopback address.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn start(target: SocketAddr) -> io::Result<Self> {
        Self::start_before(vec![target]).await
    }

    /// Starts one before several servers: each connection goes to the next of them, or to the one after where that refuses.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn start_before(targets: Vec<SocketAddr>) -> io::Result<Self> {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), targets).await
    }

    /// The same at an address.
    ///
    /// # Errors
    /// Where it can't be listened there.
    pub async fn start_at(address: SocketAddr, targets: Vec<SocketAddr>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            targets: Mutex::new(targets),
            weather: watch::Sender::default(),
            connections: Mutex::default(),
            next: AtomicU64::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How the way is from now on, for the connections that there are, too.
    pub fn set(&self, weather: Weather) {
        self.state.weather.send_replace(weather);
    }

    /// Where new connections go from now on.
    pub fn lead_to(&self, targets: Vec<SocketAddr>) {
        *self.state.targets() = targets;
    }

    /// Ends all connections.
    pub fn cut(&self, cut: Cut) {
        self.decide(Fate::Ends(cut));
    }

    /// Resets each connection after so many more bytes, in the middle of whatever they are.
    pub fn cut_after(&self, bytes: u64) {
        self.decide(Fate::EndsAfter(bytes));
    }

    /// From now on nothing passes on the connections that there are, for good, and neither end is told; new ones are well.
    pub fn vanish(&self) {
        self.decide(Fate::Vanishes);
    }

    /// How many connections there are, the vanished ones included.
    pub fn connections(&self) -> usize {
        self.state.connections().len()
    }

    fn decide(&self, fate: Fate) {
        for connection in self.state.connections().values() {
            connection.send_replace(fate);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut(Cut::Reset);
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    // An error is one of a connection that is gone before it was taken, or of too many open files, which passes.
    loop {
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        if state.weather.borrow().passage != Passage::Closed {
            tokio::spawn(serve(client, Arc::clone(&state)));
        }
    }
}

async fn serve(client: TcpStream, state: Arc<State>) {
    let number = state.next.fetch_add(1, Ordering::Relaxed);
    let (fate, decided) = watch::channel(Fate::default());
    state.connections().insert(number, fate);
    // Whoever is turned away there is turned away here: the connection is dropped.
    let targets = state.targets().clone();
    if let Some(server) = connect(&targets, number).await {
        carry::carry(client, server, state.weather.subscribe(), decided).await;
    }
    state.connections().remove(&number);
}

async fn connect(targets: &[SocketAddr], number: u64) -> Option<TcpStream> {
    let first = usize::try_from(number).unwrap_or_default();
    for at in 0..targets.len() {
        if let Ok(server) = TcpStream::connect(targets[first.wrapping_add(at) % targets.len()]).await {
            return Some(server);
        }
    }
    None
}
