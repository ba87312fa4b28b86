//! `charla reindex`.

use std::io::{IsTerminal, Write};

use charla_server::{Config, admin, admin::IndexProgress, config::Flags};

use crate::bar;

/// Writes the index of messages anew, while the server runs.
///
/// `serve` keeps the index by itself: this is for when it is thought to be damaged. Ended before it is done, it goes on
/// from there when it is started again.
#[derive(Debug, clap::Args)]
pub(crate) struct Reindex {
    #[command(flatten)]
    flags: Flags,
}

impl Reindex {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let config = Config::load(&self.flags)?;
        let mut shown = Shown { percent: None, is_terminal: std::io::stdout().is_terminal() };
        admin::reindex(&config, |progress| shown.show(progress)).await?;
        shown.end();
        println!("The index is written.");
        Ok(())
    }
}

/// How far it is: a bar on a terminal, elsewhere a line for each hundredth.
struct Shown {
    percent: Option<u64>,
    is_terminal: bool,
}

impl Shown {
    fn show(&mut self, IndexProgress { done, segments }: IndexProgress) {
        let percent = (done * 100).checked_div(segments).map_or(100, |percent| percent.min(100));
        let before = self.percent.replace(percent);
        if before == Some(percent) {
            return;
        }
        if self.is_terminal {
            print!("\r{}", bar::drawn(percent));
        } else if before.is_none() && done > 0 {
            println!("going on at {percent} %");
        } else {
            println!("{percent} %");
        }
        // Where nobody listens any more, the work goes on.
        std::io::stdout().flush().ok();
    }

    fn end(&self) {
        if self.is_terminal {
            println!();
        }
    }
}
