//! Nodes that find each other through Redis: alone, behind Sentinels, or as a cluster.
//!
//! One task owns the connections. It subscribes what the node wants, tells the listener that the link is live, and works until
//! something breaks; then it tells that too, drops everything, and begins anew, forever. Callers never wait for it: topics that
//! are wanted stand in a set, publications in a bounded queue.
//!
//! Whoever could not publish something says so once it can again (`Message::Missed`): the others take that as a break of
//! their own, and look at the database.

mod channels;
mod cluster;
mod connection;
mod error;
mod foreign;
mod meter;
mod probe;
mod queue;
mod receiver;
mod sentinel;
mod settings;
mod shards;
mod shared;
mod slots;
mod task;
mod tls;
mod wire;
mod wishes;

use std::{sync::Arc, time::Duration};

use charla_metrics::Text;
use futures_util::future::BoxFuture;
use tokio::task::AbortHandle;
use uuid::Uuid;

pub use settings::RedisSettings;

use self::{queue::Publication, shared::Shared, task::Task, wire::Pen};
use crate::{Broker, Delivery, Link, Listener, Topic};

/// A node's part in a channel layer that Redis carries. It leaves when this is dropped.
#[derive(Debug)]
pub struct RedisBroker {
    pen: Pen,
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl RedisBroker {
    /// Has a message go from one connection to another as from node to node, and gives how long it took.
    ///
    /// # Errors
    /// What stands in the way, without secrets.
    pub async fn probe(settings: RedisSettings, key: &[u8; 32]) -> Result<Duration, String> {
        probe::probe(settings, key).await
    }

    /// Begins to connect, within the runtime of the caller, and goes on trying for as long as it takes. The listener is not kept
    /// alive: with it gone, nothing is received any more. All nodes have the same key, which nobody else knows: what is not sealed
    /// with it is not believed.
    pub fn connect(settings: RedisSettings, key: &[u8; 32], listener: &Arc<dyn Listener>) -> Arc<dyn Broker> {
        let pen = Pen::new(Uuid::new_v4(), key);
        let shared = Arc::new(Shared::default());
        let task = Task::new(settings, pen.clone(), shared.clone(), Arc::downgrade(listener));
        let task = tokio::spawn(task.run()).abort_handle();
        Arc::new(Self { pen, shared, task })
    }
}

impl Drop for RedisBroker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Broker for RedisBroker {
    fn publish(&self, topic: Topic, delivery: &Delivery) {
        let is_fleeting = delivery.is_fleeting();
        if self.shared.queue.is_open(is_fleeting) {
            let message = self.pen.encode(topic, delivery);
            self.shared.queue.push(Publication { topic, message, is_fleeting });
            self.shared.wake.notify_one();
        }
    }

    fn subscribe(&self, topic: Topic) {
        self.shared.wishes.want(topic);
        self.shared.wake.notify_one();
    }

    fn unsubscribe(&self, topic: Topic) {
        self.shared.wishes.want_no_longer(topic);
        self.shared.wake.notify_one();
    }

    fn settled(&self) -> BoxFuture<'_, ()> {
        let asked = self.shared.wishes.asked();
        Box::pin(self.shared.until(move |progress| progress.settled >= asked))
    }

    fn flushed(&self) -> BoxFuture<'_, ()> {
        let published = self.shared.queue.published();
        Box::pin(self.shared.until(move |progress| progress.flushed >= published))
    }

    fn link(&self) -> Link {
        if self.shared.foreign.is_heard() { Link::Away } else { self.shared.link() }
    }

    fn expose(&self, text: &mut Text) {
        meter::expose(&self.shared, self.link(), text);
    }
}
