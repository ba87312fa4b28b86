//! The bulk format of Mattermost: a file with a JSON object a line, alone or in a ZIP archive with its attachments.
//!
//! Posts stand there in no order, so a first pass notes where each is (`index`), and a second one takes them in theirs.

mod index;
mod line;
mod messages;
mod people;
mod rooms;

use std::{fs::File, path::Path, sync::Arc};

use anyhow::{Context, bail};

use self::index::Index;
use crate::{
    Archive,
    source::{Place, Zip},
};

/// Messages that wait to be written.
const WAITING: usize = 1_000;

/// Where attachments are.
#[derive(Clone, Debug)]
enum Attachments {
    Folder(Arc<Path>),
    /// With the names of its parts.
    Zip(Zip, Arc<[String]>),
}

/// Reads all but the messages, and begins to read those. May block.
///
/// # Errors
/// Where it is no such file.
pub fn read(path: &Path) -> anyhow::Result<Archive> {
    let (file, attachments) = open(path)?;
    let index = Index::read(&file).with_context(|| format!("{} is not in order", path.display()))?;
    if !index.has_version {
        bail!("{} is no bulk export of Mattermost: it says no version", path.display());
    }
    let people = people::people(&index);
    let rooms = rooms::rooms(&index);
    let left_out = index.left_out.clone();
    let (sender, entries) = tokio::sync::mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = messages::read(&file, &index, &attachments, &sender) {
            // Where nobody takes it any more, the import has ended.
            sender.blocking_send(Err(error)).ok();
        }
    });
    Ok(Archive { source: "mattermost".to_owned(), people, rooms, ties: Vec::new(), left_out, entries })
}

/// The lines as a file that can be read anywhere, and where attachments are looked for.
fn open(path: &Path) -> anyhow::Result<(File, Attachments)> {
    if path.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("zip")) {
        let file = File::open(path).with_context(|| format!("{} can't be opened", path.display()))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return Ok((file, Attachments::Folder(folder.into())));
    }
    let zip = Zip::open(path)?;
    let names = zip.names();
    let Some(name) = names.iter().filter(|name| name.ends_with(".jsonl")).min_by_key(|name| name.len())
    else {
        bail!("{} is no bulk export of Mattermost: there is no .jsonl file in it", path.display());
    };
    let mut file = tempfile::tempfile().context("there is no place for a temporary file")?;
    zip.copy_to(name, &mut file, u64::MAX)?;
    Ok((file, Attachments::Zip(zip, names.into())))
}

impl Attachments {
    /// The file of that path, which an archive has below `data/`.
    fn place(&self, path: &str) -> Option<Place> {
        match self {
            Self::Folder(folder) => {
                let beside =
                    if folder.join(path).exists() { path.to_owned() } else { format!("data/{path}") };
                Some(Place::Folder(folder.clone(), beside))
            }
            Self::Zip(zip, names) => {
                let candidates = [path.to_owned(), format!("data/{path}")];
                let name = candidates.into_iter().find(|name| names.binary_search(name).is_ok())?;
                Some(Place::Zip(zip.clone(), name))
            }
        }
    }
}
