//! Nodes that write down what they hear.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use charla_broker::{Broker, Delivery, Link, Listener, RedisBroker, RedisSettings, Topic};
use charla_protocol::RoomId;
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

/// Far more than anything takes, on a machine that is busy too.
const PATIENCE: Duration = Duration::from_secs(40);

/// Joins a node to the layer.
pub(crate) struct Layer(pub(crate) Box<Join>);

type Join = dyn Fn(Arc<dyn Listener>) -> Arc<dyn Broker>;

impl Layer {
    /// Redis at this URL. The prefix keeps apart the cases that share a server.
    pub(crate) fn redis(url: &str, prefix: &str) -> Self {
        let mark = if url.contains('?') { '&' } else { '?' };
        let settings: RedisSettings = format!("{url}{mark}prefix={prefix}").parse().unwrap();
        Self(Box::new(move |listener| RedisBroker::connect(settings.clone(), &[7; 32], &listener)))
    }

    /// A node whose link is live.
    pub(crate) async fn node(&self) -> Node {
        let mut node = self.early_node();
        if node.broker.link() == Link::Away {
            node.hears_link(Link::Live).await;
        }
        node
    }

    /// A node whose link may still have to come.
    pub(crate) fn early_node(&self) -> Node {
        self.slow_node(Duration::ZERO)
    }

    /// A node that is busy for so long with each delivery.
    pub(crate) fn slow_node(&self, each: Duration) -> Node {
        let (sender, heard) = mpsc::unbounded_channel();
        let listener: Arc<dyn Listener> = Arc::new(Ear { sender, each });
        let broker = self.0(listener.clone());
        Node { broker, heard, _listener: listener }
    }
}

#[derive(Debug)]
struct Ear {
    sender: mpsc::UnboundedSender<Heard>,
    each: Duration,
}

#[derive(Debug)]
enum Heard {
    Delivery(Topic, Delivery),
    Link(Link),
}

impl Listener for Ear {
    fn deliver(&self, topic: Topic, delivery: &Delivery) {
        if !self.each.is_zero() {
            std::thread::sleep(self.each);
        }
        self.sender.send(Heard::Delivery(topic, delivery.clone())).ok();
    }

    fn link(&self, link: Link) {
        self.sender.send(Heard::Link(link)).ok();
    }
}

pub(crate) struct Node {
    pub(crate) broker: Arc<dyn Broker>,
    heard: mpsc::UnboundedReceiver<Heard>,
    _listener: Arc<dyn Listener>,
}

impl Node {
    pub(crate) async fn subscribed(&self, topics: impl IntoIterator<Item = Topic>) {
        topics.into_iter().for_each(|topic| self.broker.subscribe(topic));
        timeout(PATIENCE, self.broker.settled()).await.expect("settled");
    }

    pub(crate) fn says(&self, topic: Topic, revision: i64) {
        self.broker.publish(topic, &change(revision));
    }

    /// The next delivery is this one.
    pub(crate) async fn hears(&mut self, topic: Topic, revision: i64) {
        assert_eq!(self.next_delivery().await, (topic, change(revision)));
    }

    pub(crate) async fn next_delivery(&mut self) -> (Topic, Delivery) {
        loop {
            if let Heard::Delivery(topic, delivery) = self.next().await {
                return (topic, delivery);
            }
        }
    }

    /// The next delivery is this one, and nothing is said about the link before it.
    pub(crate) async fn hears_steadily(&mut self, topic: Topic, revision: i64) {
        match self.next().await {
            Heard::Delivery(heard, delivery) => assert_eq!((heard, delivery), (topic, change(revision))),
            Heard::Link(link) => panic!("the link is {link:?} before {revision}"),
        }
    }

    /// Passes over everything up to this word about the link.
    pub(crate) async fn hears_link(&mut self, link: Link) {
        while !matches!(self.next().await, Heard::Link(heard) if heard == link) {}
    }

    /// Nothing more has come by now.
    pub(crate) fn has_heard_nothing(&mut self) -> bool {
        self.heard.try_recv().is_err()
    }

    async fn next(&mut self) -> Heard {
        timeout(PATIENCE, self.heard.recv())
            .await
            .expect("something is heard in time")
            .expect("the ear lives")
    }
}

pub(crate) fn change(revision: i64) -> Delivery {
    let text = Bytes::from(format!("{{\"type\":\"message\",\"text\":\"„{revision}“\"}}"));
    Delivery::Change { revision, seq: revision, text, keeping: None, removes: None }
}

pub(crate) fn room(number: u128) -> Topic {
    Topic::Room(RoomId(Uuid::from_u128(number)))
}
