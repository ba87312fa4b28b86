//! The one connection of a live client: down, being opened, or up.

use std::{future::pending, time::Duration, time::Instant};

use tokio::task::JoinHandle;

use crate::{Client, Door, Error, Incoming, Result, Socket};

/// A server that takes nothing off the connection for this long is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// Opening the connection takes at most this.
const OPEN_WITHIN: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub(super) enum Link {
    /// Try again then.
    Down {
        until: Instant,
    },
    Opening(JoinHandle<Result<Box<Socket>>>),
    Up {
        socket: Box<Socket>,
        heartbeat: Option<Duration>,
    },
}

/// What became of the link.
#[derive(Debug)]
pub(super) enum Turn {
    /// It is time to open it.
    Due,
    Opened(Box<Socket>),
    Came(Incoming),
    Failed(Error),
}

impl Link {
    pub(super) fn open(client: Client) -> Self {
        Self::Opening(tokio::spawn(async move {
            let opened = tokio::time::timeout(OPEN_WITHIN, client.socket(Door::All)).await;
            opened.unwrap_or(Err(Error::Timeout(OPEN_WITHIN))).map(Box::new)
        }))
    }

    /// Waits for the next turn. Safe to drop while it waits.
    pub(super) async fn turn(&mut self) -> Turn {
        match self {
            Self::Down { until } => {
                tokio::time::sleep_until((*until).into()).await;
                Turn::Due
            }
            Self::Opening(opening) => match opening.await {
                Ok(Ok(socket)) => Turn::Opened(socket),
                Ok(Err(error)) => Turn::Failed(error),
                Err(error) => Turn::Failed(Error::Ended(error.to_string())),
            },
            Self::Up { socket, heartbeat } => listen(socket, *heartbeat).await,
        }
    }

    /// The socket, once `hello` has come.
    pub(super) fn greeted(&mut self) -> Option<&mut Socket> {
        match self {
            Self::Up { socket, heartbeat: Some(_) } => Some(socket),
            _ => None,
        }
    }

    /// Sends over a greeted socket; without one that is an error like any other.
    pub(super) async fn send(&mut self, frame: &charla_protocol::actions::ClientFrame) -> Result<()> {
        let Some(socket) = self.greeted() else { return Err(Error::Ended("not connected".to_owned())) };
        let sent = tokio::time::timeout(SEND_WITHIN, socket.send(frame)).await;
        sent.unwrap_or(Err(Error::Timeout(SEND_WITHIN)))
    }
}

/// The next frame, or the server's silence for longer than two heartbeats.
async fn listen(socket: &mut Socket, heartbeat: Option<Duration>) -> Turn {
    let patience = heartbeat.map_or(OPEN_WITHIN, |heartbeat| heartbeat * 2 + Duration::from_secs(5));
    loop {
        let deadline = socket.last_heard() + patience;
        tokio::select! {
            came = socket.next() => return came.map_or_else(Turn::Failed, Turn::Came),
            () = tokio::time::sleep_until(deadline.into()) => {}
        }
        // A ping may have come meanwhile.
        if socket.last_heard() + patience <= Instant::now() {
            return Turn::Failed(Error::Timeout(patience));
        }
    }
}

/// Waits until then, or for ever.
pub(super) async fn sleep_until(when: Option<Instant>) {
    match when {
        Some(when) => tokio::time::sleep_until(when.into()).await,
        None => pending().await,
    }
}
