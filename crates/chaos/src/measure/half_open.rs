//! The way between a client and its node swallows everything, and neither end is told: how soon each finds out.

use std::time::Duration;

use anyhow::{Result, ensure};
use charla_client::Status;
use charla_services::{Passage, Weather};
use tokio::time::{Instant, sleep};

use super::{Findings, PATIENCE, live};
use crate::{
    cluster::Cluster,
    options::RunOptions,
    person::{Person, befriend},
};

/// What either end may take.
const FOUND_WITHIN: Duration = Duration::from_secs(60);
/// From the end of somebody's last socket until others are told: what the contract says.
const OFFLINE_AFTER: Duration = Duration::from_secs(10);
/// Between two looks.
const BEAT: Duration = Duration::from_millis(100);

/// Whether both found out in time.
pub(crate) async fn run(options: &RunOptions) -> Result<bool> {
    let options = options.of_nodes(1);
    let cluster = Cluster::start(&options, &[]).await?;
    let node = &cluster.nodes[0];
    let friend = Person::invite(0, &[format!("http://{}", node.address())]).await?;
    let person = Person::invite(1, &[format!("http://{}", node.clients.address())]).await?;
    befriend(&friend, &person).await?;
    let client = live(&person, 0, true, options.seed);
    client.online(PATIENCE).await?;
    ensure!(is_online(&friend, &person).await?, "nobody is there");
    node.clients.set(Weather { passage: Passage::Hole, ..Weather::default() });
    let begin = Instant::now();
    let mut status = client.status();
    let by_client = async {
        status.wait_for(|status| *status != Status::Online).await?;
        anyhow::Ok(begin.elapsed())
    };
    let by_node = async {
        while is_online(&friend, &person).await? && begin.elapsed() < PATIENCE {
            sleep(BEAT).await;
        }
        Ok(begin.elapsed().saturating_sub(OFFLINE_AFTER))
    };
    let (by_client, by_node) = tokio::try_join!(by_client, by_node)?;
    let mut findings = Findings::default();
    findings.hold("a half-open connection is found by its client", by_client, FOUND_WITHIN);
    findings.hold("and by its node", by_node, FOUND_WITHIN);
    Ok(findings.are_good())
}

/// Whether the friend is shown that the person is there.
async fn is_online(friend: &Person, person: &Person) -> Result<bool> {
    let statuses = friend.clients[0].online_statuses().await?;
    Ok(statuses.results.iter().any(|status| status.user.id == person.id && status.is_online))
}
