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
    trouble: Mutex<Trouble>,
}

/// What a test does to a node's link.
#[derive(Default)]
struct Trouble {
    is_cut: bool,
    /// The node itself finds nothing wrong.
    is_dead: bool,
    /// Something was to be published while it was cut off.
    has_lost: bool,
    judge: Option<Judge>,
    held: Vec<(Topic, Delivery)>,
}

/// Says what becomes of what is on its way to a node.
pub type Judge = Box<dyn Fn(Topic, &Delivery) -> Fate + Send>;

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Arrives,
    /// It stays away for good.
    IsLost,
    /// It comes with [`Wire::release`].
    IsHeld,
}

/// The link of one node, in a test's hand.
#[derive(Clone, Debug)]
pub struct Wire(Arc<Node>);

impl MemoryBroker {
    /// Adds a node; it leaves when the returned broker is dropped.
    pub fn join(&self, listener: Arc<dyn Listener>) -> Arc<dyn Broker> {
        self.add(listener)
    }

    /// The same, with the node's link in the hand of a test.
    pub fn join_by_wire(&self, listener: Arc<dyn Listener>) -> (Arc<dyn Broker>, Wire) {
        let node = self.add(listener);
        (node.clone(), Wire(node))
    }

    fn add(&self, listener: Arc<dyn Listener>) -> Arc<Node> {
        let (peers, topics, trouble) = (self.nodes.clone(), Mutex::default(), Mutex::default());
        let node = Arc::new(Node { listener, topics, peers, trouble });
        let mut nodes = self.nodes.write();
        nodes.retain(|node| node.strong_count() > 0);
        nodes.push(Arc::downgrade(&node));
        node
    }
}

impl Wire {
    /// Breaks the link: what is published by the node, or for it, is lost.
    pub fn cut(&self) {
        self.0.trouble.lock().is_cut = true;
        self.0.listener.link(Link::Away);
    }

    /// Brings the link back; where the node could not publish something meanwhile, the others are told of a break too.
    pub fn mend(&self) {
        let has_lost = {
            let mut trouble = self.0.trouble.lock();
            (trouble.is_cut, trouble.is_dead) = (false, false);
            std::mem::take(&mut trouble.has_lost)
        };
        self.0.listener.link(Link::Live);
        if has_lost {
            self.0
                .others()
                .iter()
                .filter(|peer| !peer.is_cut())
                .for_each(|peer| peer.listener.link(Link::Live));
        }
    }

    /// As a node does that dies: nobody hears of it any more, and it is not told why.
    pub fn kill(&self) {
        let mut trouble = self.0.trouble.lock();
        (trouble.is_cut, trouble.is_dead) = (true, true);
    }

    /// From now on asks what is to become of each delivery to the node.
    pub fn judge(&self, judge: impl Fn(Topic, &Delivery) -> Fate + Send + 'static) {
        self.0.trouble.lock().judge = Some(Box::new(judge));
    }

    /// Delivers what was held back, the last first, and holds nothing any more.
    pub fn release(&self) {
        let held = {
            let mut trouble = self.0.trouble.lock();
            trouble.judge = None;
            std::mem::take(&mut trouble.held)
        };
        for (topic, delivery) in held.into_iter().rev() {
            self.0.listener.deliver(topic, &delivery);
        }
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

    fn is_cut(&self) -> bool {
        self.trouble.lock().is_cut
    }

    fn receive(&self, topic: Topic, delivery: &Delivery) {
        if topic != Topic::Nodes && !self.topics.lock().contains(&topic) {
            return;
        }
        let arrives = {
            let mut trouble = self.trouble.lock();
            let fate = trouble.judge.as_ref().map_or(Fate::Arrives, |judge| judge(topic, delivery));
            if fate == Fate::IsHeld {
                trouble.held.push((topic, delivery.clone()));
            }
            !trouble.is_cut && fate == Fate::Arrives
        };
        if arrives {
            self.listener.deliver(topic, delivery);
        }
    }
}

impl Broker for Node {
    fn publish(&self, topic: Topic, delivery: &Delivery) {
        // Who receives it may publish in turn: nothing is locked meanwhile.
        let peers = self.others();
        let is_cut = {
            let mut trouble = self.trouble.lock();
            trouble.has_lost |= trouble.is_cut && !delivery.is_fleeting();
            trouble.is_cut
        };
        if !is_cut {
            peers.iter().for_each(|peer| peer.receive(topic, delivery));
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
        let trouble = self.trouble.lock();
        if trouble.is_cut && !trouble.is_dead { Link::Away } else { Link::Live }
    }

    fn has_peers(&self) -> bool {
        !self.others().is_empty()
    }
}

impl std::fmt::Debug for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trouble")
            .field("is_cut", &self.is_cut)
            .field("held", &self.held)
            .finish_non_exhaustive()
    }
}
