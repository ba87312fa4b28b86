//! A client that stays: connects, keeps timelines, catches up, repeats sends, and comes back after every break.

mod events;
mod fetch;
mod link;
mod receipt;
mod room;
mod shared;
mod task;

use std::{sync::Arc, time::Duration};

use charla_protocol::{RoomId, actions::ClientFrame, events::ServerFrame};
use tokio::sync::{broadcast, mpsc, watch};

pub use receipt::{Receipt, Sent};
pub use room::{LiveRoom, Snapshot};

use crate::{Backoff, Client, Error, Result};
use shared::Shared;
use task::{Command, Task};

/// What can be chosen about a [`LiveClient`].
#[derive(Clone, Copy, Debug)]
pub struct LiveOptions {
    /// For jitter and client ids. None: a different one each time.
    pub seed: Option<u64>,
    /// Whether to keep every room of the account, or only those that [`LiveClient::room`] was asked for.
    pub follow_all: bool,
    /// Messages a page, 1 to 200.
    pub page: u32,
    /// With more revisions than this missing, the newest page is loaded instead of all changes.
    pub too_far: i64,
    /// How many pages are asked for at a time, over all rooms.
    pub max_fetches: usize,
    /// Between attempts to connect, to fetch, and to send.
    pub backoff: Backoff,
    /// A send without an answer after this is repeated.
    pub answer_within: Duration,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            seed: None,
            follow_all: true,
            page: 50,
            too_far: 500,
            max_fetches: 8,
            backoff: Backoff::default(),
            answer_within: Duration::from_secs(5),
        }
    }
}

/// How the connection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Connecting,
    /// `hello` has come.
    Online,
    /// Cut off; it will try again.
    Waiting,
    /// It will not come back: signed out, refused, or closed.
    Ended(String),
}

/// The account's rooms, kept up to date by a task that ends when the last clone and the last [`LiveRoom`] are dropped.
#[derive(Clone, Debug)]
pub struct LiveClient {
    shared: Arc<Shared>,
    commands: mpsc::UnboundedSender<Command>,
}

impl LiveClient {
    /// Starts the task. The client must be signed in.
    pub fn start(client: Client, options: LiveOptions) -> Self {
        let shared = Arc::new(Shared::new(client, options.seed));
        // Not bounded: what waits in it are the caller's own sends, which the outbox has to keep anyhow.
        let (commands, receiver) = mpsc::unbounded_channel();
        tokio::spawn(Task::new(Arc::clone(&shared), options, receiver).run());
        Self { shared, commands }
    }

    /// One room; it is kept from now on.
    pub fn room(&self, id: RoomId) -> LiveRoom {
        self.command(Command::Follow(id));
        LiveRoom::new(id, Arc::clone(&self.shared), self.commands.clone())
    }

    /// The rooms that are kept.
    pub fn rooms(&self) -> Vec<RoomId> {
        self.shared.rooms.lock().keys().copied().collect()
    }

    /// How the connection stands, and every change of that.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.shared.status.subscribe()
    }

    /// Every frame from now on. A receiver that lags loses the oldest.
    pub fn frames(&self) -> broadcast::Receiver<Arc<ServerFrame>> {
        self.shared.frames.subscribe()
    }

    /// A number that grows with every change of any room or of the connection.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.version.subscribe()
    }

    /// Sends an action without waiting for an answer. It is lost where there is no connection.
    pub fn act(&self, frame: ClientFrame) {
        self.command(Command::Act(Box::new(frame)));
    }

    /// Drops the connection without a word, as a broken network would. It comes back by itself.
    pub fn cut(&self) {
        self.command(Command::Cut);
    }

    /// Closes the connection for good. What has no answer yet is given up.
    pub async fn close(&self) {
        self.command(Command::Close);
        self.commands.closed().await;
    }

    /// Waits until the connection stands.
    ///
    /// # Errors
    /// [`Error::Timeout`], [`Error::Ended`]
    pub async fn online(&self, timeout: Duration) -> Result<()> {
        let mut status = self.status();
        let settled = status.wait_for(|status| matches!(status, Status::Online | Status::Ended(_)));
        match tokio::time::timeout(timeout, settled).await {
            Ok(Ok(status)) => match &*status {
                Status::Ended(reason) => Err(Error::Ended(reason.clone())),
                _ => Ok(()),
            },
            Ok(Err(_)) => Err(Error::Ended("dropped".to_owned())),
            Err(_) => Err(Error::Timeout(timeout)),
        }
    }

    /// Waits until a room is as the condition has it.
    ///
    /// # Errors
    /// [`Error::Timeout`], [`Error::Ended`]
    pub async fn wait_until(
        &self,
        room: RoomId,
        condition: impl FnMut(&Snapshot) -> bool,
        timeout: Duration,
    ) -> Result<Snapshot> {
        self.room(room).wait_until(condition, timeout).await
    }

    fn command(&self, command: Command) {
        // A task that has ended takes no commands; its status says so.
        drop(self.commands.send(command));
    }
}
