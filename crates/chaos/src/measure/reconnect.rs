//! All sockets of a node come back after its restart, by the client's own rules.

use anyhow::{Result, ensure};
use charla_client::{LiveClient, Status};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

use super::{PATIENCE, live, spread};
use crate::{cluster::Cluster, machine, options::RunOptions, person::Person};

/// An account may have a hundred on a node.
const SOCKETS_EACH: usize = 100;
/// Opened at a time to begin with.
const AT_ONCE: usize = 200;

pub(crate) async fn run(options: &RunOptions, sockets: usize) -> Result<bool> {
    let options = RunOptions { nodes: 1, ..options.clone() };
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
    println!(
        "{} sockets open, highest memory {} MiB",
        clients.len(),
        machine::peak_memory(node.pid().await?)?
    );
    let returns = wait_for_returns(&clients);
    let begin = Instant::now();
    let (status, took) = node.terminate().await?;
    ensure!(status.is_some_and(|status| status.success()), "the node ended with {status:?}");
    node.start().await?;
    println!("down within {took:?}, ready again after {:?}", begin.elapsed());
    let mut times = Vec::with_capacity(sockets);
    let mut returns = returns;
    while let Some(back) = timeout(PATIENCE, returns.join_next()).await? {
        times.push(back??.duration_since(begin));
    }
    println!("back after the end was asked for: {}", spread(times)?);
    println!("highest memory after that {} MiB", machine::peak_memory(node.pid().await?)?);
    Ok(true)
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
