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

use super::{PATIENCE, live, spread};
use crate::{
    cluster::Cluster,
    options::RunOptions,
    person::{Person, make_room},
};

/// A message that crosses within this has come by the channel layer.
const LIVE: Duration = Duration::from_millis(300);
/// In a row, to be sure of it.
const IN_A_ROW: u32 = 5;

pub(crate) async fn run(options: &RunOptions, seconds: u64) -> Result<bool> {
    let options = RunOptions { nodes: options.nodes.max(2), ..options.clone() };
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
    println!("with Redis: {}", spread(cross(from, to, &mut number, Duration::from_secs(3)).await?)?);
    redis.lock().kill()?;
    println!("without it: {}", spread(cross(from, to, &mut number, Duration::from_secs(seconds)).await?)?);
    tokio::task::block_in_place(|| redis.lock().restart())?;
    let back = Instant::now();
    let mut row = 0;
    let mut first = back;
    while row < IN_A_ROW {
        ensure!(back.elapsed() < PATIENCE, "nothing crosses live within {PATIENCE:?}");
        first = if row == 0 { Instant::now() } else { first };
        row = if once(from, to, &mut number).await? < LIVE { row + 1 } else { 0 };
    }
    println!("live again {:?} after Redis was back", first - back);
    Ok(true)
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
