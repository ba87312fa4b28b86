//! What is measured, one file a scenario.

mod durable;
mod idle;
mod latency;
mod room;
mod search;

use anyhow::{Context, Result};

use crate::{
    machine::Cores,
    options::{Options, Scenario},
    people::People,
    report::Report,
    server::Site,
};

/// Runs what was asked for. Figures go to the report.
pub(crate) async fn run(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    if options.wants(Scenario::Search) {
        search::run(options, cores, report).await.context("search")?;
    }
    if options.only == [Scenario::Search] {
        return Ok(());
    }
    let site = Site::make(options, cores)?;
    let server = site.start().await?;
    let people = People::invite(&site, options.pairs).await.context("the accounts can't be made")?;
    server.stop().await?;
    // First, while nothing is stored: counting what is unread is a part of each `hello`, and pages of the database that
    // are mapped count as resident.
    if options.wants(Scenario::Idle) {
        idle::run(options, &site, &people, report).await.context("idle")?;
    }
    let server = site.start().await?;
    if options.wants(Scenario::Latency) {
        latency::run(options, &site, &people, report).await.context("latency")?;
    }
    if options.wants(Scenario::Durable) {
        durable::run(options, &site, &server, &people, report).await.context("durable")?;
    }
    if options.wants(Scenario::Room) {
        room::run(options, cores, &site, &server, &people, report).await.context("room")?;
    }
    server.stop().await
}
