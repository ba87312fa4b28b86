//! What is to cost the same however much there is: the same five things, while members, rooms and messages grow.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use tokio::task::JoinSet;

use super::{Stage, history::ask};
use crate::{
    crowd::{Crowd, Shape},
    http::Http,
    load::{Meter, Tally, Template, pump, watch},
    machine::Cores,
    options::Options,
    people::People,
    report::{Report, Target},
    seed::Seed,
    server::{Server, Site},
    stats::{float, median},
    wire::Wire,
};

/// The accounts that act: ten.
const PAIRS: usize = 5;
/// Of those, each has ten sockets where a delivery is measured.
const SOCKETS: usize = 100;
/// Messages that each has left to read.
const UNREAD: usize = 20;
/// People in the rooms that are only there.
const STRANGERS: u64 = 1_000;
const WARM_UP: Duration = Duration::from_millis(200);
const COSTS: [&str; 5] = ["a delivery", "a send", "a page", "a room list", "an unread count"];

/// What grows.
#[derive(Clone, Copy, Debug)]
enum Axis {
    /// In the room.
    Members,
    /// On the server, besides those of who acts.
    Rooms,
    /// In the room.
    Messages,
}

pub(crate) async fn run(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    for axis in [Axis::Members, Axis::Rooms, Axis::Messages] {
        grow(options, cores, axis, report).await.context(axis.name())?;
    }
    report.note(format!(
        "growth: server's processor time for each; a room with ten accounts that act and {UNREAD} unread messages, a delivery to \
         {SOCKETS} sockets"
    ));
    Ok(())
}

async fn grow(options: &Options, cores: Cores, axis: Axis, report: &mut Report) -> Result<()> {
    let site = Site::make(options, cores)?;
    let server = site.start().await?;
    let people = People::invite(&site, PAIRS).await.context("the accounts can't be made")?;
    server.stop().await?;
    let mut stage = Stage { options, cores, site, people };
    // By cost and size: the values of all repeats.
    let mut costs: [Vec<Vec<f64>>; COSTS.len()] = Default::default();
    let mut there = axis.there();
    for size in axis.sizes(options) {
        axis.add(&stage, size.saturating_sub(there)).await?;
        there = there.max(size);
        let server = stage.site.start().await?;
        stage.people.renew().await?;
        costs.iter_mut().for_each(|cost| cost.push(Vec::new()));
        for _ in 0..options.repeats {
            for (number, value) in measure(&stage, &server).await?.into_iter().enumerate() {
                costs[number].last_mut().context("a size")?.push(value);
                let plot = format!("Cost of each while {} grow", axis.name());
                report.point(&plot, axis.name(), "CPU µs", COSTS[number], float(size), value);
            }
        }
        server.stop().await?;
    }
    for (number, sizes) in costs.iter().enumerate() {
        let first = sizes.first().context("a size")?;
        let most =
            sizes.iter().max_by(|one, other| median(one).total_cmp(&median(other))).context("a size")?;
        let name = format!("{} at most while {} grow {}", COSTS[number], axis.name(), axis.span(options));
        for (value, at_first) in most.iter().zip(first) {
            report.add_against(name.as_str(), "CPU µs", *value, *at_first, "at the smallest");
        }
        report.aim(&name, Target::RatioAtMost(1.3));
    }
    Ok(())
}

impl Axis {
    const fn name(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Rooms => "rooms",
            Self::Messages => "messages",
        }
    }

    /// What there is to begin with, about.
    const fn there(self) -> u64 {
        match self {
            Self::Members => 2 * PAIRS as u64,
            Self::Rooms | Self::Messages => 0,
        }
    }

    const fn first(self) -> u64 {
        match self {
            Self::Members | Self::Rooms => 10,
            Self::Messages => 1_000,
        }
    }

    const fn last(self, options: &Options) -> u64 {
        match self {
            Self::Members => options.members,
            Self::Rooms => options.rooms,
            Self::Messages => options.messages,
        }
    }

    /// Each ten times the one before.
    fn sizes(self, options: &Options) -> Vec<u64> {
        let sizes = std::iter::successors(Some(self.first()), |size| Some(size * 10));
        sizes.take_while(|size| *size <= self.last(options)).collect()
    }

    fn span(self, options: &Options) -> String {
        format!("from {} to {}", self.first(), self.sizes(options).last().copied().unwrap_or_default())
    }

    /// So many more.
    async fn add(self, stage: &Stage<'_>, count: u64) -> Result<()> {
        let mut seed = Seed::open(&stage.site.database()).await?;
        let hall = stage.people.hall;
        match self {
            Self::Members => {
                let users = seed.users(count).await?;
                seed.members(hall, &users).await?;
            }
            Self::Rooms => {
                let users = seed.users(STRANGERS.min(2 * count)).await?;
                seed.rooms(count, &users).await?;
            }
            Self::Messages => {
                let senders: Vec<_> = stage.people.accounts.iter().map(|account| account.id).collect();
                seed.messages(hall, &senders, count).await?;
            }
        }
        seed.close().await
    }
}

/// What each costs now, in the order of [`COSTS`].
async fn measure(stage: &Stage<'_>, server: &Server) -> Result<[f64; COSTS.len()]> {
    let short = stage.options.measure_for() / 2;
    read_all(stage).await?;
    let send = send(stage, server, short).await?;
    read_all(stage).await?;
    let shape = Shape { sockets: SOCKETS, authors: 1, is_packed: false };
    let mut crowd = Crowd::open(&stage.nodes(server), &stage.people, shape).await?;
    let (count, cost) = crowd.one_by_one(short).await?;
    drop(crowd);
    read_all(stage).await?;
    say(stage, UNREAD).await?;
    let room = format!("/api/v1/chat/rooms/{}/", stage.people.hall);
    let mut asked = [0.0; 3];
    for (path, asked) in
        [format!("{room}messages/"), "/api/v1/chat/rooms/".to_owned(), room].iter().zip(&mut asked)
    {
        let (count, cost) = ask(stage, stage.site.address, server.pid, path, short).await?;
        *asked = cost.micros_each(count);
    }
    let [page, list, unread] = asked;
    Ok([cost.micros_each(count), send, page, list, unread])
}

/// One author alone, as fast as answers come.
async fn send(stage: &Stage<'_>, server: &Server, duration: Duration) -> Result<f64> {
    let wire = Wire::open(stage.site.address, &stage.people.accounts[0].access).await?;
    let tally = Tally::new();
    let mut sender = JoinSet::new();
    sender.spawn(pump(wire, Template::new(stage.people.hall), stage.options.window, Arc::clone(&tally)));
    watch(&mut sender, WARM_UP).await?;
    let (meter, before) = (Meter::start(server.pid)?, tally.acked());
    watch(&mut sender, duration).await?;
    let (cost, count) = (meter.read()?, tally.acked() - before);
    tally.stop();
    while let Some(ended) = sender.join_next().await {
        ended??;
    }
    Ok(cost.micros_each(count))
}

async fn read_all(stage: &Stage<'_>) -> Result<()> {
    for account in stage.people.accounts.iter() {
        account.client.mark_all_read(stage.people.hall).await?;
    }
    Ok(())
}

/// The last account says something, one after the other: unread for all others.
async fn say(stage: &Stage<'_>, count: usize) -> Result<()> {
    let last = stage.people.accounts.last().context("there are accounts")?;
    let mut http = Http::open(stage.site.address, "/api/v1/chat/messages/", &last.access).await?;
    for _ in 0..count {
        let status = http.post(&Template::new(stage.people.hall).body()).await?;
        ensure!(status == 201, "a send was answered with {status}");
    }
    Ok(())
}
