//! The plan of a run: made of its seed alone.

use std::{fmt, time::Duration};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::Fault;

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// After the beginning.
    pub(crate) at: Duration,
    pub(crate) fault: Fault,
    pub(crate) node: usize,
    /// Which of the node's ways: to its clients, to the database, to Redis; modulo how many there are.
    pub(crate) way: usize,
    /// Until it is mended.
    pub(crate) lasts: Duration,
    /// How bad: 0 to 999.
    pub(crate) amount: u32,
}

/// Two rows of faults that go on beside each other: of processes, and of ways. In each, one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) processes: Vec<Step>,
    pub(crate) ways: Vec<Step>,
}

/// A fault of a short run lasts so long at most, so that each kind comes to pass.
const SHORT: Duration = Duration::from_millis(2_500);
/// From this length on a run is a long one.
const LONG: Duration = Duration::from_secs(60);

impl Plan {
    pub(crate) fn new(seed: u64, faults: &[Fault], nodes: usize, length: Duration) -> Self {
        let (ways, processes): (Vec<Fault>, Vec<Fault>) =
            faults.iter().partition(|fault| fault.is_of_a_way());
        Self {
            processes: row(StdRng::seed_from_u64(seed), &processes, nodes, length),
            ways: row(StdRng::seed_from_u64(seed ^ u64::MAX), &ways, nodes, length),
        }
    }
}

/// Each kind comes once before any comes again, in an order of chance.
fn row(mut random: StdRng, kinds: &[Fault], nodes: usize, length: Duration) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut left = Vec::new();
    let mut at = Duration::from_millis(random.random_range(300..1_500));
    while !kinds.is_empty() {
        if left.is_empty() {
            left = kinds.to_vec();
            left.shuffle(&mut random);
        }
        let Some(fault) = left.pop() else { break };
        let lasts = length_of(fault, length, &mut random);
        if at + lasts > length {
            break;
        }
        let node = random.random_range(0..nodes);
        let step = Step {
            at,
            fault,
            node,
            way: random.random_range(0..6),
            lasts,
            amount: random.random_range(0..1_000),
        };
        steps.push(step);
        at += lasts + Duration::from_millis(random.random_range(200..2_000));
    }
    steps
}

fn length_of(fault: Fault, run: Duration, random: &mut StdRng) -> Duration {
    let (least, most) = match fault {
        Fault::Cut | Fault::Tear | Fault::RedisFlush | Fault::Term => (50, 400),
        Fault::Kill | Fault::RedisKill | Fault::DatabaseKill | Fault::Failover => (50, 4_000),
        Fault::Pause => (500, 15_000),
        Fault::RedisPause | Fault::DatabasePause | Fault::Hole => (500, 12_000),
        Fault::Slow | Fault::Clock | Fault::Disk => (1_000, 10_000),
        Fault::Vanish => (2_000, 50_000),
    };
    let lasts = Duration::from_millis(random.random_range(least..=most));
    if run < LONG { lasts.min(SHORT) } else { lasts }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Step { at, fault, node, way, lasts, amount } in self.processes.iter().chain(&self.ways) {
            let fault = fault.name();
            writeln!(f, "{at:>10.1?} {fault:<15} node {node} way {way} for {lasts:.1?}, amount {amount}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_same_seed_is_the_same_plan_and_another_one_is_another() {
        let plan = |seed| Plan::new(seed, Fault::value_variants(), 3, Duration::from_secs(240));
        assert_eq!(plan(1), plan(1));
        assert_ne!(plan(1), plan(2));
    }

    #[test]
    fn every_fault_comes_in_a_short_run_too_and_ends_in_time() {
        let length = Duration::from_secs(30);
        let kinds =
            [Fault::Kill, Fault::Pause, Fault::Term, Fault::Clock, Fault::Cut, Fault::Hole, Fault::Slow];
        for seed in 0..50 {
            let plan = Plan::new(seed, &kinds, 1, length);
            let steps = || plan.processes.iter().chain(&plan.ways);
            for kind in kinds {
                assert!(steps().any(|step| step.fault == kind), "{kind:?} with seed {seed}");
            }
            assert!(steps().all(|step| step.at + step.lasts <= length && step.node == 0));
            for row in [&plan.processes, &plan.ways] {
                assert!(row.windows(2).all(|two| two[0].at + two[0].lasts < two[1].at));
            }
        }
    }
}
