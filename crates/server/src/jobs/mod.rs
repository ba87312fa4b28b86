//! What a node does by itself. Several nodes do it side by side.

pub mod cleanup;
mod departures;
mod indexing;
mod mail;
mod read_marks;
mod sessions;
mod settings;

use std::time::Duration;

use parking_lot::Mutex;
use tokio::{sync::watch, task::JoinSet};

use crate::{App, metrics::Job};

pub use departures::{finish_departures, rename_rooms};
pub use indexing::Indexing;
pub use read_marks::check_read_marks;
pub use sessions::delete_dead;

/// How long a node that goes down waits for what its jobs have under way.
const FAREWELL: Duration = Duration::from_secs(3);
/// How often a node looks for what lies about.
const CLEAN_EVERY: Duration = Duration::from_secs(60 * 60);

/// The jobs of a node, while they run.
#[derive(Debug, Default)]
pub struct Jobs {
    stop: watch::Sender<bool>,
    running: Mutex<JoinSet<()>>,
}

/// Starts all jobs; they run until [`App::stop_jobs`].
pub fn start(app: &App) {
    mail::start(app);
    indexing::start(app);
    sessions::start(app);
    departures::start(app);
    read_marks::start(app);
    cleanup::start(app);
    settings::start(app);
}

impl App {
    fn run_job(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.running.lock().spawn(job);
    }

    /// Runs a job that goes over what lies about, at once and then every hour. What fails is logged, and done the next time.
    fn run_hourly<F>(&self, job: Job, pass: impl Fn(App) -> F + Send + 'static)
    where
        F: Future<Output = charla_db::Result<()>> + Send + 'static,
    {
        let app = self.clone();
        self.run_job(async move {
            loop {
                let done = pass(app.clone()).await;
                app.note_run(job, done.is_ok());
                if let Err(error) = done {
                    tracing::error!(%error, job = job.name(), "a job failed; it is tried again");
                }
                if !app.goes_on_after(tokio::time::sleep(CLEAN_EVERY)).await {
                    return;
                }
            }
        });
    }

    fn note_run(&self, job: Job, has_succeeded: bool) {
        self.metrics.work.ran(job, has_succeeded, self.clock.now());
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

    /// Lets the jobs end what they have under way, and do no more. What takes too long is cut off: each of them can be at any
    /// moment, as by a crash, and the next start goes on with it.
    pub async fn stop_jobs(&self) {
        self.jobs.stop.send_replace(true);
        let mut running = std::mem::take(&mut *self.jobs.running.lock());
        let ended = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, ended).await.is_err() {
            tracing::warn!("some jobs did not end in time");
            running.shutdown().await;
        }
    }
}
