//! What a node does by itself. Several nodes do it side by side.

pub mod cleanup;
mod departures;
mod mail;
mod sessions;

use std::time::Duration;

use futures_util::future::join_all;
use parking_lot::Mutex;
use tokio::{sync::watch, task::JoinHandle};

use crate::App;

pub use departures::finish_departures;
pub use sessions::delete_dead;

/// How long a node that goes down waits for what its jobs have under way.
const FAREWELL: Duration = Duration::from_secs(3);
/// How often a node looks for what lies about.
const CLEAN_EVERY: Duration = Duration::from_secs(60 * 60);

/// The jobs of a node, while they run.
#[derive(Debug, Default)]
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

/// Starts all jobs; they run until the node goes down.
pub fn start(app: &App) {
    mail::start(app);
    sessions::start(app);
    departures::start(app);
    cleanup::start(app);
}

impl App {
    fn run_job(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.running.lock().push(tokio::spawn(job));
    }

    /// Waits for `done`; false where the node goes down first.
    async fn goes_on_after(&self, done: impl Future<Output = ()>) -> bool {
        let mut stop = self.jobs.stop.subscribe();
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => false,
            () = done => true,
        }
    }

    fn is_stopping(&self) -> bool {
        *self.jobs.stop.borrow()
    }

    /// Lets the jobs end what they have under way, and do no more.
    pub async fn stop_jobs(&self) {
        self.jobs.stop.send_replace(true);
        let running = std::mem::take(&mut *self.jobs.running.lock());
        if tokio::time::timeout(FAREWELL, join_all(running)).await.is_err() {
            tracing::warn!("some jobs did not end in time");
        }
    }
}
