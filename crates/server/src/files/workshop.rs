//! Where files are looked into: off the async threads, and only so many at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Files that are looked into side by side. A picture of the largest kind takes 400 MB while it is being decoded.
const BENCHES: u32 = 2;

/// How much of the workshop a piece of work takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    One,
    /// Nothing else goes on beside it: it needs much memory.
    All,
}

/// Bounds how much is worked on at once.
#[derive(Debug)]
pub struct Workshop(Arc<Semaphore>);

impl Default for Workshop {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BENCHES as usize)))
    }
}

impl Workshop {
    /// Does blocking work once there is a place for it. None where it panicked: a defect, logged by the panic hook.
    ///
    /// # Errors
    /// `internal` where the node goes down.
    pub async fn run<T: Send + 'static>(
        &self,
        share: Share,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let places = if share == Share::All { BENCHES } else { 1 };
        let held = Arc::clone(&self.0).acquire_many_owned(places).await.map_err(Error::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Also where who asked has gone: the work goes on, and so does what it holds.
            drop(held);
            done
        });
        Ok(done.await.ok())
    }
}
