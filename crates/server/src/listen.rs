//! Connections: taken, bounded in number and patience, and let go.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    extract::ConnectInfo,
    response::Response,
};
use http::Request;
use hyper::rt::{Read, Write};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use parking_lot::Mutex;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::{Service, ServiceExt};
use tower_http::timeout::TimeoutBody;

use crate::{auth::network, tls::Secured};

/// Connections of one address at most, while they are not WebSockets. An office behind one address stays far below.
const FROM_ONE_ADDRESS: usize = 1024;
/// Bytes of a request's head at most; more is 431.
const MAX_HEAD: usize = 64 * 1024;
/// How long to wait before taking the next connection after one could not be taken: mostly for want of open files.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// How long the other end may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request, from the end of the one before: longer than proxies keep their connections.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(75), body: Duration::from_secs(30) }
    }
}

/// Connections that are under way. Each task holds a receiver.
#[derive(Debug)]
pub struct Connections(watch::Sender<()>);

impl Connections {
    /// Lets each finish what it is at, and waits for the last one. WebSockets are no longer among them.
    pub async fn end(self) {
        self.0.send_replace(());
        self.0.closed().await;
    }
}

/// Serves the connections that come until `stop`, and gives those that are still under way.
///
/// With `tls` they come by that alone. `is_bounded` says whose number of connections counts.
pub async fn listen<S>(
    listener: &TcpListener,
    tls: Option<TlsAcceptor>,
    service: S,
    patience: Patience,
    is_bounded: impl Fn(IpAddr) -> bool,
    stop: impl Future<Output = ()>,
) -> Connections
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let connections = Connections(watch::Sender::new(()));
    let guests = Guests::default();
    tokio::pin!(stop);
    loop {
        let (stream, address) = tokio::select! {
            taken = take(listener) => taken,
            () = &mut stop => return connections,
        };
        let seat = match is_bounded(address.ip()) {
            true => guests.seat(network(address.ip())).map(Some),
            false => Ok(None),
        };
        // Who has all they may have is turned away without a word: an answer would cost what the bound is to save.
        if let Ok(seat) = seat {
            let guest = Guest { address, patience, ends: connections.0.subscribe(), _seat: seat };
            serve(stream, tls.clone(), service.clone(), guest);
        }
    }
}

async fn take(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(taken) => return taken,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}

/// Who has connected.
struct Guest {
    address: SocketAddr,
    patience: Patience,
    /// Says that the node goes down.
    ends: watch::Receiver<()>,
    _seat: Option<Seat>,
}

fn serve<S>(stream: TcpStream, tls: Option<TlsAcceptor>, service: S, guest: Guest)
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    tokio::spawn(async move {
        let Some(tls) = tls else { return guest.converse(TokioIo::new(stream), service).await };
        let service = service.map_request(|mut request: Request<Body>| {
            request.extensions_mut().insert(Secured);
            request
        });
        match timeout(guest.patience.head, tls.accept(stream)).await {
            Ok(Ok(stream)) => guest.converse(TokioIo::new(stream), service).await,
            Ok(Err(error)) => tracing::debug!(%error, address = %guest.address, "a connection is no TLS"),
            Err(_) => tracing::debug!(address = %guest.address, "a connection did not begin"),
        }
    });
}

impl Guest {
    /// Answers requests until the connection ends, or becomes a WebSocket.
    async fn converse<I, S>(mut self, io: I, service: S)
    where
        I: Read + Write + Unpin + Send + 'static,
        S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        let (address, patience) = (self.address, self.patience);
        let service = service.map_request(move |request: Request<Incoming>| {
            let mut request = request.map(|body| match body.is_end_stream() {
                // Around nothing the timeout would not say any more that nothing comes.
                true => Body::empty(),
                false => Body::new(TimeoutBody::new(patience.body, Box::pin(body))),
            });
            request.extensions_mut().insert(ConnectInfo(address));
            request
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience.head)
            .max_buf_size(MAX_HEAD)
            .serve_connection(io, TowerToHyperService::new(service))
            .with_upgrades();
        tokio::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = self.ends.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, %address, "a connection broke off");
        }
    }
}

/// How many connections each address has.
#[derive(Clone, Debug, Default)]
struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Guests {
    /// A place for one more connection.
    fn seat(&self, ip: IpAddr) -> Result<Seat, Full> {
        let mut guests = self.0.lock();
        let taken = guests.entry(ip).or_default();
        if *taken >= FROM_ONE_ADDRESS {
            return Err(Full);
        }
        *taken += 1;
        Ok(Seat { guests: self.clone(), ip })
    }
}

/// The address has all the connections it may have.
#[derive(Debug)]
struct Full;

/// A place of an address, given back when dropped.
#[derive(Debug)]
struct Seat {
    guests: Guests,
    ip: IpAddr,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut guests = self.guests.0.lock();
        if let Some(taken) = guests.get_mut(&self.ip) {
            *taken -= 1;
            if *taken == 0 {
                guests.remove(&self.ip);
            }
        }
    }
}

/// Lets the process have as many open files, and so connections, as the system allows it at most.
pub fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, ?limit, "the number of open files stays as it is");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const SHORT: Patience = Patience { head: Duration::from_millis(100), body: Duration::from_millis(100) };

    /// A server that answers each request once its body is there.
    async fn server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new().fallback(|body: axum::body::Bytes| async move { body });
        tokio::spawn(async move {
            listen(&listener, None, router, SHORT, |_| true, std::future::pending()).await;
        });
        address
    }

    /// What comes back to this until the server ends the connection.
    async fn answer(sent: &str) -> String {
        let mut stream = TcpStream::connect(server().await).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        tokio::time::timeout(Duration::from_secs(30), read)
            .await
            .unwrap_or_else(|_| panic!("{sent:?}"))
            .unwrap();
        answer
    }

    #[tokio::test]
    async fn who_does_not_go_on_is_let_go() {
        for head in ["", "GET / HTTP/1.1\r\nHost: a\r\n"] {
            assert_eq!(answer(head).await, "");
        }
        let stuck = answer("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf").await;
        assert!(stuck.starts_with("HTTP/1.1 400"), "{stuck}");
        let whole = answer("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhalf").await;
        assert!(whole.starts_with("HTTP/1.1 200") && whole.ends_with("half"), "{whole}");
    }

    #[test]
    fn an_address_has_so_many_connections_and_gets_them_back() {
        let guests = Guests::default();
        let ip = IpAddr::from([192, 0, 2, 1]);
        let mut seats: Vec<Seat> = (0..FROM_ONE_ADDRESS).map(|_| guests.seat(ip).unwrap()).collect();
        guests.seat(ip).unwrap_err();
        guests.seat(IpAddr::from([192, 0, 2, 2])).unwrap();
        seats.pop();
        seats.push(guests.seat(ip).unwrap());
        drop(seats);
        assert!(guests.0.lock().is_empty());
    }
}
