//! Writes what a source has, and keeps the invariants of the server: gapless numbers, unique names, one direct room a pair, an owner for
//! each group. A batch is a transaction; what an import that was ended has left is brought by the next one.

mod batch;
mod messages;
mod people;
mod reading;
mod rooms;
mod ties;

use std::{collections::HashMap, sync::Arc};

use charla_db::clock::SystemClock;
use charla_server::{App, Config, app::Parts, auth::Cost, serve};

use crate::{Archive, Ids, Report, names::Given};

/// How it is to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Only says what would come.
    pub dry_run: bool,
    /// Who administrated the source does so here.
    pub administrators: bool,
}

/// A node that serves nobody, to write through.
///
/// # Errors
/// What keeps it from being put together, with the setting to look at.
pub async fn open(config: Config) -> anyhow::Result<App> {
    let db = serve::open(&config).await?;
    let connect = serve::channel_layer(&config);
    let parts = Parts { db, clock: Arc::new(SystemClock), password_cost: Cost::STANDARD, connect };
    App::start(config, parts)
}

/// Brings in all that is new in the archive. `tell` hears how many messages have been looked at.
///
/// # Errors
/// Those of the source and of the database. What came before stays; the same import, begun again, goes on from there.
pub async fn run(
    app: &App,
    archive: Archive,
    options: Options,
    mut tell: impl FnMut(u64) + Send,
) -> anyhow::Result<Report> {
    let Archive { source, people, rooms, ties, left_out, entries } = archive;
    let mut writer = Writer {
        app,
        options,
        ids: Ids::new(&source),
        report: Report::default(),
        given: Given::default(),
        people: HashMap::new(),
        rooms: HashMap::new(),
        directs: HashMap::new(),
    };
    left_out.into_iter().for_each(|what| writer.report.leave_out(what));
    writer.bring_people(people).await?;
    writer.bring_rooms(rooms).await?;
    writer.bring_messages(entries, &mut tell).await?;
    // A block would keep people from the rooms they shared there.
    writer.bring_ties(ties).await?;
    Ok(writer.report)
}

/// An import under way.
struct Writer<'a> {
    app: &'a App,
    options: Options,
    ids: Ids,
    report: Report,
    given: Given,
    /// By key.
    people: HashMap<String, people::Account>,
    /// By key.
    rooms: HashMap<String, Arc<rooms::Target>>,
    /// The direct rooms that this import has brought, by the key of their pair.
    directs: HashMap<String, uuid::Uuid>,
}
