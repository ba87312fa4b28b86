//! Whether a text is what a query asks for. The index only says where it may be worth looking: this decides.

use std::ops::Range;

use super::{
    atoms::{Atoms, Kind},
    query::{Term, Words},
};

/// Where in the text the words of a query stand, in bytes and in order; none where the text does not match.
pub(super) fn matches(words: &Words, text: &str) -> Option<Vec<Range<usize>>> {
    let atoms = Atoms::of(text);
    let mut hit = vec![false; atoms.list().len()];
    for term in &words.terms {
        let mut marked = 0;
        // Places that overlap are marked once: a text of one character again and again has as many as characters.
        for at in found(term, &atoms) {
            let end = at + term.atoms.list().len();
            hit[at.max(marked)..end].fill(true);
            marked = end;
        }
        if marked == 0 {
            return None;
        }
    }
    if words.excluded.iter().any(|term| found(term, &atoms).next().is_some()) {
        return None;
    }
    let hits = atoms.list().iter().zip(hit).filter(|(_, is_hit)| *is_hit);
    Some(hits.map(|(atom, _)| atom.place.clone()).collect())
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
