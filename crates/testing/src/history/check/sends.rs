//! Sends and the truth: each acknowledged one is there, once, as it was; and nothing else is.

use std::collections::HashMap;

use charla_protocol::UserId;

use super::facts::{Facts, Send};
use crate::history::{Answer, Report, Rule, View};

/// Every acknowledged message stands in the truth with its id, number, room and text, once; one that may have been stored
/// at most once.
pub(super) fn acknowledged_is_there_once(facts: &Facts<'_>, report: &mut Report) {
    let stored = stored(facts);
    for (key, send) in facts.sends.iter().filter(|(_, send)| facts.truth.contains_key(&send.room)) {
        let copies = stored.get(key).map(Vec::as_slice).unwrap_or_default();
        let entries: Vec<usize> =
            send.attempts.iter().flat_map(|of| [Some(of.asked), of.answered]).flatten().collect();
        if copies.len() > 1 {
            let what = format!("{:?} is stored {} times", send.content, copies.len());
            report.add(Rule::Doubled, entries.clone(), what);
        }
        for attempt in send.attempts.iter().filter(|attempt| attempt.is_acknowledged()) {
            let place = vec![attempt.asked, attempt.end()];
            match copies {
                [] => report.add(Rule::Lost, place, format!("{:?} was acknowledged", send.content)),
                [copy, ..] => {
                    if let Some(what) = difference(send, attempt.answer, copy) {
                        report.add(Rule::Altered, place, what);
                    }
                }
            }
        }
        if !copies.is_empty() && send.attempts.iter().all(super::facts::Attempt::is_refused) {
            report.add(Rule::Unsent, entries, format!("{:?} was refused, and is stored", send.content));
        }
    }
}

/// Every message of the truth was sent, and no text stands there twice.
pub(super) fn nothing_else_is_there(facts: &Facts<'_>, report: &mut Report) {
    for truth in facts.truth.values() {
        let mut texts: HashMap<&str, &View> = HashMap::new();
        for view in truth.messages.iter().filter(|view| !view.is_system) {
            if !facts.sends.contains_key(&key(view)) {
                report.add(Rule::Unsent, vec![truth.place], format!("nobody sent {view:?}"));
            }
            let is_text = !view.is_deleted;
            if let Some(other) = texts.insert(&view.content, view).filter(|_| is_text) {
                let what = format!("{:?} stands under {} and {}", view.content, other.seq, view.seq);
                report.add(Rule::Doubled, vec![truth.place], what);
            }
        }
    }
}

fn stored<'a>(facts: &Facts<'a>) -> HashMap<(UserId, &'a str), Vec<&'a View>> {
    let mut stored: HashMap<_, Vec<&View>> = HashMap::new();
    for view in facts.truth.values().flat_map(|truth| truth.messages) {
        stored.entry(key(view)).or_default().push(view);
    }
    stored
}

fn key(view: &View) -> (UserId, &str) {
    (view.sender, view.client_id.as_deref().unwrap_or_default())
}

fn difference(send: &Send<'_>, answer: Option<&Answer>, copy: &View) -> Option<String> {
    let Some(Answer::Acknowledged { id, revision }) = answer else { return None };
    let is_same = copy.room == send.room
        && id.is_none_or(|id| id == copy.id)
        && revision.is_none_or(|revision| revision == copy.seq)
        && (copy.is_deleted || copy.files.iter().eq(send.files.iter().map(|file| &file.id)))
        && (copy.is_edited || copy.is_deleted || copy.content == send.content);
    (!is_same).then(|| {
        format!("{:?} in {} was acknowledged as {answer:?}, and is {copy:?}", send.content, send.room)
    })
}
