//! What is measured, one file a scenario.

mod databases;
mod deflate;
mod durable;
mod growth;
mod history;
mod hundred;
mod idle;
mod latency;
mod nodes;
mod overload;
mod room;
mod search;
mod start;

use std::time::Duration;

use anyhow::{Context, Result};

use crate::{
    machine::Cores,
    options::{Options, Scenario},
    people::People,
    quiet,
    report::Report,
    server::{Server, Site},
};

/// Those that share a server with its people, on SQLite.
const TOGETHER: [Scenario; 8] = [
    Scenario::Idle,
    Scenario::Latency,
    Scenario::Durable,
    Scenario::Room,
    Scenario::Hundred,
    Scenario::Deflate,
    Scenario::History,
    Scenario::Overload,
];

/// What scenarios have in common.
pub(crate) struct Stage<'a> {
    pub(crate) options: &'a Options,
    pub(crate) cores: Cores,
    pub(crate) site: Site,
    pub(crate) people: People,
}

/// Runs what was asked for. Figures go to the report.
pub(crate) async fn run(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    if TOGETHER.iter().any(|scenario| options.wants(*scenario)) {
        together(options, cores, report).await?;
    }
    if enter(options, Scenario::Databases, report).await? {
        databases::run(options, cores, report).await.context("databases")?;
    }
    if enter(options, Scenario::Nodes, report).await? {
        nodes::run(options, cores, report).await.context("nodes")?;
    }
    if enter(options, Scenario::Growth, report).await? {
        growth::run(options, cores, report).await.context("growth")?;
    }
    if enter(options, Scenario::Start, report).await? {
        start::run(options, cores, report).await.context("start")?;
    }
    if enter(options, Scenario::Search, report).await? {
        search::run(options, cores, report).await.context("search")?;
    }
    Ok(())
}

async fn together(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    let site = Site::make(options, cores)?;
    let server = site.start().await?;
    let people = People::invite(&site, options.pairs).await.context("the accounts can't be made")?;
    server.stop().await?;
    let mut stage = Stage { options, cores, site, people };
    // First, while nothing is stored: counting what is unread is a part of each `hello`, and pages of the database that
    // are mapped count as resident.
    if enter(options, Scenario::Idle, report).await? {
        idle::run(&stage, report).await.context("idle")?;
    }
    let server = stage.site.start().await?;
    if stage.enter(Scenario::Latency, report).await? {
        latency::run(&stage, report).await.context("latency")?;
    }
    if stage.enter(Scenario::Durable, report).await? {
        durable::run(&stage, &server, report).await.context("durable")?;
    }
    if stage.enter(Scenario::Room, report).await? {
        room::run(&stage, &server, report).await.context("room")?;
    }
    if stage.enter(Scenario::Hundred, report).await? {
        hundred::run(&stage, &server, report).await.context("hundred")?;
    }
    if stage.enter(Scenario::Deflate, report).await? {
        deflate::run(&stage, &server, report).await.context("deflate")?;
    }
    if stage.enter(Scenario::History, report).await? {
        history::run(&stage, &server, report).await.context("history")?;
    }
    if stage.enter(Scenario::Overload, report).await? {
        overload::run(&stage, &server, report).await.context("overload")?;
    }
    server.stop().await
}

impl Stage<'_> {
    /// The server, as the node of a crowd.
    pub(crate) fn nodes<'a>(&'a self, server: &'a Server) -> [(&'a Site, &'a Server); 1] {
        [(&self.site, server)]
    }

    /// As [`enter`], with fresh tokens.
    async fn enter(&mut self, scenario: Scenario, report: &mut Report) -> Result<bool> {
        let enters = enter(self.options, scenario, report).await?;
        if enters {
            self.people.renew().await?;
        }
        Ok(enters)
    }
}

/// Whether the scenario was asked for; if so, once the machine is quiet.
async fn enter(options: &Options, scenario: Scenario, report: &mut Report) -> Result<bool> {
    if !options.wants(scenario) {
        return Ok(false);
    }
    report.enter(&scenario.name());
    eprintln!("{}", scenario.name());
    quiet::wait(Duration::from_secs(options.patience), report).await?;
    Ok(true)
}
