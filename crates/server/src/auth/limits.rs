//! How often somebody may try, on all nodes together: each tells the others twice a second what it has counted.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use charla_db::fold;
use charla_protocol::{Timestamp, UserId};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::{
    guesses::{CodeGuess, Guess, Guesses},
    ledger::{Counts, Ledger},
};
use crate::{
    config::Secret,
    error::{Error, Result},
};

/// After so many calls the keys that are as good as new are forgotten.
const CLEAN_EVERY: u32 = 1024;

/// The limits of the doors to accounts.
#[derive(Debug)]
pub struct Limits(Option<Doors>);

#[derive(Debug)]
struct Doors {
    ledger: Arc<Ledger>,
    guesses: Guesses,
    sign_in: Limit,
    sign_up: Limit,
    refresh: Limit,
    password: Limit,
    room: Limit,
    action: Limit,
    address_change: Limit,
    friend_request: Limit,
    reset_name: Limit,
    reset_address: Limit,
    link: Limit,
    verification: Limit,
    export: Limit,
    upload: Limit,
    search: Limit,
    block: Limit,
    invite: Limit,
}

impl Limits {
    /// `on` is the setting `RATE_LIMITS`. The secret is the same on all nodes.
    pub fn new(on: bool, secret: &Secret) -> Self {
        let ledger = Arc::new(Ledger::new(secret));
        Self(on.then(|| Doors {
            guesses: Guesses::new(ledger.clone()),
            ledger,
            sign_in: Limit::new(1, Quota::per_minute(THIRTY)),
            sign_up: Limit::new(2, Quota::per_hour(TWENTY)),
            refresh: Limit::new(3, Quota::per_minute(HUNDRED_AND_TWENTY)),
            password: Limit::new(4, Quota::per_hour(TEN)),
            room: Limit::new(5, Quota::per_hour(HUNDRED)),
            // 60 in 10 seconds, as over a socket.
            action: Limit::new(6, Quota::per_second(SIX).allow_burst(SIXTY)),
            address_change: Limit::new(7, Quota::per_hour(TEN)),
            friend_request: Limit::new(8, Quota::per_hour(SIXTY)),
            reset_name: Limit::new(9, Quota::per_hour(FIVE)),
            reset_address: Limit::new(10, Quota::per_hour(TWENTY)),
            link: Limit::new(11, Quota::per_minute(THIRTY)),
            verification: Limit::new(12, Quota::per_hour(FIVE)),
            export: Limit::new(13, Quota::per_hour(FIVE)),
            search: Limit::new(14, Quota::per_minute(SIXTY)),
            upload: Limit::new(15, Quota::per_minute(THIRTY).allow_burst(HUNDRED)),
            block: Limit::new(16, Quota::per_hour(SIXTY)),
            invite: Limit::new(17, Quota::per_minute(HUNDRED_AND_TWENTY)),
        }))
    }

    fn count(&self, limit: fn(&Doors) -> &Limit, of: &[u8]) -> Result<()> {
        let Some(doors) = &self.0 else { return Ok(()) };
        let limit = limit(doors);
        let key = doors.ledger.key(limit.number, &[of]);
        limit.check(key)?;
        doors.ledger.note(limit.number, key, 1);
        Ok(())
    }

    /// What has been counted here and is to be told to the other nodes.
    pub fn take_counts(&self) -> Counts {
        self.0.as_ref().map(|doors| doors.ledger.take()).unwrap_or_default()
    }

    /// Counts what another node has counted.
    pub fn take_in(&self, counts: &[(u8, u64, i32)], now: Timestamp) {
        let Some(doors) = &self.0 else { return };
        for (number, key, times) in counts {
            match doors.all().into_iter().find(|limit| limit.number == *number) {
                Some(limit) => limit.take_in(*key, times.unsigned_abs()),
                None => doors.guesses.take_in(*number, *key, *times, now),
            }
        }
    }

    /// 30 a minute from an address, right or wrong.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn sign_in(&self, ip: IpAddr) -> Result<()> {
        self.count(|doors| &doors.sign_in, &bytes(ip))
    }

    /// Passwords that are tried for a name: 10 a minute from a network. None where nothing is limited.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn guess(&self, name: &str, ip: IpAddr, now: Timestamp) -> Result<Option<Guess>> {
        self.0.as_ref().map(|doors| doors.guesses.begin(name, ip, now)).transpose()
    }

    /// The password that was tried was right, or not looked at.
    pub fn forgive(&self, guess: Option<&Guess>) {
        if let (Some(doors), Some(guess)) = (&self.0, guess) {
            doors.guesses.forgive(guess);
        }
    }

    /// Codes of a second factor that are tried for an account: ten at once, and two an hour. None where nothing is limited.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn code(&self, user: UserId, now: Timestamp) -> Result<Option<CodeGuess>> {
        self.0.as_ref().map(|doors| doors.guesses.begin_code(user, now)).transpose()
    }

    /// The code that was tried was right, or not looked at.
    pub fn forgive_code(&self, guess: Option<CodeGuess>) {
        if let (Some(doors), Some(guess)) = (&self.0, guess) {
            doors.guesses.forgive_code(guess);
        }
    }

    /// 20 an hour from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn sign_up(&self, ip: IpAddr) -> Result<()> {
        self.count(|doors| &doors.sign_up, &bytes(ip))
    }

    /// 120 a minute from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn refresh(&self, ip: IpAddr) -> Result<()> {
        self.count(|doors| &doors.refresh, &bytes(ip))
    }

    /// New rooms, direct ones too: 100 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn new_room(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.room, user.0.as_bytes())
    }

    /// Whatever changes something over REST: 60 in 10 seconds for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn action(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.action, user.0.as_bytes())
    }

    /// Another e-mail address, a taken one too: 10 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn address_change(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.address_change, user.0.as_bytes())
    }

    /// New requests for friendship: 60 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn friend_request(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.friend_request, user.0.as_bytes())
    }

    /// Links for a new password: 20 an hour from a network address, 5 an hour to an e-mail address, whether it is anybody's or
    /// not.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn reset(&self, email: &str, ip: IpAddr) -> Result<()> {
        self.count(|doors| &doors.reset_address, &bytes(ip))?;
        self.count(|doors| &doors.reset_name, fold::email_key(email).as_bytes())
    }

    /// Links that come back: 30 a minute from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn link(&self, ip: IpAddr) -> Result<()> {
        self.count(|doors| &doors.link, &bytes(ip))
    }

    /// Mails to verify an address: 5 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn verification(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.verification, user.0.as_bytes())
    }

    /// 5 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn export(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.export, user.0.as_bytes())
    }

    /// Files brought in: 100 at once, and then 30 a minute for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn upload(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.upload, user.0.as_bytes())
    }

    /// Searches in messages: 60 at once, and one more a second.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn search(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.search, user.0.as_bytes())
    }

    /// Blocks: 60 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn block(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.block, user.0.as_bytes())
    }

    /// Looks at what an invite leads to: 120 a minute from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn invite(&self, ip: IpAddr) -> Result<()> {
        self.count(|doors| &doors.invite, &bytes(ip))
    }

    /// 10 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn password_change(&self, user: UserId) -> Result<()> {
        self.count(|doors| &doors.password, user.0.as_bytes())
    }
}

impl Doors {
    fn all(&self) -> [&Limit; 17] {
        [
            &self.sign_in,
            &self.sign_up,
            &self.refresh,
            &self.password,
            &self.room,
            &self.action,
            &self.address_change,
            &self.friend_request,
            &self.reset_name,
            &self.reset_address,
            &self.link,
            &self.verification,
            &self.export,
            &self.upload,
            &self.search,
            &self.block,
            &self.invite,
        ]
    }
}

const FIVE: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
const SIX: NonZeroU32 = NonZeroU32::new(6).expect("not zero");
const TEN: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
const TWENTY: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
const THIRTY: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
const SIXTY: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const HUNDRED: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
const HUNDRED_AND_TWENTY: NonZeroU32 = NonZeroU32::new(120).expect("not zero");

/// Those who are likely to share a line: the 256 addresses around an IPv4 one, or the network of an IPv6 one.
pub fn neighbourhood(ip: IpAddr) -> IpAddr {
    match network(ip) {
        IpAddr::V4(ip) => IpAddr::V4(Ipv4Addr::from_bits(ip.to_bits() & !u32::from(u8::MAX))),
        network => network,
    }
}

/// Whoever has an IPv6 address has 2⁶⁴ of them: the network counts.
pub fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
        ip => ip,
    }
}

/// The same for an address, as bytes.
fn bytes(ip: IpAddr) -> [u8; 16] {
    match network(ip) {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

#[derive(Debug)]
struct Limit {
    /// Its name among the nodes: never given to another limit.
    number: u8,
    at_once: u32,
    limiter: DefaultKeyedRateLimiter<u64>,
    calls: AtomicU32,
}

impl Limit {
    fn new(number: u8, quota: Quota) -> Self {
        let at_once = quota.burst_size().get();
        Self { number, at_once, limiter: RateLimiter::keyed(quota), calls: AtomicU32::new(0) }
    }

    /// What is beyond the limit already changes nothing.
    fn take_in(&self, key: u64, times: u32) {
        for _ in 0..times.min(self.at_once) {
            if self.check(key).is_err() {
                return;
            }
        }
    }

    fn check(&self, key: u64) -> Result<()> {
        if self.calls.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Error::too_many(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
        })
    }
}

#[cfg(test)]
mod tests {
    use charla_protocol::ErrorCode;

    use super::*;

    fn secret() -> Secret {
        Secret(vec![1; 32])
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_other_doors() {
        let limits = Limits::new(true, &secret());
        let (home, user) = (ip("2001:db8:1:2::1"), UserId(uuid::Uuid::from_u128(1)));
        let rows: [(u32, &dyn Fn() -> Result<()>); 16] = [
            (30, &|| limits.sign_in(home)),
            (20, &|| limits.sign_up(home)),
            (120, &|| limits.refresh(home)),
            (10, &|| limits.password_change(user)),
            (100, &|| limits.new_room(user)),
            (60, &|| limits.action(user)),
            (10, &|| limits.address_change(user)),
            (60, &|| limits.friend_request(user)),
            (5, &|| limits.reset("ana@example.org", home)),
            (30, &|| limits.link(home)),
            (5, &|| limits.verification(user)),
            (5, &|| limits.export(user)),
            (100, &|| limits.upload(user)),
            (60, &|| limits.search(user)),
            (60, &|| limits.block(user)),
            (120, &|| limits.invite(home)),
        ];
        for (allowed, door) in rows {
            for _ in 0..allowed {
                door().unwrap();
            }
            assert_eq!(door().unwrap_err().code, ErrorCode::TooManyRequests);
        }
        assert!(limits.sign_up(ip("2001:db8:1:2:ffff::9")).is_err(), "the same network");
        assert!(limits.sign_up(ip("2001:db8:1:3::1")).is_ok());
    }

    #[test]
    fn no_two_limits_have_the_same_number() {
        let limits = Limits::new(true, &secret());
        let numbers: std::collections::BTreeSet<u8> =
            limits.0.iter().flat_map(Doors::all).map(|limit| limit.number).collect();
        assert_eq!(numbers.len(), 17);
        assert!(numbers.iter().all(|number| *number < crate::auth::guesses::FIRST_NUMBER));
    }

    #[test]
    fn what_another_node_has_counted_counts() {
        let (one, other) = (Limits::new(true, &secret()), Limits::new(true, &secret()));
        let (home, user) = (ip("192.0.2.1"), UserId(uuid::Uuid::from_u128(1)));
        for _ in 0..5 {
            one.export(user).unwrap();
        }
        (0..3).for_each(|_| one.sign_up(home).unwrap());
        let now = Timestamp::from_millis(0);
        other.take_in(&one.take_counts(), now);
        assert!(other.export(user).is_err());
        (0..17).for_each(|_| other.sign_up(home).unwrap());
        assert!(other.sign_up(home).is_err());
        assert_eq!(other.take_counts().len(), 1, "what came from elsewhere is not told again");
        assert!(one.take_counts().is_empty());
        other.take_in(&[(1, 7, i32::MAX), (99, 7, i32::MIN), (200, 7, i32::MIN), (201, 7, i32::MAX)], now);
    }

    #[test]
    fn off_is_off() {
        let limits = Limits::new(false, &secret());
        for _ in 0..1000 {
            limits.sign_in(ip("192.0.2.1")).unwrap();
            assert!(limits.guess("maria", ip("192.0.2.1"), Timestamp::from_millis(0)).unwrap().is_none());
        }
    }

    #[test]
    fn keys_that_are_as_good_as_new_are_forgotten() {
        let limit = Limit::new(1, Quota::per_second(NonZeroU32::new(1_000_000).unwrap()));
        for n in 0..CLEAN_EVERY {
            limit.check(u64::from(n)).unwrap();
        }
        assert!(limit.limiter.len() < 100, "{}", limit.limiter.len());
    }
}
