//! The channel layer: how nodes tell each other what to deliver.
//!
//! The database is the truth; the broker is only the messenger. It may lose, double or reorder: a gap in the numbers
//! of a room repairs itself. A node delivers to its own sockets itself, at once, and publishes for the other nodes.

mod delivery;
mod memory;

use std::{fmt::Debug, sync::Arc};

use futures_util::future::BoxFuture;

pub use delivery::{Audience, Delivery, News, Privacy, Topic};
pub use memory::{Fate, Judge, MemoryBroker, Wire};

/// Whether the other nodes can be told, and heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Live,
    /// Nothing is published or received. What is subscribed meanwhile is in force once the link is live again.
    Away,
}

/// The receiving end of a node.
pub trait Listener: Debug + Send + Sync {
    /// Takes what another node has published. Must not block.
    fn deliver(&self, topic: Topic, delivery: &Delivery);

    /// The link has broken, or come back with everything subscribed anew: what was published meanwhile is lost. Must not block.
    fn link(&self, link: Link);
}

/// A channel layer.
pub trait Broker: Debug + Send + Sync {
    /// Sends to the listeners of all other nodes that have subscribed the topic. Never waits; lost where the link is away.
    fn publish(&self, topic: Topic, delivery: &Delivery);

    /// From now on this node wants the topic. It takes a moment until that is in force: see [`Broker::settled`].
    fn subscribe(&self, topic: Topic);

    /// This node wants the topic no longer.
    fn unsubscribe(&self, topic: Topic);

    /// Resolves once all that has been subscribed so far is in force, or the link is away.
    fn settled(&self) -> BoxFuture<'_, ()>;

    /// How the link is.
    fn link(&self) -> Link;
}

/// Makes a broker of its listener, once a node has both.
pub type Connect = Box<dyn FnOnce(Arc<dyn Listener>) -> Arc<dyn Broker> + Send>;
