//! Redis in all its forms.

use std::time::{Duration, Instant};

use anyhow::Result;
use charla_broker::{Delivery, Link, News, Topic};
use charla_services::{
    Kind, LockedRedis, Options, Passage, Proxy, Redis, RedisCluster, RedisSentinels, SecureRedis,
    SecureRedisCluster, SecureRedisSentinels, Server, Weather,
};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    breaks, cases,
    node::{Layer, room},
};

const OPTIONS: Options = Options { durable: false };
/// An answer that does not come is noticed in less than two seconds; the rest is for a busy machine.
const NOTICED: Duration = Duration::from_secs(2 + 3);

async fn is_killed_and_comes_back<K: Kind>(layer: &Layer, server: &mut Server<K>) -> Result<()> {
    let (mut ana, mut ben) = breaks::pair(layer).await;
    server.kill()?;
    breaks::are_away(&mut ana, &mut ben).await;
    server.restart()?;
    breaks::are_back(&mut ana, &mut ben).await;
    Ok(())
}

#[tokio::test]
async fn alone() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    cases::all(&Layer::redis(&redis.url(), "cases")).await;
    Ok(())
}

#[tokio::test]
async fn with_a_password() -> Result<()> {
    let mut redis = LockedRedis::start(&OPTIONS)?;
    let layer = Layer::redis(&redis.url(), "cases");
    cases::all(&layer).await;
    is_killed_and_comes_back(&layer, &mut redis).await
}

#[tokio::test]
async fn with_a_wrong_password() -> Result<()> {
    let redis = LockedRedis::start(&OPTIONS)?;
    let mut node = Layer::redis(&redis.url().replace("s%3Aecret", "guess"), "cases").early_node();
    node.hears_link(Link::Away).await;
    Ok(())
}

#[tokio::test]
async fn with_tls() -> Result<()> {
    let mut redis = SecureRedis::start(&OPTIONS)?;
    let mut stranger = Layer::redis(&redis.url(), "cases").early_node();
    stranger.hears_link(Link::Away).await;
    let ca = redis.folder().join("certificate.pem");
    let layer = Layer::redis(&format!("{}?ca={}", redis.url(), ca.display()), "cases");
    cases::all(&layer).await;
    is_killed_and_comes_back(&layer, &mut redis).await
}

#[tokio::test]
async fn as_a_cluster() -> Result<()> {
    let mut redis = RedisCluster::start(&OPTIONS)?;
    let layer = Layer::redis(&redis.url(), "cases");
    cases::all(&layer).await;
    is_killed_and_comes_back(&layer, &mut redis.nodes()[1]).await
}

#[tokio::test]
async fn as_a_cluster_with_tls_and_a_password() -> Result<()> {
    let mut redis = SecureRedisCluster::start(&OPTIONS)?;
    for url in [redis.url(), redis.trusted_url()?.replace("s%3Aecret", "guess")] {
        Layer::redis(&url, "cases").early_node().hears_link(Link::Away).await;
    }
    let layer = Layer::redis(&redis.trusted_url()?, "cases");
    cases::all(&layer).await;
    is_killed_and_comes_back(&layer, &mut redis.nodes()[1]).await
}

/// The slot of `cases:nodes` goes elsewhere: those who listen there are told to leave.
#[tokio::test]
async fn in_a_cluster_whose_slots_move() -> Result<()> {
    let redis = RedisCluster::start(&OPTIONS)?;
    let (mut ana, mut ben) = breaks::pair(&Layer::redis(&redis.url(), "cases")).await;
    let slot = redis.slot("cases:nodes")?;
    let from = usize::from(slot > 5460) + usize::from(slot > 10_922);
    redis.move_slot(slot, from, (from + 1) % 3)?;
    ana.hears_link(Link::Away).await;
    ben.hears_link(Link::Away).await;
    ana.hears_link(Link::Live).await;
    ben.hears_link(Link::Live).await;
    for number in 0..1000 {
        ana.says(room(number), 5);
        ben.hears(room(number), 5).await;
    }
    ana.says(Topic::Nodes, 6);
    ben.hears(Topic::Nodes, 6).await;
    Ok(())
}

#[tokio::test]
async fn behind_sentinels() -> Result<()> {
    let mut redis = RedisSentinels::start(&OPTIONS)?;
    let layer = Layer::redis(&redis.url(), "cases");
    cases::all(&layer).await;
    let (mut ana, mut ben) = breaks::pair(&layer).await;
    redis.servers()[0].kill()?;
    breaks::are_away(&mut ana, &mut ben).await;
    breaks::are_back(&mut ana, &mut ben).await;
    Ok(())
}

/// The Sentinels know no user: what the servers ask for is not asked for there.
#[tokio::test]
async fn behind_sentinels_with_tls_and_a_password() -> Result<()> {
    let mut redis = SecureRedisSentinels::start(&OPTIONS)?;
    for url in [redis.url(), redis.trusted_url()?.replace("s%3Aecret", "guess")] {
        Layer::redis(&url, "cases").early_node().hears_link(Link::Away).await;
    }
    let layer = Layer::redis(&redis.trusted_url()?, "cases");
    cases::all(&layer).await;
    let (mut ana, mut ben) = breaks::pair(&layer).await;
    redis.servers()[0].kill()?;
    breaks::are_away(&mut ana, &mut ben).await;
    breaks::are_back(&mut ana, &mut ben).await;
    Ok(())
}

/// They are looked for beside everything else.
#[tokio::test]
async fn behind_sentinels_that_are_silent() -> Result<()> {
    let redis = RedisSentinels::start(&OPTIONS)?;
    let (url, mut proxies) = (redis.url(), Vec::new());
    let (places, service) = url.trim_start_matches("redis-sentinel://").split_once('/').unwrap();
    for place in places.split(',') {
        proxies.push(Proxy::start(place.parse()?).await?);
    }
    let places: Vec<_> = proxies.iter().map(|proxy| proxy.address().to_string()).collect();
    let url = format!("redis-sentinel://{}/{service}", places.join(","));
    let (ana, mut ben) = breaks::pair(&Layer::redis(&url, "cases")).await;
    for proxy in &proxies {
        proxy.set(Weather { passage: Passage::Hole, ..Weather::default() });
    }
    // Longer than it takes until they are asked again.
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(8) {
        ana.says(room(0), 7);
        timeout(Duration::from_secs(1), ben.hears(room(0), 7)).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[tokio::test]
async fn killed_and_started_again() -> Result<()> {
    let mut redis = Redis::start(&OPTIONS)?;
    let (mut ana, mut ben) = breaks::pair(&Layer::redis(&redis.url(), "cases")).await;
    for _ in 0..3 {
        redis.kill()?;
        breaks::are_away(&mut ana, &mut ben).await;
        redis.restart()?;
        breaks::are_back(&mut ana, &mut ben).await;
        ben.subscribed([room(1)]).await;
        ana.says(room(1), 1);
        ben.hears(room(1), 1).await;
    }
    Ok(())
}

#[tokio::test]
async fn paused() -> Result<()> {
    let mut redis = Redis::start(&OPTIONS)?;
    let (mut ana, mut ben) = breaks::pair(&Layer::redis(&redis.url(), "cases")).await;
    redis.pause()?;
    let begin = Instant::now();
    breaks::are_away(&mut ana, &mut ben).await;
    assert!(begin.elapsed() < NOTICED, "{:?}", begin.elapsed());
    redis.resume()?;
    breaks::are_back(&mut ana, &mut ben).await;
    Ok(())
}

#[tokio::test]
async fn connections_cut_by_redis() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    let (mut ana, mut ben) = breaks::pair(&Layer::redis(&redis.url(), "cases")).await;
    redis.say("CLIENT KILL TYPE pubsub")?;
    for node in [&mut ana, &mut ben] {
        node.hears_link(Link::Away).await;
        node.hears_link(Link::Live).await;
    }
    ana.says(room(0), 2);
    ben.hears(room(0), 2).await;
    Ok(())
}

#[tokio::test]
async fn not_there_at_the_start() -> Result<()> {
    let mut redis = Redis::start(&OPTIONS)?;
    redis.kill()?;
    let layer = Layer::redis(&redis.url(), "cases");
    let (mut ana, mut ben) = (layer.early_node(), layer.early_node());
    assert_eq!(ana.broker.link(), Link::Away);
    ben.subscribed([room(0)]).await;
    ana.hears_link(Link::Away).await;
    ben.hears_link(Link::Away).await;
    redis.restart()?;
    ana.hears_link(Link::Live).await;
    ben.hears_link(Link::Live).await;
    ana.says(room(0), 1);
    ben.hears(room(0), 1).await;
    Ok(())
}

#[tokio::test]
async fn a_replica_is_no_channel_layer() -> Result<()> {
    let (master, replica) = (Redis::start(&OPTIONS)?, Redis::start(&OPTIONS)?);
    let mut node = Layer::redis(&replica.url(), "cases").node().await;
    replica.say(&format!("REPLICAOF 127.0.0.1 {}", master.port()))?;
    node.hears_link(Link::Away).await;
    replica.say("REPLICAOF NO ONE")?;
    node.hears_link(Link::Live).await;
    Ok(())
}

/// The task can't run while the test publishes: the queue takes what it can, and the others are told that there was more.
#[tokio::test]
async fn a_full_queue_is_told() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    let (ana, mut ben) = breaks::pair(&Layer::redis(&redis.url(), "cases")).await;
    for revision in 0..50_000 {
        ana.says(room(0), revision);
    }
    let mut last = 0;
    ana.broker.flushed().await;
    while last < 16_383 {
        ben.hears(room(0), last).await;
        last += 1;
    }
    ben.hears_link(Link::Live).await;
    ana.says(room(0), -1);
    let (topic, delivery) = ben.next_delivery().await;
    assert_eq!((topic, delivery), (room(0), crate::node::change(-1)));
    Ok(())
}

#[tokio::test]
async fn what_others_write_on_our_channels_is_passed_over() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    let (ana, mut ben) = breaks::pair(&Layer::redis(&redis.url(), "cases")).await;
    for message in [
        "nonsense",
        "\"\"",
        "\"\\x01\"",
        "\"\\x01aaaaaaaaaaaaaaaa\\xff\\xff\"",
        "\"\\x02aaaaaaaaaaaaaaaa\\x01\"",
    ] {
        redis.say(&format!("PUBLISH cases:nodes {message}"))?;
    }
    ana.says(Topic::Nodes, 2);
    ben.hears(Topic::Nodes, 2).await;
    assert_eq!(ben.broker.link(), Link::Away, "it may be a node of another version, and more of it");
    assert!(ben.has_heard_nothing(), "which is no break");
    ben.hears_link(Link::Live).await;
    assert_eq!(ben.broker.link(), Link::Live);
    Ok(())
}

/// A node that comes tells who is there before its link stands, and that comes again by itself.
#[tokio::test]
async fn what_comes_again_by_itself_is_not_missed() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    let layer = Layer::redis(&redis.url(), "cases");
    let mut ana = layer.node().await;
    let mut ben = layer.early_node();
    let news = Delivery::Presence { node: Uuid::nil(), news: News::Ask(None) };
    for delivery in [&news, &Delivery::Counted(Vec::new())] {
        ben.broker.publish(Topic::Nodes, delivery);
    }
    ben.hears_link(Link::Live).await;
    ben.says(Topic::Nodes, 1);
    ana.hears(Topic::Nodes, 1).await;
    // Longer than it takes until a loss is told.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(ana.has_heard_nothing());
    Ok(())
}

/// Redis cuts off who does not read fast enough: they hear of it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_too_slow_is_told() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    let (ana, mut ben) = breaks::pair(&Layer::redis(&redis.url(), "cases")).await;
    redis.say("CONFIG SET client-output-buffer-limit \"pubsub 8kb 0 0\"")?;
    let long = bytes::Bytes::from(vec![b'x'; 16_384]);
    for revision in 0..2000 {
        let delivery = charla_broker::Delivery::Change {
            revision,
            seq: 0,
            text: long.clone(),
            keeping: None,
            removes: None,
        };
        ana.broker.publish(room(0), &delivery);
    }
    ben.hears_link(Link::Away).await;
    redis.say("CONFIG SET client-output-buffer-limit \"pubsub 0 0 0\"")?;
    ben.hears_link(Link::Live).await;
    Ok(())
}
