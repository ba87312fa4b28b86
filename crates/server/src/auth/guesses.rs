//! Wrong passwords: how many may be tried for a name, from one network and from all of them, on all nodes together.
//!
//! What counts is the name as it was typed, not the account it leads to: else a refusal would say which address is whose.

use std::{collections::HashMap, net::IpAddr, sync::Arc};

use charla_db::fold;
use charla_protocol::{Timestamp, UserId};
use parking_lot::Mutex;

use super::{ledger::Ledger, limits::neighbourhood};
use crate::error::{Error, Result};

/// Characters of a name that count: what is longer is no account's.
const NAME_LENGTH: usize = 254;
/// For a name from one network: ten at once, and one more every six seconds.
const NEARBY: Pace = Pace { at_once: 10, every: 6_000 };
/// What one network may take of those from everywhere: twenty at once, and ten an hour. It could hold up all others else.
const SHARE: Pace = Pace { at_once: 20, every: 360_000 };
/// For a name from everywhere: a hundred at once, and a hundred an hour.
const ANYWHERE: Pace = Pace { at_once: 100, every: 36_000 };
/// From how many tries on an account is besieged: nobody mistypes so often.
const SIEGE: i64 = 10;
/// Codes of a second factor, for an account: ten at once, and two an hour. A right guess is one in a third of a million.
const CODES: Pace = Pace { at_once: 10, every: 1_800_000 };
/// Keys that are kept of each kind, and from how many on it is looked which have had their time.
const MOST: usize = 65_536;
const MANY: usize = 1_024;

/// The names of the four among the nodes, past those of the other limits.
pub(super) const FIRST_NUMBER: u8 = 200;
const NUMBERS: [u8; 4] = [FIRST_NUMBER, FIRST_NUMBER + 1, FIRST_NUMBER + 2, FIRST_NUMBER + 3];

/// Passwords that were tried and not known to be right.
#[derive(Debug)]
pub struct Guesses {
    nearby: Buckets,
    shares: Buckets,
    anywhere: Buckets,
    codes: Buckets,
}

/// A try, which counts as wrong until it is forgiven.
#[derive(Debug)]
pub struct Guess {
    nearby: u64,
    /// What it counts for besides: its network's share, and all networks. Or the seconds to wait where that is too many already.
    counted: std::result::Result<(u64, u64), u64>,
    is_siege: bool,
}

/// A code that was tried, which counts as wrong until it is forgiven.
#[derive(Debug)]
pub struct CodeGuess(u64);

impl Guess {
    /// Whether many have been tried for the name just now, from wherever.
    pub fn is_siege(&self) -> bool {
        self.is_siege
    }

    /// The refusal of whoever is not at home in the network they call from, where it has had its share, or all networks together
    /// have tried too often.
    pub fn refusal_of_strangers(&self) -> Option<Error> {
        self.counted.err().map(Error::too_many)
    }
}

impl Guesses {
    pub(super) fn new(ledger: Arc<Ledger>) -> Self {
        let [nearby, shares, anywhere, codes] = NUMBERS;
        Self {
            nearby: Buckets::new(nearby, NEARBY, ledger.clone()),
            shares: Buckets::new(shares, SHARE, ledger.clone()),
            anywhere: Buckets::new(anywhere, ANYWHERE, ledger.clone()),
            codes: Buckets::new(codes, CODES, ledger),
        }
    }

    /// Counts a try before it is known whether it is right, so that many at once count each other.
    ///
    /// # Errors
    /// `too_many_requests` where its network has tried that name too often.
    pub fn begin(&self, name: &str, ip: IpAddr, now: Timestamp) -> Result<Guess> {
        // Cut after the white space has gone: any amount of it leaves the same name.
        let name: String = name.trim().chars().take(NAME_LENGTH).collect();
        let name = fold::name_key(&name);
        let network = neighbourhood(ip).to_string();
        let from_network = [name.as_bytes(), network.as_bytes()];
        let nearby = self.nearby.key(&from_network);
        self.nearby.take(nearby, now).map_err(Error::too_many)?;
        let (share, anywhere) = (self.shares.key(&from_network), self.anywhere.key(&[name.as_bytes()]));
        let counted = self.shares.take(share, now).and_then(|()| {
            // What does not count for all counts for nobody's share.
            self.anywhere.take(anywhere, now).inspect_err(|_| self.shares.give_back(share))
        });
        let is_siege = self.anywhere.taken(anywhere, now) > SIEGE;
        Ok(Guess { nearby, counted: counted.map(|()| (share, anywhere)), is_siege })
    }

    /// The password was right, or not looked at.
    pub fn forgive(&self, guess: &Guess) {
        self.nearby.give_back(guess.nearby);
        if let Ok((share, anywhere)) = guess.counted {
            self.shares.give_back(share);
            self.anywhere.give_back(anywhere);
        }
    }

    /// Counts a code that is tried for an account whose password is known, before it is known whether it is right.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn begin_code(&self, user: UserId, now: Timestamp) -> Result<CodeGuess> {
        let key = self.codes.key(&[user.0.as_bytes()]);
        self.codes.take(key, now).map_err(Error::too_many)?;
        Ok(CodeGuess(key))
    }

    /// The code was right, or not looked at.
    pub fn forgive_code(&self, guess: CodeGuess) {
        self.codes.give_back(guess.0);
    }

    /// Counts what another node has counted, or taken back.
    pub(super) fn take_in(&self, number: u8, key: u64, times: i32, now: Timestamp) {
        let all = [&self.nearby, &self.shares, &self.anywhere, &self.codes];
        if let Some(buckets) = all.into_iter().find(|buckets| buckets.number == number) {
            buckets.take_in(key, times, now);
        }
    }
}

/// How many tries, and how fast they come back.
#[derive(Clone, Copy, Debug)]
struct Pace {
    at_once: i64,
    /// Milliseconds.
    every: i64,
}

/// Tries that are left, by the hash of what they are for: two that share one share their tries.
#[derive(Debug)]
struct Buckets {
    number: u8,
    pace: Pace,
    ledger: Arc<Ledger>,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    /// When each has all of its tries again, in milliseconds of the clock.
    full_at: HashMap<u64, i64>,
    /// From so many keys on it is looked which of them are as good as new.
    tidy_at: usize,
}

impl Buckets {
    fn new(number: u8, pace: Pace, ledger: Arc<Ledger>) -> Self {
        Self { number, pace, ledger, table: Mutex::default() }
    }

    fn key(&self, of: &[&[u8]]) -> u64 {
        self.ledger.key(self.number, of)
    }

    /// Takes a try, or gives the seconds until there is one.
    fn take(&self, key: u64, now: Timestamp) -> std::result::Result<(), u64> {
        self.take_here(key, now)?;
        self.ledger.note(self.number, key, 1);
        Ok(())
    }

    /// How many tries are taken, and not back yet.
    fn taken(&self, key: u64, now: Timestamp) -> i64 {
        let full_at = self.table.lock().full_at.get(&key).copied();
        full_at.map_or(0, |at| (at - now.millis() + self.pace.every - 1).div_euclid(self.pace.every))
    }

    fn give_back(&self, key: u64) {
        self.give_back_here(key, 1);
        self.ledger.note(self.number, key, -1);
    }

    /// What is beyond the limit already changes nothing.
    fn take_in(&self, key: u64, times: i32, now: Timestamp) {
        if times < 0 {
            return self.give_back_here(key, i64::from(times.unsigned_abs()).min(self.pace.at_once));
        }
        for _ in 0..i64::from(times).min(self.pace.at_once) {
            if self.take_here(key, now).is_err() {
                return;
            }
        }
    }

    fn take_here(&self, key: u64, now: Timestamp) -> std::result::Result<(), u64> {
        let (Pace { at_once, every }, now) = (self.pace, now.millis());
        let mut table = self.table.lock();
        // The clock may have been set back.
        let full_at = table.full_at.get(&key).map_or(now, |at| (*at).clamp(now, now + at_once * every));
        let wait = full_at + every - (now + at_once * every);
        if wait > 0 {
            return Err(wait.unsigned_abs().div_ceil(1000));
        }
        table.full_at.insert(key, full_at + every);
        table.tidy(now);
        Ok(())
    }

    fn give_back_here(&self, key: u64, times: i64) {
        if let Some(full_at) = self.table.lock().full_at.get_mut(&key) {
            *full_at -= times * self.pace.every;
        }
    }
}

impl Table {
    /// Forgets what is as good as new; and where that does not do, at least the half that is nearest to it.
    fn tidy(&mut self, now: i64) {
        if self.full_at.len() < self.tidy_at.max(MANY) {
            return;
        }
        self.full_at.retain(|_, at| *at > now);
        if self.full_at.len() >= MOST {
            let mut times: Vec<i64> = self.full_at.values().copied().collect();
            let (_, middle, _) = times.select_nth_unstable(MOST / 2);
            let middle = *middle;
            self.full_at.retain(|_, at| *at > middle);
        }
        self.tidy_at = (self.full_at.len() * 2).min(MOST);
        self.full_at.shrink_to(self.tidy_at.max(MANY));
    }
}

#[cfg(test)]
mod tests {
    use charla_protocol::ErrorCode;

    use super::*;
    use crate::config::Secret;

    fn ledger() -> Arc<Ledger> {
        Arc::new(Ledger::new(&Secret(vec![1; 32])))
    }

    fn guesses() -> Guesses {
        Guesses::new(ledger())
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
    }

    #[test]
    fn ten_for_a_name_from_a_network_however_either_is_written() {
        let guesses = guesses();
        let far_right = format!("{}maria", " ".repeat(NAME_LENGTH));
        for n in 0..10 {
            let name = if n % 2 == 0 { "Maria" } else { &far_right };
            guesses.begin(name, ip(&format!("192.0.2.{n}")), at(0)).unwrap();
        }
        let refused = guesses.begin("MARIA", ip("::ffff:192.0.2.99"), at(1)).unwrap_err();
        assert_eq!((refused.code, refused.retry_after), (ErrorCode::TooManyRequests, Some(5)));
        guesses.begin("maria", ip("192.0.3.1"), at(1)).unwrap();
        guesses.begin("jose", ip("192.0.2.99"), at(1)).unwrap();
        guesses.begin("maria", ip("192.0.2.1"), at(6)).unwrap();
        guesses.begin("maria", ip("192.0.2.1"), at(6)).unwrap_err();
        // An hour back: as long as from new at most.
        let refused = guesses.begin("maria", ip("192.0.2.1"), at(-3600)).unwrap_err();
        assert_eq!(refused.retry_after, Some(6));
    }

    #[test]
    fn a_network_of_ipv6_is_what_one_is_given() {
        let guesses = guesses();
        for n in 0..10 {
            guesses.begin("maria", ip(&format!("2001:db8:1:2:{n}::1")), at(0)).unwrap();
        }
        guesses.begin("maria", ip("2001:db8:1:2:ffff::9"), at(0)).unwrap_err();
        guesses.begin("maria", ip("2001:db8:1:3::1"), at(0)).unwrap();
    }

    #[test]
    fn a_hundred_for_a_name_from_everywhere_refuse_strangers() {
        let guesses = guesses();
        for n in 0..100 {
            let guess = guesses.begin("maria", ip(&format!("10.0.{n}.1")), at(0)).unwrap();
            assert_eq!(guess.refusal_of_strangers(), None);
        }
        let guess = guesses.begin("maria", ip("10.1.0.1"), at(0)).unwrap();
        assert_eq!(guess.refusal_of_strangers(), Some(Error::too_many(36)));
        assert_eq!(guesses.begin("jose", ip("10.1.0.1"), at(0)).unwrap().refusal_of_strangers(), None);
        assert_eq!(guesses.begin("maria", ip("10.1.0.1"), at(36)).unwrap().refusal_of_strangers(), None);
    }

    #[test]
    fn an_account_is_besieged_from_the_eleventh_try_on_until_they_are_back() {
        let guesses = guesses();
        let tries = |n: u8, now| guesses.begin("maria", ip(&format!("10.0.{n}.1")), now).unwrap();
        assert!((0..10).all(|n| !tries(n, at(0)).is_siege()));
        assert!(tries(10, at(0)).is_siege());
        assert!(!guesses.begin("jose", ip("10.0.0.1"), at(0)).unwrap().is_siege());
        // Two are back, and one of those is taken by this.
        assert!(!tries(11, at(72)).is_siege());
        assert!(tries(12, at(72)).is_siege());
    }

    #[test]
    fn one_network_that_goes_on_and_on_refuses_nobody_else() {
        let guesses = guesses();
        let mut looked_at = 0;
        for second in 0..4 * 3600 {
            let Ok(guess) = guesses.begin("maria", ip("192.0.2.1"), at(second)) else { continue };
            match guess.refusal_of_strangers() {
                Some(_) => guesses.forgive(&guess),
                None => looked_at += 1,
            }
        }
        assert_eq!(looked_at, 20 + 4 * 10 - 1);
        let guess = guesses.begin("maria", ip("198.51.100.1"), at(4 * 3600)).unwrap();
        assert_eq!(guess.refusal_of_strangers(), None);
    }

    #[test]
    fn what_is_right_costs_nothing() {
        let guesses = guesses();
        for _ in 0..1000 {
            let guess = guesses.begin("maria", ip("192.0.2.1"), at(0)).unwrap();
            assert_eq!(guess.refusal_of_strangers(), None);
            guesses.forgive(&guess);
        }
    }

    #[test]
    fn ten_for_a_name_from_a_network_on_whichever_node() {
        let ledgers = [ledger(), ledger()];
        let [one, other] = ledgers.clone().map(Guesses::new);
        let told = |from: usize, to: &Guesses| {
            for (number, key, times) in ledgers[from].take() {
                to.take_in(number, key, times, at(0));
            }
        };
        let last = (0..10).map(|_| one.begin("maria", ip("192.0.2.1"), at(0)).unwrap()).last().unwrap();
        told(0, &other);
        other.begin("maria", ip("192.0.2.1"), at(0)).unwrap_err();
        other.begin("jose", ip("192.0.2.1"), at(0)).unwrap();
        one.forgive(&last);
        told(0, &other);
        other.begin("maria", ip("192.0.2.1"), at(0)).unwrap();
        told(1, &one);
        one.begin("maria", ip("192.0.2.1"), at(0)).unwrap_err();
    }

    #[test]
    fn ten_wrong_codes_for_an_account_and_two_an_hour() {
        let guesses = guesses();
        let user = |n| UserId(uuid::Uuid::from_u128(n));
        for _ in 0..1000 {
            guesses.forgive_code(guesses.begin_code(user(1), at(0)).unwrap());
        }
        for _ in 0..10 {
            guesses.begin_code(user(1), at(0)).unwrap();
        }
        let refused = guesses.begin_code(user(1), at(0)).unwrap_err();
        assert_eq!((refused.code, refused.retry_after), (ErrorCode::TooManyRequests, Some(1800)));
        guesses.begin_code(user(2), at(0)).unwrap();
        guesses.begin_code(user(1), at(1800)).unwrap();
        guesses.begin_code(user(1), at(1800)).unwrap_err();
    }

    #[test]
    fn keys_are_bounded_and_go_with_time() {
        let buckets = Buckets::new(1, NEARBY, ledger());
        let kept = || buckets.table.lock().full_at.len();
        for key in 0..10 {
            // Nearer to its bound than the others.
            (0..5).for_each(|_| buckets.take(key, at(0)).unwrap());
        }
        for key in 10..200_000 {
            buckets.take(key, at(0)).unwrap();
            assert!(kept() < MOST);
        }
        assert!((0..10).all(|key| buckets.table.lock().full_at.contains_key(&key)), "the worst stay");
        for key in 0..MOST as u64 {
            buckets.take(1_000_000 + key, at(3600)).unwrap();
        }
        assert!((0..10).all(|key| !buckets.table.lock().full_at.contains_key(&key)));
    }
}
