//! Nodes of one process. A single node has nobody to tell, and pays nothing.

use std::{
    collections::HashSet,
    sync::{Arc, Weak},
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
}

impl MemoryBroker {
    /// Adds a node; it leaves when the returned broker is dropped.
    pub fn join(&self, listener: Arc<dyn Listener>) -> Arc<dyn Broker> {
        let node = Arc::new(Node { listener, topics: Mutex::default(), peers: self.nodes.clone() });
        let mut nodes = self.nodes.write();
        nodes.retain(|node| node.strong_count() > 0);
        nodes.push(Arc::downgrade(&node));
        node
    }
}

impl Broker for Node {
    fn publish(&self, topic: Topic, delivery: &Delivery) {
        let peers = self.peers.read();
        if peers.len() < 2 {
            return;
        }
        for peer in
            peers.iter().filter_map(Weak::upgrade).filter(|peer| !std::ptr::eq(&raw const **peer, self))
        {
            if topic == Topic::Nodes || peer.topics.lock().contains(&topic) {
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

    fn link(&self) -> Link {
        Link::Live
    }
}
