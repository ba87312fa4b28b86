//! More than a node, or Redis, can take.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use bytes::Bytes;
use charla_broker::{Delivery, Link};
use charla_services::{Options, Redis};

use crate::node::{Layer, room};

const OPTIONS: Options = Options { durable: false };
/// At 200 µs each, six seconds of work: an answer that waits behind them is three times as late as silence may be long.
const BACKLOG: i64 = 30_000;
const EACH: Duration = Duration::from_micros(200);
const FLOOD: Duration = Duration::from_secs(6);
/// Messages that come together, and the time from one such wave to the next: 25,000 a second.
const WAVE: usize = 500;
const WAVES_EVERY: Duration = Duration::from_millis(20);
/// Of memory, while a node is cut off again and again: what may wait in its queue, twice.
const GROWTH_MIB: u64 = 64;

/// The answers to a node's `PING`s come behind all that it has still to read, and that is no break.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_behind_is_not_away() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    let layer = Layer::redis(&redis.url(), "cases");
    let (ana, mut ben) = (layer.node().await, layer.slow_node(EACH));
    ben.hears_link(Link::Live).await;
    ben.subscribed([room(1)]).await;
    let begin = Instant::now();
    for revision in 1..=BACKLOG {
        ana.says(room(1), revision);
        if revision % 1_000 == 0 {
            ana.broker.flushed().await;
        }
    }
    let said = begin.elapsed();
    for revision in 1..=BACKLOG {
        ben.hears_steadily(room(1), revision).await;
    }
    println!("{BACKLOG} said within {said:?}, heard within {:?}", begin.elapsed());
    assert_eq!((ana.broker.link(), ben.broker.link()), (Link::Live, Link::Live));
    Ok(())
}

/// Tens of thousands of messages a second arrive while `PING`s are due. Nobody can read them, but that is no break either.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_is_no_break() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    redis.say("CONFIG SET client-output-buffer-limit \"pubsub 0 0 0\"")?;
    let layer = Layer::redis(&redis.url(), "cases");
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    ben.subscribed([room(1)]).await;
    let port = redis.port();
    let published = tokio::task::spawn_blocking(move || flood(port)).await??;
    println!("{published} messages within {FLOOD:?}");
    assert!(published > 10_000 * FLOOD.as_secs(), "{published}");
    let begin = Instant::now();
    ana.says(room(1), 1);
    ben.hears_steadily(room(1), 1).await;
    println!("heard {:?} after them", begin.elapsed());
    Ok(())
}

/// Redis cuts off who does not read fast enough, as often as that happens: each time they hear of it, and come back.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_cut_off_again_and_again_comes_back_each_time() -> Result<()> {
    let redis = Redis::start(&OPTIONS)?;
    let layer = Layer::redis(&redis.url(), "cases");
    let (ana, mut ben) = (layer.node().await, layer.node().await);
    ben.subscribed([room(1)]).await;
    redis.say("CONFIG SET client-output-buffer-limit \"pubsub 8kb 0 0\"")?;
    let long = Delivery::Change {
        revision: 1,
        seq: 1,
        text: Bytes::from(vec![b'x'; 16_384]),
        keeping: None,
        removes: None,
    };
    let before = memory_mib()?;
    for round in 0..8 {
        let begin = Instant::now();
        for _ in 0..2_000 {
            ana.broker.publish(room(1), &long);
        }
        ben.hears_link(Link::Away).await;
        ben.hears_link(Link::Live).await;
        // What was still on its way cuts it off once more, or not: either way it is back in the end.
        ana.broker.flushed().await;
        println!("{round}: back within {:?}, {} MiB", begin.elapsed(), memory_mib()?);
    }
    assert!(memory_mib()? < before + GROWTH_MIB, "{before} MiB became {}", memory_mib()?);
    redis.say("CONFIG SET client-output-buffer-limit \"pubsub 0 0 0\"")?;
    while ben.broker.link() == Link::Away {
        ben.hears_link(Link::Live).await;
    }
    ana.says(room(1), 2);
    while ben.next_delivery().await != (room(1), crate::node::change(2)) {}
    Ok(())
}

/// Publishes what nobody understands to all nodes. How many.
fn flood(port: u16) -> Result<u64> {
    let mut redis = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let mut answers = redis.try_clone()?;
    let listening = thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while answers.read(&mut buffer).is_ok_and(|read| read > 0) {}
    });
    let message = format!("PUBLISH cases:nodes {}\r\n", "x".repeat(100));
    let (wave, begin, mut published) = (message.repeat(WAVE), Instant::now(), 0);
    while begin.elapsed() < FLOOD {
        redis.write_all(wave.as_bytes())?;
        published += WAVE as u64;
        thread::sleep(WAVES_EVERY);
    }
    redis.shutdown(Shutdown::Write)?;
    listening.join().ok().context("nobody read the answers")?;
    Ok(published)
}

/// Of this process.
fn memory_mib() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.split_whitespace().next().context("no number")?.parse::<u64>()? / 1024)
}
