//! A history, read once: attempts with their answers, sends with their attempts, and the truth.

use std::collections::{BTreeMap, HashMap};

use charla_protocol::{MessageId, RoomId, UserId};

use super::super::{Answer, Brought, Call, History, View, What};

pub(super) struct Facts<'a> {
    pub(super) history: &'a History,
    pub(super) attempts: Vec<Attempt<'a>>,
    pub(super) sends: BTreeMap<(UserId, &'a str), Send<'a>>,
    pub(super) truth: BTreeMap<RoomId, Truth<'a>>,
    /// When somebody came into a room or left it: its numbers, and whether they were in it from there.
    pub(super) moves: BTreeMap<(RoomId, UserId), BTreeMap<i64, bool>>,
}

/// One attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt<'a> {
    pub(super) user: UserId,
    pub(super) call: &'a Call,
    pub(super) asked: usize,
    /// The place of the answer; none where it is not known whether it was done.
    pub(super) answered: Option<usize>,
    pub(super) answer: Option<&'a Answer>,
}

impl Attempt<'_> {
    /// The place by which it was done, or was not: one without an answer may be done at any later time.
    pub(super) fn end(&self) -> usize {
        self.answered.unwrap_or(usize::MAX)
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        matches!(self.answer, Some(Answer::Acknowledged { .. }))
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self.answer, Some(Answer::Refused(_)))
    }

    /// The message that the answer named.
    pub(super) fn message(&self) -> Option<MessageId> {
        match self.answer {
            Some(Answer::Acknowledged { id, .. }) => *id,
            _ => None,
        }
    }

    /// The number that the answer gave.
    pub(super) fn revision(&self) -> Option<i64> {
        match self.answer {
            Some(Answer::Acknowledged { revision, .. }) => *revision,
            _ => None,
        }
    }
}

/// All attempts to send one message.
#[derive(Clone, Debug)]
pub(super) struct Send<'a> {
    pub(super) room: RoomId,
    pub(super) content: &'a str,
    pub(super) files: &'a [Brought],
    pub(super) attempts: Vec<Attempt<'a>>,
}

impl Send<'_> {
    /// Where it was first asked for.
    pub(super) fn asked(&self) -> usize {
        self.attempts.iter().map(|attempt| attempt.asked).min().unwrap_or_default()
    }

    /// Where it was first acknowledged.
    pub(super) fn acknowledged(&self) -> Option<usize> {
        let acknowledged = self.attempts.iter().filter(|attempt| attempt.is_acknowledged());
        acknowledged.filter_map(|attempt| attempt.answered).min()
    }
}

/// What a room has at the end.
#[derive(Clone, Debug)]
pub(super) struct Truth<'a> {
    /// The entry it comes from.
    pub(super) place: usize,
    pub(super) revision: i64,
    pub(super) messages: &'a [View],
    pub(super) by_id: HashMap<MessageId, &'a View>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(history: &'a History) -> Self {
        let attempts = attempts(history);
        let mut sends: BTreeMap<(UserId, &str), Send<'_>> = BTreeMap::new();
        for attempt in &attempts {
            if let Call::Send { room, client_id, content, files } = attempt.call {
                let send = || Send { room: *room, content, files, attempts: Vec::new() };
                sends.entry((attempt.user, client_id)).or_insert_with(send).attempts.push(*attempt);
            }
        }
        let truth = truth(history);
        let moves = moves(&truth);
        Self { history, attempts, sends, truth, moves }
    }

    /// Every message that somebody was shown, with the place of its entry; the truth too.
    pub(super) fn views(&self) -> impl Iterator<Item = (usize, &'a View)> {
        self.history.entries.iter().enumerate().flat_map(|(place, entry)| {
            let views = match &entry.what {
                What::Event(view) => std::slice::from_ref(view),
                What::Page { messages, .. } | What::Shown { messages, .. } | What::Truth { messages, .. } => {
                    messages
                }
                _ => &[],
            };
            views.iter().map(move |view| (place, view))
        })
    }
}

fn attempts(history: &History) -> Vec<Attempt<'_>> {
    let mut at = HashMap::new();
    let mut attempts: Vec<Attempt<'_>> = Vec::new();
    for (place, entry) in history.entries.iter().enumerate() {
        match &entry.what {
            What::Asked(call) if *call != Call::Look => {
                let user = history.users[entry.client];
                at.insert(place, attempts.len());
                attempts.push(Attempt { user, call, asked: place, answered: None, answer: None });
            }
            What::Answered { asked, answer } => {
                if let Some(attempt) = at.get(asked).and_then(|at| attempts.get_mut(*at)) {
                    attempt.answered = (!matches!(answer, Answer::Unknown(_))).then_some(place);
                    attempt.answer = Some(answer);
                }
            }
            _ => {}
        }
    }
    attempts
}

fn moves(truth: &BTreeMap<RoomId, Truth<'_>>) -> BTreeMap<(RoomId, UserId), BTreeMap<i64, bool>> {
    let mut moves: BTreeMap<_, BTreeMap<i64, bool>> = BTreeMap::new();
    for view in truth.values().flat_map(|truth| truth.messages) {
        if let Some(moved) = view.moved {
            moves.entry((view.room, moved.user)).or_default().insert(view.seq, moved.is_in);
        }
    }
    moves
}

/// The first reading of each room; the others have to agree with it.
fn truth(history: &History) -> BTreeMap<RoomId, Truth<'_>> {
    let mut truth = BTreeMap::new();
    for (place, entry) in history.entries.iter().enumerate() {
        if let What::Truth { room, revision, messages, .. } = &entry.what {
            truth.entry(*room).or_insert_with(|| Truth {
                place,
                revision: *revision,
                messages,
                by_id: messages.iter().map(|view| (view.id, view)).collect(),
            });
        }
    }
    truth
}
