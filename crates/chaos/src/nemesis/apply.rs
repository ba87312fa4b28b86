//! Breaking and mending.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use charla_services::{Cut, Passage, Proxy, Weather};
use rustix::process::Signal;
use tokio::time::sleep;

use super::{Fault, Plan, Step};
use crate::{
    cluster::{Cluster, DOWN_WITHIN, Node},
    record::{NOBODY, Record},
};

/// Carries out the plan.
pub(crate) async fn unleash(plan: &Plan, cluster: &Cluster, record: &Record) -> Result<()> {
    tokio::try_join!(go(&plan.processes, cluster, record), go(&plan.ways, cluster, record)).map(drop)
}

/// Mends whatever may still be broken.
pub(crate) async fn heal(cluster: &Cluster) -> Result<()> {
    for node in &cluster.nodes {
        for proxy in ways(node) {
            proxy.set(Weather::default());
        }
        node.start().await?;
    }
    Ok(())
}

/// Late, where a fault took longer to mend than was planned.
async fn go(steps: &[Step], cluster: &Cluster, record: &Record) -> Result<()> {
    let begin = Instant::now();
    for step in steps {
        sleep(step.at.saturating_sub(begin.elapsed())).await;
        befall(step, cluster, record).await.with_context(|| format!("{step:?}"))?;
    }
    Ok(())
}

async fn befall(step: &Step, cluster: &Cluster, record: &Record) -> Result<()> {
    let node = &cluster.nodes[step.node];
    record.fault(&step.fault.name(), format!("node {}, way {}, {:?}", step.node, step.way, step.lasts));
    if step.fault.is_of_a_way() {
        return disturb(step, node).await;
    }
    match step.fault {
        Fault::Kill => {
            node.kill().await?;
            sleep(step.lasts).await;
            node.start().await
        }
        Fault::Pause => {
            node.signal(Signal::STOP).await?;
            sleep(step.lasts).await;
            node.signal(Signal::CONT).await
        }
        Fault::Term => terminate(step, node, record).await,
        Fault::Clock => {
            let clock = node.clock.as_ref().context("no clock")?;
            // Four minutes at most: a longer jump makes tokens expire in the middle of a run.
            clock.set((i64::from(step.amount) - 500) / 2)?;
            sleep(step.lasts).await;
            clock.set(0)
        }
        Fault::Disk => {
            let disk = cluster.disk.as_ref().context("no disk")?;
            disk.fill()?;
            sleep(step.lasts).await;
            disk.free()?;
            // PostgreSQL ends itself where it can't write its log.
            cluster.store.revive().await
        }
        Fault::DatabaseKill => {
            cluster.store.kill().await?;
            sleep(step.lasts).await;
            cluster.store.restart().await
        }
        Fault::Failover => fail_over(step, cluster).await,
        Fault::DatabasePause => {
            cluster.store.pause(Signal::STOP)?;
            sleep(step.lasts).await;
            cluster.store.pause(Signal::CONT)
        }
        _ => disturb_redis(step, cluster).await,
    }
}

/// A node that is told to end does so in time, and well.
async fn terminate(step: &Step, node: &Node, record: &Record) -> Result<()> {
    let (status, took) = node.terminate().await?;
    // While its ways are disturbed it may have to wait for them.
    if took > DOWN_WITHIN || status.is_none_or(|status| !status.success()) {
        record.failed(NOBODY, format!("node {} went down after {took:?} with {status:?}", node.number));
    }
    sleep(step.lasts).await;
    node.start().await
}

/// The nodes find the new primary where the old one was. Commits wait for a new replica, once there is one.
async fn fail_over(step: &Step, cluster: &Cluster) -> Result<()> {
    let primary = cluster.store.fail_over().await?;
    for proxy in cluster.nodes.iter().filter_map(|node| node.database.as_ref()) {
        proxy.lead_to(vec![primary]);
    }
    sleep(step.lasts).await;
    cluster.store.follow().await
}

async fn disturb(step: &Step, node: &Node) -> Result<()> {
    let ways = ways(node);
    let proxy = ways[step.way % ways.len()];
    match step.fault {
        Fault::Cut => proxy.cut(if step.amount < 500 { Cut::Reset } else { Cut::Finish }),
        // Somewhere in the next frames; at the latest after a few of them.
        Fault::Tear => proxy.cut_after(u64::from(step.amount) * 3),
        Fault::Vanish => proxy.vanish(),
        Fault::Hole => proxy.set(Weather { passage: Passage::Hole, ..Weather::default() }),
        _ => {
            let latency = Duration::from_millis(u64::from(step.amount) / 2);
            proxy.set(Weather {
                latency,
                bytes_per_s: Some(20_000 + step.amount * 100),
                ..Weather::default()
            });
        }
    }
    sleep(step.lasts).await;
    proxy.set(Weather::default());
    if step.fault == Fault::Vanish {
        // As a router that is started again tells both ends.
        proxy.cut(Cut::Reset);
    }
    Ok(())
}

async fn disturb_redis(step: &Step, cluster: &Cluster) -> Result<()> {
    let redis = cluster.redis.as_ref().context("no Redis")?;
    match step.fault {
        Fault::RedisKill => {
            redis.lock().kill()?;
            sleep(step.lasts).await;
            tokio::task::block_in_place(|| redis.lock().restart())
        }
        Fault::RedisPause => {
            let pid = redis.lock().pid();
            crate::machine::signal(pid, Signal::STOP)?;
            sleep(step.lasts).await;
            crate::machine::signal(pid, Signal::CONT)
        }
        _ => {
            let url = redis.lock().url();
            tokio::task::block_in_place(|| flush(&url))?;
            sleep(step.lasts).await;
            Ok(())
        }
    }
}

fn flush(url: &str) -> Result<()> {
    let address = url.trim_start_matches("redis://").trim_end_matches('/');
    let mut redis = TcpStream::connect(address)?;
    redis.set_read_timeout(Some(Duration::from_secs(5)))?;
    redis.write_all(b"FLUSHALL\r\nCLIENT KILL TYPE normal SKIPME yes\r\nCLIENT KILL TYPE pubsub\r\n")?;
    let mut answer = [0; 3];
    redis.read_exact(&mut answer)?;
    ensure!(&answer == b"+OK", "Redis says {}", String::from_utf8_lossy(&answer));
    Ok(())
}

fn ways(node: &Node) -> Vec<&Proxy> {
    [Some(&node.clients), node.database.as_ref(), node.redis.as_ref()].into_iter().flatten().collect()
}
