//! A way to an S3 server on which one connection at a time can be held up.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use charla_testing::s3_url;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// Stands between a server and its storage.
pub(super) struct Gate {
    /// The `STORAGE_URL` that leads through it.
    pub(super) url: String,
    state: Arc<State>,
}

struct State {
    is_closed: AtomicBool,
    held: Semaphore,
    released: Semaphore,
}

impl Gate {
    pub(super) async fn build() -> Self {
        let straight = s3_url();
        let (start, server) = straight.split_once("endpoint=http://").unwrap();
        let (server, listener) = (server.to_owned(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let url = format!("{start}endpoint=http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            is_closed: AtomicBool::new(false),
            held: Semaphore::new(0),
            released: Semaphore::new(0),
        });
        tokio::spawn(let_through(listener, server, state.clone()));
        Self { url, state }
    }

    /// The next connection waits; those after it do not.
    pub(super) fn close(&self) {
        self.state.is_closed.store(true, Ordering::SeqCst);
    }

    /// Waits until a connection does.
    pub(super) async fn is_held(&self) {
        self.state.held.acquire().await.unwrap().forget();
    }

    /// Lets the one that waits go on.
    pub(super) fn open(&self) {
        self.state.released.add_permits(1);
    }
}

async fn let_through(listener: TcpListener, server: String, state: Arc<State>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (server, state) = (server.clone(), state.clone());
        tokio::spawn(async move {
            if state.is_closed.swap(false, Ordering::SeqCst) {
                state.held.add_permits(1);
                state.released.acquire().await.unwrap().forget();
            }
            let mut far = TcpStream::connect(server).await.unwrap();
            // However it ends.
            copy_bidirectional(&mut near, &mut far).await.ok();
        });
    }
}
