//! The channel layer: how nodes tell each other what to deliver.
//!
//! The database is the truth; the broker is only the messenger. It may lose, double or reorder: a gap in the numbers
//! of a room repairs itself, and a break is told. A node delivers to its own sockets itself, at once, and publishes for the
//! other nodes.

mod delivery;
mod memory;
mod redis;

use std::{fmt::Debug, sync::Arc};

use charla_metrics::Text;
use futures_util::future::BoxFuture;

pub use delivery::{Audience, Delivery, Looker, News, Privacy, Topic};
pub use memory::{Fate, Judge, MemoryBroker, Wire};
pub use redis::{RedisBroker, RedisSettings};

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

    /// The link has broken, or come back with everything subscribed anew: what was published meanwhile is lost. `Live` may come
    /// again without `Away` before it: something was lost on the way here all the same. Must not block.
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

    /// Resolves once all that has been subscribed and unsubscribed so far is in force, or the link is away: what was subscribed
    /// is in force then when the link is live again.
    fn settled(&self) -> BoxFuture<'_, ()>;

    /// Resolves once all that has been published so far is on its way to the others, or the link is away.
    fn flushed(&self) -> BoxFuture<'_, ()>;

    /// How the link is. It begins as `Away`, without a word to the listener, where it takes a moment until it stands; and is `Away`
    /// as well, without a word, while other nodes are heard and not understood: those of another version. Its end is told as `Live`.
    fn link(&self) -> Link;

    /// Whether there may be other nodes.
    fn has_peers(&self) -> bool {
        true
    }

    /// What is to be said of the way to the other nodes; nothing where there is none.
    fn expose(&self, _text: &mut Text) {}
}

/// Makes a broker of its listener, once a node has both.
pub type Connect = Box<dyn FnOnce(Arc<dyn Listener>) -> Arc<dyn Broker> + Send>;
