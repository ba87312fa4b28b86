//! `charla doctor`.

use anyhow::bail;
use charla_server::{
    config::Flags,
    doctor::{self, Report, Verdict},
};

/// Looks at settings, database, Redis, storage, mail, clock, disk and limits, and says what is not well and what to do. Exit code 1
/// where something has to be done. It makes nothing; the server may be running.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// Prints JSON: `findings`, each with `part`, `verdict` (`ok`, `note`, `problem`), `text` and `remedy`.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

impl Doctor {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let report = doctor::examine(&self.flags).await;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print(&report);
        }
        match report.problems() {
            0 => Ok(()),
            1 => bail!("something has to be done about one thing"),
            several => bail!("something has to be done about {several} things"),
        }
    }
}

fn print(report: &Report) {
    for finding in &report.findings {
        let verdict = match finding.verdict {
            Verdict::Ok => "ok",
            Verdict::Note => "note",
            Verdict::Problem => "PROBLEM",
        };
        println!("{verdict:<7}  {:<10}  {}", finding.part, finding.text);
        if let Some(remedy) = &finding.remedy {
            println!("{:<7}  {:<10}  -> {remedy}", "", "");
        }
    }
}
