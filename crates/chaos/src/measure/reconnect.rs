//! All sockets of a node come back after its restart, by the client's own rules.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use charla_client::{Door, LiveClient, Status};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

use super::{Findings, PATIENCE, live};
use crate::{
    cluster::{Cluster, DOWN_WITHIN},
    machine,
    options::RunOptions,
    person::Person,
};

/// An account may have a hundred on a node.
const SOCKETS_EACH: usize = 100;
/// Opened at a time to begin with.
const AT_ONCE: usize = 200;

/// From the node being ready again, for all of them: two of the longest pauses that a client makes.
const BACK_WITHIN: Duration = Duration::from_secs(30);
/// From a handshake to `hello`, for who comes between all the others.
const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// Whether the node went down in time, and everybody was back soon.
pub(crate) async fn run(options: &RunOptions, sockets: usize) -> Result<bool> {
    let options = options.of_nodes(1);
    let cluster = Cluster::start(&options, &[]).await?;
    let node = &cluster.nodes[0];
    let addresses = [format!("http://{}", node.address())];
    let mut clients: Vec<LiveClient> = Vec::with_capacity(sockets);
    for number in 0..sockets.div_ceil(SOCKETS_EACH) {
        let person = Person::invite(number, &addresses).await?;
        for socket in 0..SOCKETS_EACH.min(sockets - clients.len()) {
            clients.push(live(&person, 0, false, (number * SOCKETS_EACH + socket) as u64));
            if clients.len().is_multiple_of(AT_ONCE) {
                online(&clients[clients.len() - AT_ONCE..]).await?;
            }
        }
    }
    online(&clients).await?;
    let visitor = Person::invite(sockets, &addresses).await?;
    println!("{} sockets open, highest memory {} MiB", clients.len(), memory(&cluster).await?);
    let mut findings = Findings::default();
    let returns = wait_for_returns(&clients);
    let begin = Instant::now();
    let (status, took) = node.terminate().await?;
    ensure!(status.is_some_and(|status| status.success()), "the node ended with {status:?}");
    findings.hold("down", took, DOWN_WITHIN);
    node.start().await?;
    let ready = Instant::now();
    println!("ready again {:.1?} after its end was asked for", ready - begin);
    let (times, greetings) = tokio::try_join!(all(returns, ready), greet(&visitor, &clients))?;
    findings.hold_each("back after the node was ready", times, BACK_WITHIN);
    findings.hold_each("from a handshake to hello meanwhile", greetings, HELLO_WITHIN);
    println!("highest memory after that {} MiB", memory(&cluster).await?);
    Ok(findings.are_good())
}

async fn memory(cluster: &Cluster) -> Result<u64> {
    machine::peak_memory(cluster.nodes[0].pid().await?)
}

/// How long after that each came back; none where it was there already.
async fn all(mut returns: JoinSet<Result<Instant>>, ready: Instant) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(returns.len());
    while let Some(back) = timeout(PATIENCE, returns.join_next()).await.context("not all are back")? {
        times.push(back??.saturating_duration_since(ready));
    }
    Ok(times)
}

/// Comes in again and again until all the others are there, and gives how long each greeting took.
async fn greet(visitor: &Person, others: &[LiveClient]) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    loop {
        let begin = Instant::now();
        let mut socket = visitor.clients[0].socket(Door::All).await?;
        socket.hello().await?;
        times.push(begin.elapsed());
        if others.iter().all(|client| *client.status().borrow() == Status::Online) {
            return Ok(times);
        }
    }
}

async fn online(clients: &[LiveClient]) -> Result<()> {
    for client in clients {
        client.online(PATIENCE).await?;
    }
    Ok(())
}

/// Each client's next return.
fn wait_for_returns(clients: &[LiveClient]) -> JoinSet<Result<Instant>> {
    let mut returns = JoinSet::new();
    for client in clients {
        let mut status = client.status();
        returns.spawn(async move {
            status.wait_for(|status| *status != Status::Online).await?;
            status.wait_for(|status| *status == Status::Online).await?;
            Ok(Instant::now())
        });
    }
    returns
}
