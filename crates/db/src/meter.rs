//! What the database costs: statements, lanes, connections.

use std::{sync::Arc, time::Duration};

use charla_metrics::{Counter, Histogram, Kind, LATENCIES, SIZES, Text};
use sea_orm::DatabaseConnection;

use crate::{Db, Lanes, Result, dialect, lanes::Outcome};

/// What a node's lanes and connections have done.
#[derive(Debug)]
pub struct Meter {
    read: Statements,
    write: Statements,
    pub(crate) lanes: LaneMeter,
}

/// Statements over the connections of one pool.
#[derive(Debug)]
struct Statements {
    pool: &'static str,
    /// One for each of [`VERBS`].
    times: [Histogram; VERBS.len()],
    failed: Counter,
}

/// What the lanes have done.
#[derive(Debug)]
pub(crate) struct LaneMeter {
    /// Commands of each transaction that was committed.
    pub(crate) sizes: Histogram,
    /// From when a command was put in line until its lane took it.
    pub(crate) waits: Histogram,
    /// The commits alone.
    pub(crate) commits: Histogram,
    pub(crate) batches: Transactions,
    pub(crate) exclusive: Transactions,
    /// Transactions that were run again.
    pub(crate) retries: Counter,
    commands: [Counter; ENDS.len()],
}

/// Transactions of one kind.
#[derive(Debug)]
pub(crate) struct Transactions {
    /// From the first statement to the end of the commit, where it was committed.
    pub(crate) times: Histogram,
    failed: Counter,
    /// Whether they were committed is unknown.
    doubtful: Counter,
}

/// What statements begin with; the last stands for all others.
const VERBS: [&str; 5] = ["select", "insert", "update", "delete", "other"];
/// What may become of a command.
const ENDS: [&str; 5] = ["stored", "repeated", "unchanged", "refused", "failed"];

impl Default for Meter {
    fn default() -> Self {
        Self { read: Statements::of("read"), write: Statements::of("write"), lanes: LaneMeter::default() }
    }
}

impl Statements {
    fn of(pool: &'static str) -> Self {
        let times = std::array::from_fn(|_| Histogram::of_seconds(LATENCIES));
        Self { pool, times, failed: Counter::default() }
    }

    fn note(&self, sql: &str, elapsed: Duration, has_failed: bool) {
        self.times[verb(sql)].observe_duration(elapsed);
        if has_failed {
            self.failed.increment();
        }
    }
}

impl Default for LaneMeter {
    fn default() -> Self {
        Self {
            sizes: Histogram::of_numbers(SIZES),
            waits: Histogram::of_seconds(LATENCIES),
            commits: Histogram::of_seconds(LATENCIES),
            batches: Transactions::default(),
            exclusive: Transactions::default(),
            retries: Counter::default(),
            commands: Default::default(),
        }
    }
}

impl Default for Transactions {
    fn default() -> Self {
        let times = Histogram::of_seconds(LATENCIES);
        Self { times, failed: Counter::default(), doubtful: Counter::default() }
    }
}

impl Transactions {
    /// One was given up; or nobody knows whether it was committed.
    pub(crate) fn note_failure(&self, is_doubtful: bool) {
        if is_doubtful { &self.doubtful } else { &self.failed }.increment();
    }
}

impl LaneMeter {
    /// What became of the commands of a batch.
    pub(crate) fn note_ends(&self, results: &[Result<Outcome>]) {
        let mut counts = [0; ENDS.len()];
        for result in results {
            counts[end(result)] += 1;
        }
        for (counter, count) in self.commands.iter().zip(counts).filter(|(_, count)| *count > 0) {
            counter.add(count);
        }
    }

    /// So many commands came to nothing.
    pub(crate) fn note_failed(&self, commands: usize) {
        self.commands[ENDS.len() - 1].add(commands as u64);
    }
}

/// The place in [`ENDS`].
fn end(result: &Result<Outcome>) -> usize {
    match result {
        Ok(Outcome::Sent(_) | Outcome::Changed(_) | Outcome::Read(_)) => 0,
        Ok(Outcome::Repeated(_)) => 1,
        Ok(Outcome::Unchanged(_)) => 2,
        Err(error) if error.is_refusal() => 3,
        Err(_) => 4,
    }
}

/// The place in [`VERBS`].
fn verb(sql: &str) -> usize {
    let is = |verb: &&str| sql.get(..verb.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(verb));
    VERBS.iter().position(is).unwrap_or(VERBS.len() - 1)
}

impl Meter {
    /// Has each statement of the pools noted; `watcher` hears of it too.
    pub(crate) fn attach(
        self: &Arc<Self>,
        read: &mut DatabaseConnection,
        write: &mut DatabaseConnection,
        watcher: impl Fn(&str) + Clone + Send + Sync + 'static,
    ) {
        type Of = fn(&Meter) -> &Statements;
        let pools: [(&mut DatabaseConnection, Of); 2] =
            [(read, |meter| &meter.read), (write, |meter| &meter.write)];
        for (connection, of) in pools {
            let (meter, watcher) = (self.clone(), watcher.clone());
            connection.set_metric_callback(move |info| {
                of(&meter).note(&info.statement.sql, info.elapsed, info.failed);
                watcher(&info.statement.sql);
            });
        }
    }
}

impl Db {
    /// What the statements took, and how many connections there are.
    pub fn expose(&self, text: &mut Text) {
        let meter = &self.meter;
        let name = "charla_database_statement_duration_seconds";
        text.head(name, Kind::Histogram, "How long statements took, by pool and kind.");
        for pool in [&meter.read, &meter.write] {
            for (verb, times) in VERBS.iter().zip(&pool.times) {
                text.histogram(name, &[("pool", pool.pool), ("statement", verb)], times);
            }
        }
        let name = "charla_database_statement_errors_total";
        text.head(name, Kind::Counter, "Statements that the database refused or did not answer.");
        for pool in [&meter.read, &meter.write] {
            text.value(name, &[("pool", pool.pool)], pool.failed.value());
        }
        let pools = [("read", dialect::pool(&self.read)), ("write", dialect::pool(&self.write))];
        let name = "charla_database_connections";
        text.head(name, Kind::Gauge, "Open connections to the database.");
        for (pool, figures) in &pools {
            text.value(name, &[("pool", pool), ("state", "idle")], figures.idle);
            text.value(name, &[("pool", pool), ("state", "used")], figures.open.saturating_sub(figures.idle));
        }
        let name = "charla_database_connections_max";
        text.head(name, Kind::Gauge, "Connections that there may be.");
        for (pool, figures) in &pools {
            text.value(name, &[("pool", pool)], figures.most);
        }
    }
}

impl Lanes {
    /// What the lanes have done, and what waits for them.
    pub fn expose(&self, text: &mut Text) {
        let meter = &self.meter.lanes;
        let name = "charla_lane_waiting_commands";
        text.head(name, Kind::Gauge, "Writes that wait for their lane.");
        for (lane, waiting) in self.waiting().enumerate() {
            text.value(name, &[("lane", &lane.to_string())], waiting);
        }
        for (name, help, histogram) in [
            ("charla_lane_batch_commands", "Commands that shared a transaction.", &meter.sizes),
            ("charla_lane_wait_seconds", "How long commands waited for their lane.", &meter.waits),
            ("charla_lane_commit_seconds", "How long commits took.", &meter.commits),
        ] {
            text.head(name, Kind::Histogram, help);
            text.histogram(name, &[], histogram);
        }
        let kinds = [("batch", &meter.batches), ("exclusive", &meter.exclusive)];
        let name = "charla_lane_transaction_seconds";
        text.head(name, Kind::Histogram, "How long transactions took that were committed, commit included.");
        for (kind, transactions) in kinds {
            text.histogram(name, &[("kind", kind)], &transactions.times);
        }
        let name = "charla_lane_transaction_failures_total";
        text.head(name, Kind::Counter, "Transactions that were given up, or of which nobody knows.");
        for (kind, transactions) in kinds {
            text.value(name, &[("kind", kind), ("outcome", "failed")], transactions.failed.value());
            text.value(name, &[("kind", kind), ("outcome", "unknown")], transactions.doubtful.value());
        }
        let name = "charla_lane_commands_total";
        text.head(name, Kind::Counter, "Commands of batches, by what became of them.");
        for (end, commands) in ENDS.iter().zip(&meter.commands) {
            text.value(name, &[("outcome", end)], commands.value());
        }
        text.counter("charla_lane_retries_total", "Transactions that were run again.", meter.retries.value());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_apart_by_their_verb() {
        for (sql, expected) in [
            ("SELECT 1", "select"),
            ("insert into x", "insert"),
            ("UPDATE x", "update"),
            ("DELETE FROM x", "delete"),
            ("", "other"),
            ("PRAGMA x", "other"),
            ("ünïcode", "other"),
        ] {
            assert_eq!(VERBS[verb(sql)], expected, "{sql}");
        }
    }
}
