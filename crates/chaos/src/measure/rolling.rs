//! Two nodes behind one address are restarted one after the other: what users see of it.

use std::{collections::HashSet, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use charla_client::{LiveClient, Snapshot, Status};
use charla_protocol::{MessageId, RoomId};
use charla_services::Proxy;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{Findings, PATIENCE, live};
use crate::{
    cluster::{Cluster, DOWN_WITHIN, Node},
    options::RunOptions,
    person::{Person, make_room},
};

/// Between two messages of the writer.
const BEAT: Duration = Duration::from_millis(50);
/// Before, between and after the restarts.
const QUIET: Duration = Duration::from_secs(5);
/// What a user may notice.
const GAP: Duration = Duration::from_secs(2);

/// Whether nobody noticed more than a short gap, and missed nothing.
pub(crate) async fn run(options: &RunOptions, users: usize) -> Result<bool> {
    let options = options.of_nodes(2);
    let cluster = Cluster::start(&options, &[]).await?;
    let front = Proxy::start_before(cluster.nodes.iter().map(Node::address).collect()).await?;
    let addresses = [format!("http://{}", front.address())];
    let mut people = Vec::new();
    for number in 0..users {
        people.push(Arc::new(Person::invite(number, &addresses).await?));
    }
    let room = make_room(&people, 0).await?;
    let (over, is_over) = watch::channel(false);
    let mut gaps = JoinSet::new();
    for (number, person) in people.iter().enumerate() {
        let client = live(person, 0, true, options.seed + number as u64);
        client.online(PATIENCE).await?;
        gaps.spawn(longest_gap(client, is_over.clone()));
    }
    let writer = live(people.first().context("there are users")?, 0, true, options.seed);
    let mut findings = Findings::default();
    let (mut sent, mut waits) = (HashSet::new(), Vec::new());
    let beats = writer.room(room);
    let write = async {
        while !*is_over.borrow() {
            let begin = Instant::now();
            sent.insert(beats.send("beat").await?.id);
            waits.push(begin.elapsed());
            sleep(BEAT).await;
        }
        anyhow::Ok(())
    };
    let restart = async {
        for node in &cluster.nodes {
            sleep(QUIET).await;
            let (status, took) = node.terminate().await?;
            ensure!(status.is_some_and(|status| status.success()), "the node ended with {status:?}");
            findings.hold(&format!("node {} down", node.number), took, DOWN_WITHIN);
            node.start().await?;
        }
        sleep(QUIET).await;
        over.send_replace(true);
        Ok(())
    };
    tokio::try_join!(write, restart)?;
    findings.hold_each("from a send to its answer", waits, GAP);
    let mut longest = Vec::new();
    while let Some(gap) = timeout(PATIENCE, gaps.join_next()).await? {
        let (gap, client) = gap??;
        longest.push(gap);
        shows(&client, room, &sent).await?;
    }
    findings.hold_each("the longest time each user was without a connection", longest, GAP);
    Ok(findings.are_good())
}

/// The longest time that the client was not connected, and the client.
async fn longest_gap(client: LiveClient, mut over: watch::Receiver<bool>) -> Result<(Duration, LiveClient)> {
    let mut status = client.status();
    let mut longest = Duration::ZERO;
    loop {
        tokio::select! {
            _ = over.wait_for(|over| *over) => return Ok((longest, client)),
            left = status.wait_for(|status| *status != Status::Online) => drop(left?),
        }
        let begin = Instant::now();
        status.wait_for(|status| *status == Status::Online).await?;
        longest = longest.max(begin.elapsed());
    }
}

/// Waits until the client shows all that was sent, once each.
async fn shows(client: &LiveClient, room: RoomId, sent: &HashSet<MessageId>) -> Result<()> {
    let is_there = |shown: &Snapshot| {
        let shown: HashSet<MessageId> = shown.messages.iter().map(|message| message.id).collect();
        sent.is_subset(&shown)
    };
    let shown = client.room(room).wait_until(is_there, PATIENCE).await.context("a user misses messages")?;
    let beats = shown.messages.iter().filter(|message| sent.contains(&message.id)).count();
    ensure!(beats == sent.len(), "of {} messages a user shows {beats}", sent.len());
    Ok(())
}
