//! What the people of the demo say: threads written by hand, played by different people each time.

use std::collections::BTreeMap;

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
    #[cfg(test)]
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

/// Threads to choose from, in an order that keeps repetitions far apart.
#[derive(Debug)]
pub(super) struct Stock {
    threads: Vec<(Talk, Thread)>,
    /// Indices of what comes next, the last first.
    next: Vec<usize>,
}

impl Stock {
    /// The threads of these talks, and those of `borrowed` ones that show no picture: nobody posts the same one in two rooms.
    ///
    /// # Errors
    /// A thread that is not of the form.
    pub(super) fn new(talks: &[Talk], borrowed: &[Talk], random: &mut impl Rng) -> anyhow::Result<Self> {
        let mut threads = Vec::new();
        for talk in talks {
            threads.extend(script::parse(talk.text())?.into_iter().map(|thread| (*talk, thread)));
        }
        for talk in borrowed {
            let parsed = script::parse(talk.text())?.into_iter();
            threads.extend(parsed.filter(|thread| !thread.has_pictures()).map(|thread| (*talk, thread)));
        }
        threads.shuffle(random);
        let next = round(threads.len(), random);
        Ok(Self { threads, next })
    }

    /// Messages of a thread, on average; at least one.
    pub(super) fn usual_length(&self) -> usize {
        let messages: usize = self.threads.iter().map(|(_, thread)| thread.lines.len()).sum();
        (messages / self.threads.len().max(1)).max(1)
    }

    /// The next thread. When all have been, those without pictures begin anew.
    pub(super) fn draw(&mut self, random: &mut impl Rng) -> Option<(Talk, Thread)> {
        if self.next.is_empty() {
            self.threads.retain(|(_, thread)| !thread.has_pictures());
            self.next = round(self.threads.len(), random);
        }
        let index = self.next.pop()?;
        self.threads.get(index).cloned()
    }
}

/// An order of so many indices, to be taken from its end. Each half is shuffled for itself and keeps its place, so that
/// what came last in one round is not the first of the next.
fn round(count: usize, random: &mut impl Rng) -> Vec<usize> {
    let mut later: Vec<usize> = (count / 2..count).collect();
    let mut sooner: Vec<usize> = (0..count / 2).collect();
    later.shuffle(random);
    sooner.shuffle(random);
    later.extend(sooner);
    later
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
    use std::collections::BTreeSet;

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
            assert!(lines.len() >= 250, "{language:?}: {}", lines.len());
        }
    }

    #[test]
    fn repetitions_are_far_apart() {
        let mut random = StdRng::seed_from_u64(3);
        let mut stock = Stock::new(&[Talk::Kitchen], &[], &mut random).unwrap();
        let drawn: Vec<Thread> =
            (0..60).filter_map(|_| stock.draw(&mut random)).map(|(_, thread)| thread).collect();
        for (at, thread) in drawn.iter().enumerate() {
            let soon = &drawn[at + 1..drawn.len().min(at + 3)];
            assert!(!soon.contains(thread), "{thread:?}");
        }
    }
}
