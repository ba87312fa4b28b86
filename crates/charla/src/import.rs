//! `charla import`.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use charla_import::{Archive, Options, django, mattermost, slack};
use charla_server::{Config, config::Flags};

/// Messages between two lines where there is no terminal.
const LINE_EVERY: u64 = 10_000;

/// Brings in what another chat has left.
///
/// Bring it in before people come, or with the server stopped: who is connected sees what comes only when they come back. Begun
/// again, it brings what is new, and goes on where it was ended.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, clap::Subcommand)]
enum Source {
    /// The database of a Django application; passwords stay good.
    Django(Django),
    /// The export of a Slack workspace.
    Slack(File),
    /// A bulk export of Mattermost.
    Mattermost(File),
}

#[derive(Debug, clap::Args)]
struct Django {
    /// The database: sqlite://path, postgres://… or mysql://…
    #[arg(long, value_name = "URL")]
    from: String,
    /// What tables and columns are called, as TOML; what it does not say is found.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Only prints that map as it is found, to be put right.
    #[arg(long)]
    print_map: bool,
    /// The application's MEDIA_ROOT; without it no files come.
    #[arg(long, value_name = "FOLDER")]
    media: Option<PathBuf>,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
struct File {
    /// The archive, or a .jsonl file of Mattermost.
    file: PathBuf,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, clap::Args)]
struct How {
    /// Only says what would come, and what would be left out.
    #[arg(long)]
    dry_run: bool,
    /// Who administrates the source does so here.
    #[arg(long)]
    administrators: bool,
    #[command(flatten)]
    flags: Flags,
}

impl Import {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self.source {
            Source::Django(Django { from, map, print_map, media, how }) => {
                let source = django::Source { url: from, map, media };
                if print_map {
                    print!("{}", django::map(&source).await?.to_toml()?);
                    return Ok(());
                }
                let archive = django::read(&source).await?;
                bring(archive, how).await
            }
            Source::Slack(File { file, how }) => {
                let archive = tokio::task::spawn_blocking(move || slack::read(&file)).await??;
                bring(archive, how).await
            }
            Source::Mattermost(File { file, how }) => {
                let archive = tokio::task::spawn_blocking(move || mattermost::read(&file)).await??;
                bring(archive, how).await
            }
        }
    }
}

async fn bring(archive: Archive, how: How) -> anyhow::Result<()> {
    let app = charla_import::open(Config::load(&how.flags)?).await?;
    let options = Options { dry_run: how.dry_run, administrators: how.administrators };
    let mut shown = Shown { lines: 0, is_terminal: std::io::stdout().is_terminal() };
    let report = charla_import::run(&app, archive, options, |messages| shown.show(messages)).await?;
    shown.end();
    if how.dry_run {
        println!("Nothing is written: this is what would come.");
    }
    print!("{report}");
    Ok(())
}

/// How far it is: one line that changes on a terminal, elsewhere a line from time to time.
struct Shown {
    lines: u64,
    is_terminal: bool,
}

impl Shown {
    fn show(&mut self, messages: u64) {
        if self.is_terminal {
            print!("\r{messages} messages");
        } else if messages / LINE_EVERY > self.lines {
            self.lines = messages / LINE_EVERY;
            println!("{messages} messages");
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
