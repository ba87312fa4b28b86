//! Mails: which are written, what stands in them, and how they leave.
//!
//! Whoever changes something puts a row for its mail into the queue, in the same transaction (`rules`). The job
//! (`jobs/mail.rs`) makes a letter of it when it is sent (`letter`), links included, and hands it on (`transport`).

mod letter;
mod rules;
mod transport;

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Notify, watch};

use crate::config::Config;

pub use letter::{Content, Letter};
pub use rules::{Facts, Kind, Rules};
pub use transport::{Failure, Refusal, Transport};

/// A node's part in the sending of mails.
#[derive(Debug)]
pub struct Post {
    pub rules: Rules,
    pub transport: Transport,
    bell: Notify,
    asked: AtomicU64,
    answered: watch::Sender<u64>,
}

impl Post {
    /// # Errors
    /// Where the mail server's certificate can't be read.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            rules: Rules::of(config),
            transport: Transport::of(config)?,
            bell: Notify::new(),
            asked: AtomicU64::new(0),
            answered: watch::Sender::new(0),
        })
    }

    /// There is something new in the queue: it is sent at once.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Waits until all that is due now has been tried, on a node that runs and sends mails.
    pub async fn flush(&self) {
        if !self.rules.are_on() {
            return;
        }
        let ask = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.ring();
        // The sender is in `self`: it can't go away.
        self.answered.subscribe().wait_for(|answered| *answered >= ask).await.ok();
    }

    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// How many have asked for a flush: whoever goes through the queue after this answers them.
    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn answer(&self, asked: u64) {
        self.answered.send_replace(asked);
    }
}
