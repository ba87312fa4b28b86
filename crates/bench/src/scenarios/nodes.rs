//! Two nodes over Redis with one room spread over both, beside one node with all of it. Both on PostgreSQL.

use std::env;

use anyhow::{Context, Result};

use crate::{
    crowd::{Crowd, Shape},
    databases::Kind,
    machine::Cores,
    options::Options,
    people::People,
    report::{Report, Target},
    server::Site,
};

/// Enough accounts: each may have a hundred sockets on a node.
const PAIRS: usize = 10;

pub(crate) async fn run(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    let site = Site::make(options, cores)?;
    let (Some(database), Ok(redis)) = (Kind::Postgres.make(&site).await?, env::var("TEST_REDIS_URL")) else {
        report.note("no PostgreSQL and Redis: `with-services` starts them".to_owned());
        return Ok(());
    };
    let site = site.with("DATABASE_URL", database).with("REDIS_URL", redis);
    let other_site = site.beside()?;
    let server = site.start().await?;
    let mut people = People::invite(&site, PAIRS).await.context("the accounts can't be made")?;
    let name =
        format!("two nodes, room of {}, one message outstanding: deliveries per CPU s of both", options.room);
    let shape = Shape { sockets: options.room, authors: 1, is_packed: false };
    for _ in 0..options.repeats {
        people.renew().await?;
        let mut room = Crowd::open(&[(&site, &server)], &people, shape).await?;
        let (count, cost) = room.one_by_one(options.measure_for()).await?;
        let alone = cost.rate_per_cpu(count);
        drop(room);
        report.add(format!("one node, room of {}: deliveries per CPU s", options.room), "/CPU s", alone);
        let other = other_site.start().await?;
        let mut room = Crowd::open(&[(&site, &server), (&other_site, &other)], &people, shape).await?;
        let (count, cost) = room.one_by_one(options.measure_for()).await?;
        report.add_against(name.as_str(), "/CPU s", cost.rate_per_cpu(count), alone, "one node");
        report.add(format!("two nodes, room of {}: deliveries", options.room), "/s", cost.rate(count));
        drop(room);
        other.stop().await?;
    }
    report.aim(&name, Target::RatioAtLeast(0.7));
    server.stop().await
}
