//! The newest page of a room through the HTTP door, beside what it takes at least: its query, its JSON, and an HTTP server with a
//! ready body.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use anyhow::{Result, ensure};
use charla_client::{Method, Place};
use tokio::task::JoinSet;

use super::Stage;
use crate::{
    http::Http,
    load::{Cost, Meter, Tally, watch},
    raw::{self, http::RawHttp},
    report::{Report, Target},
    server::Server,
};

/// Who asks at the same time.
const READERS: usize = 8;
/// More than a page holds.
const MESSAGES: usize = 60;
const WARM_UP: Duration = Duration::from_millis(300);
const PAGES: &str = "history page, per CPU s";

pub(crate) async fn run(stage: &Stage<'_>, server: &Server, report: &mut Report) -> Result<()> {
    say_something(stage).await?;
    let (hall, reader) = (stage.people.hall, &stage.people.accounts[0]);
    let path = format!("/api/v1/chat/rooms/{hall}/messages/");
    let page = reader.client.room_messages(hall, Place::Newest, None).await?;
    let body = reader.client.request(Method::GET, &path, None).await?.body;
    let ready = RawHttp::start(stage.cores, &body).await?;
    let short = stage.options.measure_for() / 2;
    for _ in 0..stage.options.repeats {
        let query = raw::page::query(&stage.site.database(), hall, short).await?;
        let json = raw::page::json(&page, short / 2)?;
        let (count, cost) = ask(stage, ready.address, ready.pid, "/", short).await?;
        let http = cost.micros_each(count);
        report.add("raw page: query", "CPU µs", query);
        report.add("raw page: JSON", "CPU µs", json);
        report.add("raw page: HTTP with a ready body", "CPU µs", http);
        let limit = 1e6 / (query + json + http);
        let (count, cost) =
            ask(stage, stage.site.address, server.pid, &path, stage.options.measure_for()).await?;
        report.add("history page", "/s", cost.rate(count));
        report.add("history page: server", "CPU µs", cost.micros_each(count));
        report.add_against(PAGES, "/CPU s", cost.rate_per_cpu(count), limit, "query, JSON and a ready body");
    }
    report.aim(PAGES, Target::RatioAtLeast(0.7));
    report.note(format!(
        "history: pages of {} messages, {} bytes, {READERS} readers",
        page.results.len(),
        body.len()
    ));
    Ok(())
}

/// Each message is from somebody else, as far as there are people.
async fn say_something(stage: &Stage<'_>) -> Result<()> {
    for number in 0..MESSAGES {
        let account = stage.people.owner_of(number);
        let mut http = Http::open(stage.site.address, "/api/v1/chat/messages/", &account.access).await?;
        let status = http.post(&crate::load::Template::new(stage.people.hall).body()).await?;
        ensure!(status == 201, "a send was answered with {status}");
    }
    Ok(())
}

/// Asks again and again for so long. Answers, and what they cost that process.
pub(super) async fn ask(
    stage: &Stage<'_>,
    address: SocketAddr,
    pid: u32,
    path: &str,
    duration: Duration,
) -> Result<(u64, Cost)> {
    let tally = Tally::new();
    let mut readers = JoinSet::new();
    for number in 0..READERS {
        let http = Http::open_to_get(address, path, &stage.people.owner_of(number).access).await?;
        readers.spawn(read(http, Arc::clone(&tally)));
    }
    watch(&mut readers, WARM_UP).await?;
    let (meter, before) = (Meter::start(pid)?, tally.acked.load(Relaxed));
    watch(&mut readers, duration).await?;
    let (cost, count) = (meter.read()?, tally.acked.load(Relaxed) - before);
    tally.stop();
    while let Some(ended) = readers.join_next().await {
        ended??;
    }
    Ok((count, cost))
}

async fn read(mut http: Http, tally: Arc<Tally>) -> Result<()> {
    while !tally.is_stopped() {
        let status = http.get().await?;
        ensure!(status == 200, "a page was answered with {status}");
        tally.acked.fetch_add(1, Relaxed);
    }
    Ok(())
}
