//! One look at Redis, for whoever runs the server.

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::timeout};
use uuid::Uuid;

use super::{
    channels::Channels,
    receiver::Receiver,
    settings::RedisSettings,
    shards::{Order, Shards},
    shared::Shared,
    wire::Pen,
};
use crate::{Delivery, Link, Listener, Topic};

/// How long a message may take from one connection to the other.
const PATIENCE: Duration = Duration::from_secs(5);

/// What it takes from one node to another by way of Redis: subscribes as one node, publishes as another, and waits for the message.
///
/// # Errors
/// What stands in the way, without secrets.
pub(super) async fn probe(settings: RedisSettings, key: &[u8; 32]) -> Result<Duration, String> {
    let settings = Arc::new(settings);
    let ear = Arc::new(Ear::default());
    let listener: Arc<dyn Listener> = ear.clone();
    let mut hearing = open(&settings, key, Arc::downgrade(&listener)).await?;
    let mut telling = open(&settings, key, Arc::downgrade(&listener)).await?;
    let topic = Topic::User(Uuid::new_v4().into());
    send(&mut hearing, topic, Order::Subscribe).await?;
    let begin = Instant::now();
    let message = Pen::new(Uuid::new_v4(), key).encode(topic, &Delivery::Doubt);
    send(&mut telling, topic, Order::Publish(message)).await?;
    match timeout(PATIENCE, ear.heard.notified()).await {
        Ok(()) => Ok(begin.elapsed()),
        Err(_) => Err(format!("a message did not arrive within {} seconds", PATIENCE.as_secs())),
    }
}

async fn send(shards: &mut Shards, topic: Topic, order: Order) -> Result<(), String> {
    shards.send(std::iter::once((topic, order))).await.map_err(|error| error.to_string())
}

async fn open(
    settings: &Arc<RedisSettings>,
    key: &[u8; 32],
    listener: Weak<dyn Listener>,
) -> Result<Shards, String> {
    let pen = Pen::new(Uuid::new_v4(), key);
    let channels = Channels::new(&settings.prefix);
    let receiver = Arc::new(Receiver::new(pen, channels, listener, Arc::new(Shared::default())));
    Shards::open(settings, &receiver).await.map_err(|error| error.to_string())
}

/// Hears that something has come.
#[derive(Debug, Default)]
struct Ear {
    heard: Notify,
}

impl Listener for Ear {
    fn deliver(&self, _topic: Topic, _delivery: &Delivery) {
        self.heard.notify_one();
    }

    fn link(&self, _link: Link) {}
}
