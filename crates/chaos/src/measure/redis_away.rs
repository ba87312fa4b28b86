//! Redis is away for some time: how late messages cross nodes meanwhile, and when they cross live again.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use charla_client::{Client, LiveRoom};
use charla_protocol::{
    RoomId,
    messages::{MessageType, SendMessage},
};
use std::sync::Arc;
use tokio::time::{Instant, sleep};

use super::{Findings, PATIENCE, live};
use crate::{
    cluster::Cluster,
    options::RunOptions,
    person::{Person, make_room},
};

/// A message that crosses within this has come by the channel layer.
const LIVE: Duration = Duration::from_millis(300);
/// And so late at most, whether there is a channel layer or not.
const LATE: Duration = Duration::from_secs(2);
/// From Redis being back: the longest pause between two attempts to reach it, and some for a busy machine.
const LIVE_AGAIN_WITHIN: Duration = Duration::from_secs(5);
/// In a row, to be sure of it.
const IN_A_ROW: u32 = 5;

/// Whether every message was in time, and they soon came live again.
pub(crate) async fn run(options: &RunOptions, seconds: u64) -> Result<bool> {
    let options = options.of_nodes(options.nodes.max(2));
    let cluster = Cluster::start(&options, &[]).await?;
    let redis = cluster.redis.as_ref().context("no Redis")?;
    let addresses: Vec<String> =
        cluster.nodes.iter().map(|node| format!("http://{}", node.address())).collect();
    let writer = Arc::new(Person::invite(0, &addresses).await?);
    let reader = Arc::new(Person::invite(1, &addresses).await?);
    let room = make_room(&[Arc::clone(&writer), Arc::clone(&reader)], 0).await?;
    let eye = live(&reader, 1, true, options.seed);
    eye.online(PATIENCE).await?;
    let (from, to) = (&writer.clients[0], &eye.room(room));
    let mut number = 0;
    let mut findings = Findings::default();
    let times = cross(from, to, &mut number, Duration::from_secs(3)).await?;
    findings.hold_each("from node to node with Redis", times, LATE);
    redis.lock().kill()?;
    let times = cross(from, to, &mut number, Duration::from_secs(seconds)).await?;
    findings.hold_each("without it", times, LATE);
    tokio::task::block_in_place(|| redis.lock().restart())?;
    let back = Instant::now();
    let mut row = 0;
    let mut first = back;
    while row < IN_A_ROW {
        ensure!(back.elapsed() < PATIENCE, "nothing crosses live within {PATIENCE:?}");
        first = if row == 0 { Instant::now() } else { first };
        row = if once(from, to, &mut number).await? < LIVE { row + 1 } else { 0 };
    }
    findings.hold("live again after Redis was back", first - back, LIVE_AGAIN_WITHIN);
    Ok(findings.are_good())
}

/// How long each message takes from its acknowledgement on one node to a reader on another.
async fn cross(from: &Client, to: &LiveRoom, number: &mut u32, length: Duration) -> Result<Vec<Duration>> {
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed() < length {
        times.push(once(from, to, number).await?);
        sleep(Duration::from_millis(37)).await;
    }
    Ok(times)
}

async fn once(from: &Client, to: &LiveRoom, number: &mut u32) -> Result<Duration> {
    *number += 1;
    let sent = from.send_message(&message(to.id(), *number)).await?.value;
    let begin = Instant::now();
    to.wait_until(|shown| shown.messages.iter().any(|message| message.id == sent.id), PATIENCE).await?;
    Ok(begin.elapsed())
}

fn message(room: RoomId, number: u32) -> SendMessage {
    SendMessage {
        room,
        content: format!("crossing {number}"),
        message_type: MessageType::Text,
        reply_to_id: None,
        attachment_ids: Vec::new(),
        client_id: Some(format!("crossing-{number}")),
    }
}
