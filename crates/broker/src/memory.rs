//! Nodes of one process. A single node has nobody to tell, and pays nothing.

use std::{
    collections::HashSet,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::future::{self, BoxFuture};
use parking_lot::{Mutex, RwLock};

use crate::{Broker, Delivery, Link, Listener, Topic};

/// Joins the nodes of one process.
#[derive(Clone, Debug, Default)]
pub struct MemoryBroker {
    nodes: Arc<RwLock<Vec<Weak<Node>>>>,
}

#[derive(Debug)]
struct Node {
    listener: Arc<dyn Listener>,
    topics: Mutex<HashSet<Topic>>,
    peers: Arc<RwLock<Vec<Weak<Node>>>>,
    is_cut: AtomicBool,
    /// Whether it has published while it was cut off.
    has_lost: AtomicBool,
}

impl MemoryBroker {
    /// Adds a node; it leaves when the returned broker is dropped.
    pub fn join(&self, listener: Arc<dyn Listener>) -> Arc<dyn Broker> {
        let node = Arc::new(Node {
            listener,
            topics: Mutex::default(),
            peers: self.nodes.clone(),
            is_cut: AtomicBool::new(false),
            has_lost: AtomicBool::new(false),
        });
        let mut nodes = self.nodes.write();
        nodes.retain(|node| node.strong_count() > 0);
        nodes.push(Arc::downgrade(&node));
        node
    }

    /// For tests: cuts the link of one of the nodes, which is told so. What it publishes, and what the others do, is lost to
    /// each other until [`MemoryBroker::mend`].
    pub fn cut(&self, broker: &Arc<dyn Broker>) {
        if let Some(node) = self.node(broker) {
            node.is_cut.store(true, Ordering::SeqCst);
            node.listener.link(Link::Away);
        }
    }

    /// For tests: joins the node again, which is told so; the others are too, where it could not publish something.
    pub fn mend(&self, broker: &Arc<dyn Broker>) {
        let Some(node) = self.node(broker) else { return };
        node.is_cut.store(false, Ordering::SeqCst);
        node.listener.link(Link::Live);
        if node.has_lost.swap(false, Ordering::SeqCst) {
            for peer in node.others().into_iter().filter(|peer| peer.link() == Link::Live) {
                peer.listener.link(Link::Live);
            }
        }
    }

    fn node(&self, broker: &Arc<dyn Broker>) -> Option<Arc<Node>> {
        let nodes = self.nodes.read();
        let mut nodes = nodes.iter().filter_map(Weak::upgrade);
        nodes.find(|node| std::ptr::addr_eq(Arc::as_ptr(node), Arc::as_ptr(broker)))
    }
}

impl Node {
    fn others(&self) -> Vec<Arc<Self>> {
        let peers = self.peers.read();
        if peers.len() < 2 {
            return Vec::new();
        }
        let peers = peers.iter().filter_map(Weak::upgrade);
        peers.filter(|peer| !std::ptr::eq(&raw const **peer, self)).collect()
    }
}

impl Broker for Node {
    fn publish(&self, topic: Topic, delivery: &Delivery) {
        if self.link() == Link::Away {
            self.has_lost.store(true, Ordering::SeqCst);
            return;
        }
        for peer in self.others() {
            let is_wanted = || topic == Topic::Nodes || peer.topics.lock().contains(&topic);
            if peer.link() == Link::Live && is_wanted() {
                peer.listener.deliver(topic, delivery);
            }
        }
    }

    fn subscribe(&self, topic: Topic) {
        self.topics.lock().insert(topic);
    }

    fn unsubscribe(&self, topic: Topic) {
        self.topics.lock().remove(&topic);
    }

    fn settled(&self) -> BoxFuture<'_, ()> {
        Box::pin(future::ready(()))
    }

    fn flushed(&self) -> BoxFuture<'_, ()> {
        Box::pin(future::ready(()))
    }

    fn link(&self) -> Link {
        if self.is_cut.load(Ordering::SeqCst) { Link::Away } else { Link::Live }
    }
}
