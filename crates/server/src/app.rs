//! What every request has at hand.

use std::{ops::Deref, sync::Arc};

use charla_broker::{Broker, Connect};
use charla_db::{Db, Lanes, Notice};
use tokio::sync::mpsc;

use crate::{
    auth::{Passwords, Tokens},
    clock::Clock,
    config::Config,
};

/// A handle on the running node; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

/// The parts of a node.
#[derive(Debug)]
pub struct Inner {
    pub config: Config,
    pub db: Db,
    pub lanes: Lanes,
    pub clock: Arc<dyn Clock>,
    pub tokens: Tokens,
    pub passwords: Passwords,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
