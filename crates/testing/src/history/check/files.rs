//! What comes back of files.

use std::collections::HashMap;

use uuid::Uuid;

use super::facts::Facts;
use crate::history::{Report, Rule, View, What};

/// A file comes back as it was brought while its message is there, and not at all once that is deleted. Of one that no message
/// has, nothing is promised.
pub(super) fn files_come_back(facts: &Facts<'_>, report: &mut Report) {
    let brought: HashMap<Uuid, &str> =
        facts.sends.values().flat_map(|send| send.files).map(|file| (file.id, file.text.as_str())).collect();
    let messages: HashMap<Uuid, &View> = facts
        .sends
        .iter()
        .filter_map(|((sender, client_id), send)| {
            let is_it =
                |view: &&View| view.sender == *sender && view.client_id.as_deref() == Some(*client_id);
            let view = facts.truth.get(&send.room)?.messages.iter().find(is_it)?;
            Some(send.files.iter().map(move |file| (file.id, view)))
        })
        .flatten()
        .collect();
    for (place, entry) in facts.history.entries.iter().enumerate() {
        let What::File { id, text, .. } = &entry.what else { continue };
        let Some(view) = messages.get(id) else { continue };
        let wanted = if view.is_deleted { None } else { brought.get(id).copied() };
        if text.as_deref() != wanted {
            report.add(Rule::File, vec![place], format!("{id} of {view:?} should be {wanted:?}"));
        }
    }
}
