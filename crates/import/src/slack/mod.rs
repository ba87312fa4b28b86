//! The export of a Slack workspace: a ZIP archive with a folder a channel, and in it a file a day.

mod export;
mod markup;
mod messages;
mod people;
mod rooms;

use std::path::Path;

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;

use crate::{Archive, source::Zip};

/// Bytes of one of its JSON files; it is in memory as a whole.
const MAX_JSON: u64 = 256 * 1024 * 1024;
/// Messages that wait to be written.
const WAITING: usize = 1_000;

/// Reads all but the messages, and begins to read those.
///
/// # Errors
/// Where it is no such archive.
pub fn read(path: &Path) -> anyhow::Result<Archive> {
    let zip = Zip::open(path)?;
    let names = zip.names();
    let folder = |name: &str| {
        name.strip_suffix("users.json")
            .filter(|root| root.is_empty() || root.ends_with('/'))
            .map(ToOwned::to_owned)
    };
    let Some(root) = names.iter().find_map(|name| folder(name)) else {
        bail!("{} is no export of Slack: there is no users.json in it", path.display());
    };
    let users: Vec<export::User> = list(&zip, &format!("{root}users.json"))?;
    let places = rooms::places(&zip, &root)?;
    let people = people::people(&users);
    let rooms = places.iter().map(rooms::Place::room).collect();
    let (sender, entries) = tokio::sync::mpsc::channel(WAITING);
    let reader = messages::Reader::new(zip, root, names, &users, places);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = reader.read(&sender) {
            // Where nobody takes it any more, the import has ended.
            sender.blocking_send(Err(error)).ok();
        }
    });
    Ok(Archive { source: "slack".to_owned(), people, rooms, ties: Vec::new(), left_out: Vec::new(), entries })
}

/// A JSON file with a list; empty where there is no such file.
fn list<T: DeserializeOwned>(zip: &Zip, name: &str) -> anyhow::Result<Vec<T>> {
    let Some(bytes) = zip.read(name, MAX_JSON)? else { return Ok(Vec::new()) };
    serde_json::from_slice(&bytes).with_context(|| format!("{name} is not in order"))
}
