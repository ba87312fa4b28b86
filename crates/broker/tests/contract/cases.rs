//! The cases without breaks.

use bytes::Bytes;
use charla_broker::{Audience, Delivery, Topic};
use charla_protocol::{RoomId, UserId};
use uuid::Uuid;

use crate::node::{Layer, change, room};

const MANY: u128 = 10_000;

/// All of them, with nodes of their own each.
pub(crate) async fn all(layer: &Layer) {
    others_hear_it_and_oneself_does_not(layer).await;
    topics_are_kept_apart(layer).await;
    everything_arrives_as_it_was(layer).await;
    order_is_kept(layer).await;
    the_last_wish_counts(layer).await;
    what_is_settled_is_heard(layer).await;
    many_topics_are_soon_in_force(layer).await;
    who_has_left_hears_nothing(layer).await;
}

async fn others_hear_it_and_oneself_does_not(layer: &Layer) {
    let (mut ana, mut ben, mut cleo) = (layer.node().await, layer.node().await, layer.node().await);
    for node in [&ana, &ben, &cleo] {
        node.subscribed([room(1)]).await;
    }
    ana.says(room(1), 1);
    ben.hears(room(1), 1).await;
    cleo.hears(room(1), 1).await;
    ben.says(room(1), 2);
    ana.hears(room(1), 2).await;
    cleo.hears(room(1), 2).await;
}

async fn topics_are_kept_apart(layer: &Layer) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    let user = Topic::User(UserId(Uuid::from_u128(1)));
    ben.subscribed([user]).await;
    ana.says(room(1), 1);
    ana.broker.flushed().await;
    ana.says(user, 2);
    ben.hears(user, 2).await;
    ana.says(Topic::Nodes, 3);
    ben.hears(Topic::Nodes, 3).await;
    ben.broker.unsubscribe(Topic::Nodes);
    ben.broker.settled().await;
    ana.says(Topic::Nodes, 4);
    ben.hears(Topic::Nodes, 4).await;
}

async fn everything_arrives_as_it_was(layer: &Layer) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    ben.subscribed([room(1)]).await;
    let (user, long) = (UserId(Uuid::from_u128(5)), Bytes::from("\"\\\r\n\0é€😀".repeat(40_000)));
    for delivery in [
        Delivery::Change {
            revision: i64::MAX,
            seq: -1,
            text: long.clone(),
            keeping: Some(Bytes::new()),
            removes: Some(user),
        },
        Delivery::Frame { text: long, audience: Audience::Sharing, except: Some(user), by: None },
        Delivery::RoomRemoved {
            room_id: RoomId(Uuid::from_u128(6)),
            revision: Some(7),
            text: Bytes::from_static(&[0xff, 0]),
        },
        Delivery::Held,
    ] {
        ana.broker.publish(room(1), &delivery);
        assert_eq!(ben.next_delivery().await, (room(1), delivery));
    }
}

async fn order_is_kept(layer: &Layer) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    ben.subscribed([room(1)]).await;
    for revision in 1..=5000 {
        ana.says(room(1), revision);
        if revision % 100 == 0 {
            tokio::task::yield_now().await;
        }
    }
    for revision in 1..=5000 {
        ben.hears(room(1), revision).await;
    }
}

async fn the_last_wish_counts(layer: &Layer) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    for round in 0..200 {
        ben.broker.subscribe(room(1));
        ben.broker.unsubscribe(room(2));
        if round % 10 == 0 {
            tokio::task::yield_now().await;
        }
        ben.broker.unsubscribe(room(1));
        ben.broker.subscribe(room(2));
    }
    ben.broker.settled().await;
    ana.says(room(1), 1);
    ana.broker.flushed().await;
    ana.says(room(2), 2);
    ben.hears(room(2), 2).await;
}

async fn what_is_settled_is_heard(layer: &Layer) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    for number in 1..=100 {
        ben.subscribed([room(number)]).await;
        ana.says(room(number), 7);
        ben.hears(room(number), 7).await;
    }
}

async fn many_topics_are_soon_in_force(layer: &Layer) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    ben.subscribed((0..MANY).map(room)).await;
    for number in 0..MANY {
        ana.says(room(number), 1);
    }
    let mut heard = std::collections::HashSet::new();
    for _ in 0..MANY {
        let (topic, delivery) = ben.next_delivery().await;
        assert!(heard.insert(topic) && delivery == change(1));
    }
}

async fn who_has_left_hears_nothing(layer: &Layer) {
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    ben.subscribed([room(1), room(2)]).await;
    ben.broker.unsubscribe(room(1));
    ben.broker.settled().await;
    ana.says(room(1), 1);
    ana.broker.flushed().await;
    ana.says(room(2), 2);
    ben.hears(room(2), 2).await;
}
