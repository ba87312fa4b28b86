//! One run, from the start of everything to the verdict.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use charla_testing::history::{self, History, Report};
use clap::ValueEnum;
use futures_util::future::{join_all, try_join_all};
use tokio::time::{Instant, sleep_until, timeout};

use crate::{
    cluster::Cluster,
    forge::Plant,
    nemesis::{self, Fault, Plan},
    options::RunOptions,
    record,
    round::{Round, Stopwatch},
};

/// What is mended is mended within this.
const HEALED_WITHIN: Duration = Duration::from_secs(90);

/// Breaks and checks. Whether everything was as promised, in each round.
pub(crate) async fn run(options: &RunOptions) -> Result<bool> {
    let faults = available(options);
    let plan = Plan::new(options.seed, &faults, options.nodes, Duration::from_secs(options.seconds));
    if options.plan {
        print!("{plan}");
        return Ok(true);
    }
    let begin = Instant::now();
    let cluster = Cluster::start(options, &faults).await?;
    println!("{:?}, {} nodes, seed {}, {} s", options.database, options.nodes, options.seed, options.seconds);
    println!("up after {:.1?}", begin.elapsed());
    let plants = match options.plant.as_slice() {
        [] => vec![None],
        plants => plants.iter().copied().map(Some).collect(),
    };
    let starting =
        plants.into_iter().enumerate().map(|(number, plant)| Round::start(options, &cluster, number, plant));
    let mut rounds = try_join_all(starting).await?;
    let broken = disturb(options, &plan, &cluster, &rounds).await;
    let finishing = rounds.iter_mut().map(async |round| match &broken {
        Ok(()) => round.finish(options, &cluster).await,
        Err(_) => Ok(()),
    });
    let mut failed: Vec<Result<()>> = join_all(finishing).await;
    failed.push(broken);
    let mut is_clean = true;
    for round in rounds {
        let plant = round.plant;
        let (history, watch) = round.end().await;
        is_clean &= tell(options, &cluster, plant, &history, &watch, failed.iter().any(Result::is_err))?;
    }
    failed.into_iter().collect::<Result<()>>().context("the run did not come to its end")?;
    Ok(is_clean)
}

/// Things are broken while people write; then all is mended. Faults are noted in the first round.
async fn disturb(options: &RunOptions, plan: &Plan, cluster: &Cluster, rounds: &[Round]) -> Result<()> {
    let begin = Instant::now();
    let first = rounds.first().context("there is a round")?;
    nemesis::unleash(plan, cluster, first.record()).await?;
    sleep_until(begin + Duration::from_secs(options.seconds)).await;
    timeout(HEALED_WITHIN, nemesis::heal(cluster)).await.context("it can't be mended")?
}

/// Whether it was as promised. Keeps all where it was not, or did not come to its end.
fn tell(
    options: &RunOptions,
    cluster: &Cluster,
    plant: Option<Plant>,
    history: &History,
    watch: &Stopwatch,
    has_failed: bool,
) -> Result<bool> {
    let report = history::check(history);
    let plant = plant.and_then(|plant| Some(plant.to_possible_value()?.get_name().to_owned()));
    if let Some(plant) = &plant {
        println!("== {plant}");
    }
    print!("{report}");
    println!("{watch}");
    if !report.is_clean() || has_failed {
        let folder = kept(options, plant.as_deref())?;
        keep(&folder, cluster, history, &report)?;
        print!("{}", report.explain(history));
        println!("the history and the nodes' logs are in {}", folder.display());
    }
    Ok(report.is_clean())
}

fn keep(folder: &Path, cluster: &Cluster, history: &History, report: &Report) -> Result<()> {
    record::write(history, &folder.join("history.jsonl"))?;
    std::fs::write(folder.join("violations.txt"), report.explain(history))?;
    cluster.keep_logs(folder)
}

/// The faults that there can be here; the others are named.
fn available(options: &RunOptions) -> Vec<Fault> {
    let wanted = options.faults.clone().unwrap_or_else(|| {
        let usual = |fault: &&Fault| options.plant.is_empty() && **fault != Fault::Failover;
        Fault::value_variants().iter().filter(usual).copied().collect()
    });
    let missing = |fault: &Fault| fault.missing(options);
    for fault in &wanted {
        if let Some(why) = missing(fault) {
            println!("not available: {}: {why}", fault.name());
        }
    }
    wanted.into_iter().filter(|fault| missing(fault).is_none()).collect()
}

fn kept(options: &RunOptions, plant: Option<&str>) -> Result<PathBuf> {
    let Some(folder) = &options.keep else {
        return Ok(tempfile::Builder::new().prefix("charla-chaos-found-").tempdir()?.keep());
    };
    let folder = plant.map_or_else(|| folder.clone(), |plant| folder.join(plant));
    if folder.is_file() {
        bail!("{} is no folder", folder.display());
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
