//! When things are said: over the last weeks, on most days, mostly by day and in the evening.

use rand::{Rng, seq::IndexedRandom};

use super::conversations::{Said, Stock};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// How far back the first conversations lie.
pub(super) const DAYS: i64 = 42;
/// Hours of the day (UTC) at which conversations begin; the more often one stands here, the more often they do.
const HOURS: [i64; 24] =
    [6, 7, 7, 8, 9, 10, 10, 11, 12, 12, 13, 14, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 20, 21];

/// A message with its time.
#[derive(Clone, Debug)]
pub(super) struct Spoken {
    /// Milliseconds since the Unix epoch.
    pub(super) at: i64,
    pub(super) said: Said,
}

/// Who is in a room, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Presence {
    pub(super) person: usize,
    /// Milliseconds since the Unix epoch.
    pub(super) since: i64,
}

/// A room with so many pictures or more is there for them, and ends with one.
const GALLERY: usize = 3;
/// Between the last thread and what was said before, at least.
const PAUSE: i64 = 2 * HOUR;

/// The threads of the stock one after the other, each played once by people who are in the room by then. What shows a picture is
/// of the last days: there it is seen. Times rise by at least a second from message to message; the last one is said at the end.
pub(super) fn talk(
    stock: &mut Stock,
    presences: &[Presence],
    end: i64,
    random: &mut impl Rng,
) -> Vec<Spoken> {
    let last = last(stock, presences, end, random);
    let begin = last.first().map_or(end, |spoken| spoken.at);
    let mut all: Vec<Spoken> = Vec::new();
    for (start, has_pictures) in starts(stock.counts(), begin - PAUSE, random) {
        // One conversation at a time.
        let free = all.last().map_or(0, |spoken| spoken.at + random.random_range(2..30) * MINUTE);
        let thread = thread(stock, has_pictures, presences, start.max(free), random);
        if thread.last().is_some_and(|spoken| spoken.at < begin) {
            append(&mut all, thread);
        }
    }
    append(&mut all, last);
    all
}

/// The thread that ends the room's talk, at the very end.
fn last(stock: &mut Stock, presences: &[Presence], end: i64, random: &mut impl Rng) -> Vec<Spoken> {
    let mut last = thread(stock, stock.counts().1 >= GALLERY, presences, end, random);
    let late = last.last().map_or(0, |spoken| spoken.at - end);
    last.iter_mut().for_each(|spoken| spoken.at -= late);
    last
}

/// A thread that begins at `start`. Empty where nothing is left that those who are there by then can play.
fn thread(
    stock: &mut Stock,
    has_pictures: bool,
    presences: &[Presence],
    start: i64,
    random: &mut impl Rng,
) -> Vec<Spoken> {
    let there = presences.iter().filter(|presence| presence.since <= start);
    let present: Vec<usize> = there.map(|presence| presence.person).collect();
    let said = stock.draw(has_pictures, &present, random).unwrap_or_default();
    pace(start, said, random)
}

/// When so many threads without and with pictures begin, in order, and whether they have some.
fn starts((plain, with_pictures): (usize, usize), end: i64, random: &mut impl Rng) -> Vec<(i64, bool)> {
    // The last days of a gallery belong to its pictures.
    let days = if with_pictures < GALLERY { 0 } else { i64::try_from(with_pictures).unwrap_or(0) };
    let before = end - days * DAY;
    let mut starts: Vec<(i64, bool)> = (0..plain).map(|_| (start(end, before, random), false)).collect();
    starts.extend((1..).take(with_pictures).map(|day| (picture_start(day, end, random), true)));
    starts.sort_unstable();
    starts
}

/// Some time before, on one of the days that lead to the end.
fn start(end: i64, before: i64, random: &mut impl Rng) -> i64 {
    loop {
        let at = on_day(random.random_range(0..DAYS), end, random);
        // Weekends are quieter: half as many conversations. The epoch began on a Thursday.
        let is_weekend = matches!((at / DAY + 4) % 7, 0 | 6);
        if at < before && !(is_weekend && random.random_bool(0.5)) {
            return at;
        }
    }
}

/// A picture a day, so many days before the end, and hours before it: none may come too late to be shown.
fn picture_start(day: i64, end: i64, random: &mut impl Rng) -> i64 {
    on_day(day, end, random).min(end - 4 * HOUR)
}

/// Some time of the day that lies so many before that of the end.
fn on_day(day: i64, end: i64, random: &mut impl Rng) -> i64 {
    let midnight = end - end.rem_euclid(DAY);
    let hour = HOURS.choose(random).copied().unwrap_or(12);
    midnight - day * DAY + hour * HOUR + random.random_range(0..HOUR)
}

/// Gives the messages of a thread their times: reading, thinking and typing take longer for longer texts.
fn pace(start: i64, said: Vec<Said>, random: &mut impl Rng) -> Vec<Spoken> {
    let mut at = start;
    let mut spoken = Vec::with_capacity(said.len());
    for said in said {
        let length = i64::try_from(said.text.chars().count()).unwrap_or(0);
        at += 6 * SECOND + length * 180 + random.random_range(0..80 * SECOND);
        if random.random_bool(0.1) {
            at += random.random_range(3..25) * MINUTE;
        }
        spoken.push(Spoken { at, said });
    }
    spoken
}

/// Answers were counted within the thread, and are now within the whole.
fn append(all: &mut Vec<Spoken>, mut thread: Vec<Spoken>) {
    let before = all.len();
    for spoken in &mut thread {
        spoken.said.reply_to = spoken.said.reply_to.map(|index| index + before);
    }
    all.append(&mut thread);
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::{
        super::conversations::{Repertoire, Talk},
        *,
    };

    const END: i64 = 1_795_200_000_123;

    #[test]
    fn talk_runs_forward_up_to_its_end_and_newcomers_wait_until_they_are_there() {
        let mut random = StdRng::seed_from_u64(5);
        let people: Vec<usize> = (0..12).collect();
        let mut stock = Repertoire::new().unwrap().stock(&[Talk::PlazaEs], &people, usize::MAX, &mut random);
        let late = END - 10 * DAY;
        let presences: Vec<Presence> = people
            .iter()
            .map(|person| Presence { person: *person, since: if *person < 8 { 0 } else { late } })
            .collect();
        let spoken = talk(&mut stock, &presences, END, &mut random);
        assert!(spoken.len() > 250, "{}", spoken.len());
        assert_eq!(spoken.last().unwrap().at, END);
        assert!(spoken.windows(2).all(|pair| pair[0].at + SECOND <= pair[1].at));
        assert!(spoken[0].at > END - (DAYS + 1) * DAY);
        assert!(spoken.iter().all(|spoken| spoken.said.sender < 8 || spoken.at > late));
        assert!(spoken.iter().any(|spoken| spoken.said.sender >= 8));
        for (index, spoken) in spoken.iter().enumerate() {
            assert!(spoken.said.reply_to.is_none_or(|target| target < index));
        }
    }

    #[test]
    fn every_picture_is_shown_lately_at_whatever_hour_the_talk_ends() {
        let people: Vec<usize> = (0..24).collect();
        let presences: Vec<Presence> =
            people.iter().map(|person| Presence { person: *person, since: 0 }).collect();
        for hour in 0..48 {
            let mut random = StdRng::seed_from_u64(u64::try_from(hour).unwrap());
            let talks = [Talk::PhotosEn, Talk::PhotosEs];
            let mut stock = Repertoire::new().unwrap().stock(&talks, &people, usize::MAX, &mut random);
            let pictures = stock.counts().1;
            let spoken = talk(&mut stock, &presences, END + hour * HOUR / 2, &mut random);
            let shown: Vec<i64> = spoken
                .iter()
                .filter(|spoken| spoken.said.picture.is_some())
                .map(|spoken| spoken.at)
                .collect();
            assert_eq!(shown.len(), pictures);
            assert!(shown.iter().all(|at| *at > END - 10 * DAY));
        }
    }
}
