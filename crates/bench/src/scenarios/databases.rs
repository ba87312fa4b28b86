//! Messages a second that are stored in PostgreSQL and MariaDB, beside the raw inserts there.

use anyhow::{Context, Result, ensure};

use super::{Stage, durable::Door};
use crate::{
    databases::Kind,
    machine::Cores,
    options::Options,
    people::People,
    raw::{elsewhere::RawElsewhere, rows::BATCH},
    report::{Report, Target},
    server::Site,
};

pub(crate) async fn run(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let site = Site::make(options, cores)?;
        match kind.make(&site).await? {
            Some(database) => on(options, cores, site.with("DATABASE_URL", database), kind, report)
                .await
                .context(kind.name())?,
            None => report.note(format!("no {}: `with-services` starts it", kind.name())),
        }
    }
    report.note(
        "databases: the database server uses any processor, beside the server's and the load's own"
            .to_owned(),
    );
    Ok(())
}

async fn on(options: &Options, cores: Cores, site: Site, kind: Kind, report: &mut Report) -> Result<()> {
    let name = kind.name();
    let raw = kind.make(&site).await?.context("it was there before")?;
    let raw = RawElsewhere::make(&raw, options.pairs).await?;
    let server = site.start().await?;
    let people = People::invite(&site, options.pairs).await.context("the accounts can't be made")?;
    let stage = Stage { options, cores, site, people };
    let before = stage.people.stored().await?;
    let raw_for = options.measure_for() / 2;
    let durable = format!("durable messages, {name}");
    let mut sent = 0;
    for _ in 0..options.repeats {
        for batch in [1, 10] {
            let figure = format!("raw rows, {name}, {batch} a transaction");
            report.add(figure, "/s", raw.alone(batch, raw_for / 2).await?);
        }
        let alone = raw.alone(BATCH, raw_for).await?;
        let together = raw.side_by_side(BATCH, raw_for).await?;
        report.add(format!("raw rows, {name}, 100 a transaction"), "/s", alone);
        report.add(format!("raw rows, {name}, 100 a transaction, four connections"), "/s", together);
        let sample = Door::WebSocket.measure(&stage, &server, options.window).await?;
        sent += sample.sent;
        let rate = sample.cost.rate(sample.acked);
        report.add_against(durable.as_str(), "/s", rate, alone.max(together), "raw rows, 100");
        report.add(
            format!("{durable}, per CPU s of the server"),
            "/CPU s",
            sample.cost.rate_per_cpu(sample.acked),
        );
        report.add(format!("{durable}: load's core busy"), "%", sample.cost.load_percent());
    }
    report.aim(&durable, Target::RatioAtLeast(0.5));
    let stored = stage.people.stored().await? - before;
    ensure!(stored == sent, "{sent} messages were acknowledged, and {stored} are stored");
    report.note(format!("{name}: {sent} messages acknowledged, and {stored} stored"));
    server.stop().await
}
