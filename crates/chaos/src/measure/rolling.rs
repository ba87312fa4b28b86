//! Two nodes behind one address are restarted one after the other: what users see of it.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use charla_client::{LiveClient, Status};
use charla_protocol::MessageId;
use charla_services::Proxy;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{PATIENCE, live, spread};
use crate::{
    cluster::Cluster,
    options::RunOptions,
    person::{Person, make_room},
};

/// Between two messages of the writer.
const BEAT: Duration = Duration::from_millis(50);
/// Before, between and after the restarts.
const QUIET: Duration = Duration::from_secs(5);

pub(crate) async fn run(options: &RunOptions, users: usize) -> Result<bool> {
    let options = RunOptions { nodes: 2, ..options.clone() };
    let cluster = Cluster::start(&options, &[]).await?;
    let front =
        Proxy::start_before(cluster.nodes.iter().map(crate::cluster::Node::address).collect()).await?;
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
    let mut last: Option<MessageId> = None;
    let mut waits = Vec::new();
    let room = writer.room(room);
    let write = async {
        while !*is_over.borrow() {
            let begin = Instant::now();
            last = Some(room.send("beat").await?.id);
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
            node.start().await?;
            println!("node {} down within {took:?}", node.number);
        }
        sleep(QUIET).await;
        over.send_replace(true);
        Ok(())
    };
    tokio::try_join!(write, restart)?;
    println!("from a send to its answer: {}", spread(waits)?);
    let mut longest = Vec::new();
    while let Some(gap) = timeout(PATIENCE, gaps.join_next()).await? {
        longest.push(gap??);
    }
    println!("the longest time each user was without a connection: {}", spread(longest)?);
    Ok(true)
}

/// The longest time that the client was not connected.
async fn longest_gap(client: LiveClient, mut over: watch::Receiver<bool>) -> Result<Duration> {
    let mut status = client.status();
    let mut longest = Duration::ZERO;
    loop {
        tokio::select! {
            _ = over.wait_for(|over| *over) => return Ok(longest),
            left = status.wait_for(|status| *status != Status::Online) => drop(left?),
        }
        let begin = Instant::now();
        status.wait_for(|status| *status == Status::Online).await?;
        longest = longest.max(begin.elapsed());
    }
}
