//! What the people of the demo say: threads written by hand, each played by people who have not heard it before.

use std::collections::{BTreeMap, BTreeSet};

use charla_protocol::users::Language::{self, En, Es};
use rand::{
    Rng,
    seq::{IndexedRandom, SliceRandom},
};

use super::{
    people::PEOPLE,
    script::{self, Play, Thread},
};

/// A subject that people talk about, in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Talk {
    PlazaEn,
    PlazaEs,
    Release,
    Code,
    Kitchen,
    Books,
    Football,
    Outside,
    Flat,
    Tandem,
    PhotosEn,
    PhotosEs,
    DirectEn,
    DirectEs,
}

impl Talk {
    const ALL: [Self; 14] = [
        Self::PlazaEn,
        Self::PlazaEs,
        Self::Release,
        Self::Code,
        Self::Kitchen,
        Self::Books,
        Self::Football,
        Self::Outside,
        Self::Flat,
        Self::Tandem,
        Self::PhotosEn,
        Self::PhotosEs,
        Self::DirectEn,
        Self::DirectEs,
    ];

    const fn text(self) -> &'static str {
        match self {
            Self::PlazaEn => include_str!("talk/plaza.en.txt"),
            Self::PlazaEs => include_str!("talk/plaza.es.txt"),
            Self::Release => include_str!("talk/release.en.txt"),
            Self::Code => include_str!("talk/code.es.txt"),
            Self::Kitchen => include_str!("talk/kitchen.es.txt"),
            Self::Books => include_str!("talk/books.en.txt"),
            Self::Football => include_str!("talk/football.es.txt"),
            Self::Outside => include_str!("talk/outside.en.txt"),
            Self::Flat => include_str!("talk/flat.es.txt"),
            Self::Tandem => include_str!("talk/tandem.txt"),
            Self::PhotosEn => include_str!("talk/photos.en.txt"),
            Self::PhotosEs => include_str!("talk/photos.es.txt"),
            Self::DirectEn => include_str!("talk/direct.en.txt"),
            Self::DirectEs => include_str!("talk/direct.es.txt"),
        }
    }

    /// Whether a person can play a part. In the tandem A to M are at home in Spanish, N to Z in English.
    fn suits(self, role: char, person: usize) -> bool {
        let person = &PEOPLE[person];
        match self.language() {
            Some(language) => person.writes(language),
            None => person.language == if role < 'N' { Es } else { En },
        }
    }

    /// The language of its threads; none where they are in both.
    const fn language(self) -> Option<Language> {
        match self {
            Self::PlazaEn | Self::Release | Self::Books | Self::Outside | Self::PhotosEn | Self::DirectEn => {
                Some(En)
            }
            Self::PlazaEs
            | Self::Code
            | Self::Kitchen
            | Self::Football
            | Self::Flat
            | Self::PhotosEs
            | Self::DirectEs => Some(Es),
            Self::Tandem => None,
        }
    }
}

/// A message as it is said.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Index of the person.
    pub(super) sender: usize,
    /// Index in the conversation of the message it answers.
    pub(super) reply_to: Option<usize>,
    pub(super) picture: Option<String>,
    pub(super) text: String,
    pub(super) edited: Option<String>,
    pub(super) is_deleted: bool,
}

/// Everything that can be talked about, and who has heard it: nobody hears the same thing twice.
#[derive(Debug)]
pub(super) struct Repertoire {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    talk: Talk,
    thread: Thread,
    /// Indices of the people in whose rooms it is played.
    heard_by: BTreeSet<usize>,
}

impl Piece {
    /// Whether these people talk of such things, have not heard this one, and are enough to play it.
    fn is_new_to(&self, people: &[usize], talks: &[Talk], random: &mut impl Rng) -> bool {
        talks.contains(&self.talk)
            && !people.iter().any(|person| self.heard_by.contains(person))
            && cast(self.talk, &self.thread, people, random).is_some()
    }
}

impl Repertoire {
    /// # Errors
    /// A thread that is not of the form.
    pub(super) fn new() -> anyhow::Result<Self> {
        let mut pieces = Vec::new();
        for talk in Talk::ALL {
            let threads = script::parse(talk.text())?.into_iter();
            pieces.extend(threads.map(|thread| Piece { talk, thread, heard_by: BTreeSet::new() }));
        }
        Ok(Self { pieces })
    }

    /// What these people will say in their room about these talks, in any order: what none of them has heard elsewhere, up to
    /// about so many messages. What shows a picture comes in any case.
    pub(super) fn stock(
        &mut self,
        talks: &[Talk],
        people: &[usize],
        at_most: usize,
        random: &mut impl Rng,
    ) -> Stock {
        let mut found: Vec<&mut Piece> =
            self.pieces.iter_mut().filter(|piece| piece.is_new_to(people, talks, random)).collect();
        found.shuffle(random);
        found.sort_by_key(|piece| !piece.thread.has_pictures());
        let mut stock = Stock::default();
        let mut messages = 0;
        for piece in found {
            if messages >= at_most {
                break;
            }
            messages += piece.thread.lines.len();
            piece.heard_by.extend(people);
            stock.add(piece.talk, piece.thread.clone());
        }
        stock
    }
}

/// The threads of one room. Each is played once.
#[derive(Debug, Default)]
pub(super) struct Stock {
    plain: Vec<(Talk, Thread)>,
    with_pictures: Vec<(Talk, Thread)>,
}

impl Stock {
    fn add(&mut self, talk: Talk, thread: Thread) {
        match thread.has_pictures() {
            true => self.with_pictures.push((talk, thread)),
            false => self.plain.push((talk, thread)),
        }
    }

    /// How many threads there are without pictures, and how many with.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.plain.len(), self.with_pictures.len())
    }

    /// The next thread, with or without pictures, that those who are there can play, as they play it.
    pub(super) fn draw(
        &mut self,
        has_pictures: bool,
        present: &[usize],
        random: &mut impl Rng,
    ) -> Option<Vec<Said>> {
        let threads = if has_pictures { &mut self.with_pictures } else { &mut self.plain };
        let mut played = threads.iter().enumerate();
        let (at, said) =
            played.find_map(|(at, (talk, thread))| Some((at, play(*talk, thread, present, random)?)))?;
        threads.remove(at);
        Some(said)
    }
}

/// Lets some of the people who are there play a thread. None where it has more parts than they can fill.
pub(super) fn play(
    talk: Talk,
    thread: &Thread,
    present: &[usize],
    random: &mut impl Rng,
) -> Option<Vec<Said>> {
    let cast = cast(talk, thread, present, random)?;
    let names = cast.iter().map(|(role, person)| (*role, PEOPLE[*person].first_name())).collect();
    let mut play = Play::new(names);
    let said = thread.lines.iter().map(|line| Said {
        sender: cast.get(&line.role).copied().unwrap_or_default(),
        reply_to: line.reply_to,
        picture: line.picture.clone(),
        text: play.fill(&line.text, random),
        edited: line.edited.as_ref().map(|text| play.fill(text, random)),
        is_deleted: line.is_deleted,
    });
    Some(said.collect())
}

fn cast(
    talk: Talk,
    thread: &Thread,
    present: &[usize],
    random: &mut impl Rng,
) -> Option<BTreeMap<char, usize>> {
    let mut cast: BTreeMap<char, usize> = BTreeMap::new();
    for role in thread.roles() {
        let free: Vec<usize> = present
            .iter()
            .copied()
            .filter(|person| talk.suits(role, *person) && !cast.values().any(|taken| taken == person))
            .collect();
        cast.insert(role, *free.choose(random)?);
    }
    Some(cast)
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::{super::pictures::SCENES, *};

    fn threads(talk: Talk) -> Vec<Thread> {
        script::parse(talk.text()).unwrap_or_else(|error| panic!("{talk:?}: {error:#}"))
    }

    #[test]
    fn every_thread_can_be_played_and_leaves_no_slot_open() {
        let everybody: Vec<usize> = (0..PEOPLE.len()).collect();
        for talk in Talk::ALL {
            for (thread, seed) in
                threads(talk).iter().flat_map(|thread| (0..8).map(move |seed| (thread, seed)))
            {
                let mut random = StdRng::seed_from_u64(seed);
                let said = play(talk, thread, &everybody, &mut random).expect("enough people");
                assert!(said.len() >= 3, "{talk:?}: {thread:?}");
                for said in &said {
                    for text in [Some(&said.text), said.edited.as_ref()].into_iter().flatten() {
                        assert!(!text.is_empty() && !text.contains(['‹', '›']), "{talk:?}: {text}");
                    }
                    assert_ne!(said.edited.as_ref(), Some(&said.text));
                    assert!(
                        said.picture
                            .as_ref()
                            .is_none_or(|name| SCENES.iter().any(|(scene, _)| scene == name))
                    );
                }
            }
        }
    }

    #[test]
    fn every_picture_is_shown_by_one_thread() {
        let mut shown: Vec<String> = Talk::ALL
            .into_iter()
            .flat_map(threads)
            .flat_map(|thread| thread.lines)
            .filter_map(|line| line.picture)
            .collect();
        shown.sort();
        let mut scenes: Vec<&str> = SCENES.iter().map(|(name, _)| *name).collect();
        scenes.sort_unstable();
        assert_eq!(shown, scenes);
    }

    #[test]
    fn there_is_enough_to_say_in_each_language() {
        for language in [En, Es] {
            let lines: BTreeSet<String> = Talk::ALL
                .into_iter()
                .filter(|talk| talk.language() == Some(language))
                .flat_map(threads)
                .flat_map(|thread| thread.lines)
                .map(|line| line.text)
                .collect();
            assert!(lines.len() >= 1_000, "{language:?}: {}", lines.len());
        }
    }

    #[test]
    fn nobody_hears_a_thread_twice() {
        let mut random = StdRng::seed_from_u64(3);
        let mut repertoire = Repertoire::new().unwrap();
        let all = threads(Talk::DirectEs).len();
        let mut count = |people: &[usize], at_most| {
            repertoire.stock(&[Talk::DirectEs], people, at_most, &mut random).counts().0
        };
        let first = count(&[0, 1], 60);
        assert!((5..all).contains(&first), "{first}");
        assert_eq!(count(&[1, 2], usize::MAX), all - first);
        assert_eq!(count(&[0, 2], usize::MAX), 0);
        assert_eq!(count(&[3, 4], usize::MAX), all);
    }

    #[test]
    fn a_stock_runs_out_and_pictures_are_drawn_for_themselves() {
        let mut random = StdRng::seed_from_u64(4);
        let everybody: Vec<usize> = (0..PEOPLE.len()).collect();
        let mut stock =
            Repertoire::new().unwrap().stock(&[Talk::PhotosEn], &everybody, usize::MAX, &mut random);
        for has_pictures in [true, false] {
            let (plain, with_pictures) = stock.counts();
            for _ in 0..if has_pictures { with_pictures } else { plain } {
                let said = stock.draw(has_pictures, &everybody, &mut random).expect("a thread is left");
                assert_eq!(said.iter().any(|said| said.picture.is_some()), has_pictures);
            }
            assert!(stock.draw(has_pictures, &everybody, &mut random).is_none());
        }
    }
}
