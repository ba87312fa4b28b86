//! When things are said: over the last weeks, on most days, mostly by day and in the evening.

use rand::{Rng, seq::IndexedRandom};

use super::conversations::{Said, Stock, play};

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

/// What is asked of a room's talk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// About how many messages.
    pub(super) messages: usize,
    /// When the last one is said, in milliseconds since the Unix epoch.
    pub(super) end: i64,
}

/// Threads one after the other, each played by people who are in the room by then, until there are about as many messages as are
/// wanted. Times rise by at least a second from message to message; the last one is said at the end that is wanted.
pub(super) fn talk(
    stock: &mut Stock,
    presences: &[Presence],
    wanted: Wanted,
    random: &mut impl Rng,
) -> Vec<Spoken> {
    let mut all: Vec<Spoken> = Vec::new();
    for start in starts(wanted.messages / stock.usual_length(), wanted.end, random) {
        // One conversation at a time.
        let free = all.last().map_or(0, |spoken| spoken.at + random.random_range(2..30) * MINUTE);
        let thread = thread(stock, presences, start.max(free), random);
        if thread.last().is_some_and(|spoken| spoken.at < wanted.end - HOUR) {
            append(&mut all, thread);
        }
    }
    let mut last = thread(stock, presences, wanted.end, random);
    let late = last.last().map_or(0, |spoken| spoken.at - wanted.end);
    last.iter_mut().for_each(|spoken| spoken.at -= late);
    let begin = last.first().map_or(wanted.end, |spoken| spoken.at);
    all.retain(|spoken| spoken.at < begin);
    append(&mut all, last);
    all
}

/// A thread that begins at `start`. Empty where its parts can't be filled.
fn thread(stock: &mut Stock, presences: &[Presence], start: i64, random: &mut impl Rng) -> Vec<Spoken> {
    let Some((talk, thread)) = stock.draw(random) else { return Vec::new() };
    let there = presences.iter().filter(|presence| presence.since <= start);
    let present: Vec<usize> = there.map(|presence| presence.person).collect();
    let said = play(talk, &thread, &present, random).unwrap_or_default();
    pace(start, said, random)
}

/// When so many threads begin, in order.
fn starts(count: usize, end: i64, random: &mut impl Rng) -> Vec<i64> {
    let mut starts: Vec<i64> = (0..count).map(|_| start(end, random)).collect();
    starts.sort_unstable();
    starts
}

fn start(end: i64, random: &mut impl Rng) -> i64 {
    let midnight = end - end.rem_euclid(DAY);
    loop {
        let day = random.random_range(0..DAYS);
        let hour = HOURS.choose(random).copied().unwrap_or(12);
        let at = midnight - day * DAY + hour * HOUR + random.random_range(0..HOUR);
        // Weekends are quieter: half as many conversations. The epoch began on a Thursday.
        let is_weekend = matches!((at / DAY + 4) % 7, 0 | 6);
        if at < end && !(is_weekend && random.random_bool(0.5)) {
            return at;
        }
    }
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

    use super::{super::conversations::Talk, *};

    #[test]
    fn talk_runs_forward_up_to_its_end_and_newcomers_wait_until_they_are_there() {
        let mut random = StdRng::seed_from_u64(5);
        let mut stock = Stock::new(&[Talk::PlazaEs], &[], &mut random).unwrap();
        let end = 1_795_200_000_123;
        let late = end - 10 * DAY;
        let presences: Vec<Presence> =
            (0..12).map(|person| Presence { person, since: if person < 8 { 0 } else { late } }).collect();
        let spoken = talk(&mut stock, &presences, Wanted { messages: 300, end }, &mut random);
        assert!(spoken.len() > 250, "{}", spoken.len());
        assert_eq!(spoken.last().unwrap().at, end);
        assert!(spoken.windows(2).all(|pair| pair[0].at + SECOND <= pair[1].at));
        assert!(spoken[0].at > end - (DAYS + 1) * DAY);
        assert!(spoken.iter().all(|spoken| spoken.said.sender < 8 || spoken.at > late));
        assert!(spoken.iter().any(|spoken| spoken.said.sender >= 8));
        for (index, spoken) in spoken.iter().enumerate() {
            assert!(spoken.said.reply_to.is_none_or(|target| target < index));
        }
    }
}
