//! Whether the database can be had, is up to date, keeps what it is given, and has the time of this machine.

use std::path::Path;

use charla_db::{
    Db,
    inspect::{Inspection, Safety},
};

use super::Report;
use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    database::{place, remedy},
};

const PART: &str = "database";
const CLOCK: &str = "clock";
/// Milliseconds that clocks may differ without a word, and before something has to be done.
const APART: i64 = 1000;
const FAR_APART: i64 = 30_000;

pub(super) async fn look(config: &Config, report: &mut Report) {
    if let Some(file) = config.sqlite_file()
        && is_missing(&file)
    {
        return report.ok(PART, format!("{} is not there yet: the first start makes it", file.display()));
    }
    let url = &config.database_url;
    if let Err(reason) = charla_db::reach(url).await {
        return report.problem(PART, format!("it can't be reached{}: {reason}", place(url)), remedy(&reason));
    }
    match Db::connect(url, 1).await {
        Ok(db) => {
            look_inside(config, &db, report).await;
            if let Err(error) = db.close().await {
                tracing::debug!(%error, "the database was not left in order");
            }
        }
        Err(error) => {
            let text = format!("it can't be opened: {:#}", anyhow::Error::from(error));
            report.problem(PART, text, "look at DATABASE_URL, and at the log of the database");
        }
    }
}

/// SQLite's file is made empty before it is filled.
fn is_missing(file: &Path) -> bool {
    file.metadata().is_ok_and(|file| file.len() == 0) || !file.exists()
}

async fn look_inside(config: &Config, db: &Db, report: &mut Report) {
    let before = SystemClock.now().millis();
    match db.inspect().await {
        Ok(found) => {
            let after = SystemClock.now().millis();
            judge(&found, report);
            judge_clock(&found, before, after, report);
        }
        Err(error) => {
            let text = format!("it does not say how it is set: {:#}", anyhow::Error::from(error));
            report.note(PART, text, "look at what its user may read");
        }
    }
    look_at_migrations(config, db, report).await;
}

fn judge(found: &Inspection, report: &mut Report) {
    report.ok(PART, format!("{} answers", found.version));
    for risk in &found.risks {
        let lost = match risk.endangers {
            Safety::Commit => "what was acknowledged last is lost when the power fails",
            Safety::Crash => "all of it may be damaged when the power fails",
        };
        let text = format!("{} is {}: {lost}", risk.setting, risk.value);
        report.problem(PART, text, format!("set {} to {} on the database server", risk.setting, risk.remedy));
    }
    if found.risks.is_empty() {
        report.ok(PART, "what is committed is on disk");
    }
}

/// The database was asked at some time between these two.
fn judge_clock(found: &Inspection, before: i64, after: i64, report: &mut Report) {
    const REMEDY: &str = "let chrony or systemd-timesyncd set the clocks of both machines";
    let Some(now) = found.now else { return };
    let apart = if now < before { before - now } else { (now - after).max(0) };
    let text = format!("this machine's and the database's are {} s apart", apart / 1000);
    match apart {
        ..APART => report.ok(CLOCK, "this machine and the database have the same time"),
        APART..FAR_APART => report.note(CLOCK, text, REMEDY),
        FAR_APART.. => report.problem(CLOCK, text, REMEDY),
    }
}

async fn look_at_migrations(config: &Config, db: &Db, report: &mut Report) {
    match db.pending_migrations().await {
        Ok(0) => report.ok(PART, "its tables are up to date"),
        Ok(pending) if config.auto_migrate => report.note(
            PART,
            format!("{pending} migrations are missing"),
            "nothing: the next start applies them; make a backup before it",
        ),
        Ok(pending) => report.problem(
            PART,
            format!("{pending} migrations are missing, and AUTO_MIGRATE is off"),
            "run `charla migrate`, after a backup",
        ),
        Err(error) => report.problem(
            PART,
            format!("its migrations are not those of this version: {:#}", anyhow::Error::from(error)),
            "run the version of Charla that this database was last used with, or a later one",
        ),
    }
}

#[cfg(test)]
mod tests {
    use charla_db::inspect::Risk;

    use super::{super::Verdict, *};

    fn verdicts(look: impl FnOnce(&mut Report)) -> Vec<Verdict> {
        let mut report = Report::default();
        look(&mut report);
        report.findings.iter().map(|finding| finding.verdict).collect()
    }

    fn found(now: Option<i64>, risks: Vec<Risk>) -> Inspection {
        Inspection { version: "Test 1".to_owned(), now, risks }
    }

    #[test]
    fn clocks_may_differ_by_as_long_as_the_question_took() {
        for (now, expected) in [
            (Some(900), &[Verdict::Ok][..]),
            (Some(9_000), &[Verdict::Ok]),
            (Some(10_999), &[Verdict::Ok]),
            (Some(11_000), &[Verdict::Note]),
            (Some(40_000), &[Verdict::Problem]),
            (None, &[]),
        ] {
            let judged = verdicts(|report| judge_clock(&found(now, Vec::new()), 1_000, 10_000, report));
            assert_eq!(judged, expected, "{now:?}");
        }
    }

    #[test]
    fn what_may_be_lost_is_a_problem() {
        let risk = Risk { setting: "fsync", value: "off".to_owned(), remedy: "on", endangers: Safety::Crash };
        let judged = verdicts(|report| judge(&found(None, vec![risk]), report));
        assert_eq!(judged, [Verdict::Ok, Verdict::Problem]);
        assert_eq!(verdicts(|report| judge(&found(None, Vec::new()), report)), [Verdict::Ok; 2]);
    }
}
