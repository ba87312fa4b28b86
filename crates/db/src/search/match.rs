//! Whether a text is what a query asks for. The index only says where it may be worth looking: this decides.

use std::ops::Range;

use super::{
    atoms::{Atoms, Kind},
    query::{Term, Words},
};

/// Where in the text the words of a query stand, in bytes and in order; none where the text does not match.
pub(super) fn matches(words: &Words, text: &str) -> Option<Vec<Range<usize>>> {
    let atoms = Atoms::of(text);
    let mut places = Vec::new();
    for term in &words.terms {
        let before = places.len();
        let count = term.atoms.list().len();
        for at in found(term, &atoms) {
            places.extend(atoms.list()[at..at + count].iter().map(|atom| atom.place.clone()));
        }
        if places.len() == before {
            return None;
        }
    }
    if words.excluded.iter().any(|term| found(term, &atoms).next().is_some()) {
        return None;
    }
    places.sort_by_key(|place| (place.start, place.end));
    places.dedup();
    Some(places)
}

/// Where a term begins.
fn found<'a>(term: &'a Term, atoms: &'a Atoms) -> impl Iterator<Item = usize> + 'a {
    let last = (atoms.list().len() + 1).saturating_sub(term.atoms.list().len());
    (0..last).filter(move |at| stands_at(term, atoms, *at))
}

fn stands_at(term: &Term, atoms: &Atoms, at: usize) -> bool {
    term.atoms.list().iter().enumerate().all(|(n, wanted)| {
        let atom = &atoms.list()[at + n];
        let (text, sought) = (atoms.text(at + n), term.atoms.text(n));
        let is_it = if term.is_prefix(n) { text.starts_with(sought) } else { text == sought };
        // Characters that stand together in the query do so in the text.
        is_it && atom.kind == wanted.kind && (atom.glued || !wanted.glued || wanted.kind != Kind::Character)
    })
}
