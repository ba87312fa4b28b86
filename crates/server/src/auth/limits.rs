//! How often somebody may try. Kept on each node by itself.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use charla_db::fold;
use charla_protocol::{Timestamp, UserId};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::guesses::{Guess, Guesses};
use crate::error::{Error, Result};

/// After so many calls the keys that are as good as new are forgotten.
const CLEAN_EVERY: u32 = 1024;

/// The limits of the doors to accounts.
#[derive(Debug)]
pub struct Limits(Option<Doors>);

#[derive(Debug)]
struct Doors {
    guesses: Guesses,
    sign_in: Limit<IpAddr>,
    sign_up: Limit<IpAddr>,
    refresh: Limit<IpAddr>,
    password: Limit<UserId>,
    room: Limit<UserId>,
    action: Limit<UserId>,
    address_change: Limit<UserId>,
    friend_request: Limit<UserId>,
    reset_name: Limit<String>,
    reset_address: Limit<IpAddr>,
    link: Limit<IpAddr>,
    verification: Limit<UserId>,
    export: Limit<UserId>,
    upload: Limit<UserId>,
    search: Limit<UserId>,
    block: Limit<UserId>,
    invite: Limit<IpAddr>,
}

impl Limits {
    /// `on` is the setting `RATE_LIMITS`.
    pub fn new(on: bool) -> Self {
        Self(on.then(|| Doors {
            guesses: Guesses::default(),
            sign_in: Limit::new(Quota::per_minute(THIRTY)),
            sign_up: Limit::new(Quota::per_hour(TWENTY)),
            refresh: Limit::new(Quota::per_minute(HUNDRED_AND_TWENTY)),
            password: Limit::new(Quota::per_hour(TEN)),
            room: Limit::new(Quota::per_hour(HUNDRED)),
            // 60 in 10 seconds, as over a socket.
            action: Limit::new(Quota::per_second(SIX).allow_burst(SIXTY)),
            address_change: Limit::new(Quota::per_hour(TEN)),
            friend_request: Limit::new(Quota::per_hour(SIXTY)),
            reset_name: Limit::new(Quota::per_hour(FIVE)),
            reset_address: Limit::new(Quota::per_hour(TWENTY)),
            link: Limit::new(Quota::per_minute(THIRTY)),
            verification: Limit::new(Quota::per_hour(FIVE)),
            export: Limit::new(Quota::per_hour(FIVE)),
            search: Limit::new(Quota::per_minute(SIXTY)),
            upload: Limit::new(Quota::per_minute(THIRTY).allow_burst(HUNDRED)),
            block: Limit::new(Quota::per_hour(SIXTY)),
            invite: Limit::new(Quota::per_minute(HUNDRED_AND_TWENTY)),
        }))
    }

    /// 30 a minute from an address, right or wrong.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn sign_in(&self, ip: IpAddr) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.sign_in.check(&network(ip)))
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

    /// 20 an hour from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn sign_up(&self, ip: IpAddr) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.sign_up.check(&network(ip)))
    }

    /// 120 a minute from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn refresh(&self, ip: IpAddr) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.refresh.check(&network(ip)))
    }

    /// New rooms, direct ones too: 100 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn new_room(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.room.check(&user))
    }

    /// Whatever changes something over REST: 60 in 10 seconds for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn action(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.action.check(&user))
    }

    /// Another e-mail address, a taken one too: 10 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn address_change(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.address_change.check(&user))
    }

    /// New requests for friendship: 60 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn friend_request(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.friend_request.check(&user))
    }

    /// Links for a new password: 20 an hour from a network address, 5 an hour to an e-mail address, whether it is anybody's or
    /// not.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn reset(&self, email: &str, ip: IpAddr) -> Result<()> {
        let Some(doors) = &self.0 else { return Ok(()) };
        doors.reset_address.check(&network(ip))?;
        doors.reset_name.check(&fold::email_key(email))
    }

    /// Links that come back: 30 a minute from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn link(&self, ip: IpAddr) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.link.check(&network(ip)))
    }

    /// Mails to verify an address: 5 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn verification(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.verification.check(&user))
    }

    /// 5 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn export(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.export.check(&user))
    }

    /// Files brought in: 100 at once, and then 30 a minute for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn upload(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.upload.check(&user))
    }

    /// Searches in messages: 60 at once, and one more a second.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn search(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.search.check(&user))
    }

    /// Blocks: 60 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn block(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.block.check(&user))
    }

    /// Looks at what an invite leads to: 120 a minute from an address.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn invite(&self, ip: IpAddr) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.invite.check(&network(ip)))
    }

    /// 10 an hour for an account.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn password_change(&self, user: UserId) -> Result<()> {
        self.0.as_ref().map_or(Ok(()), |doors| doors.password.check(&user))
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

#[derive(Debug)]
struct Limit<K: Clone + Hash + Eq> {
    limiter: DefaultKeyedRateLimiter<K>,
    calls: AtomicU32,
}

impl<K: Clone + Hash + Eq> Limit<K> {
    fn new(quota: Quota) -> Self {
        Self { limiter: RateLimiter::keyed(quota), calls: AtomicU32::new(0) }
    }

    fn check(&self, key: &K) -> Result<()> {
        if self.calls.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Error::too_many(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
        })
    }
}

#[cfg(test)]
mod tests {
    use charla_protocol::ErrorCode;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_other_doors() {
        let limits = Limits::new(true);
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
    fn off_is_off() {
        let limits = Limits::new(false);
        for _ in 0..1000 {
            limits.sign_in(ip("192.0.2.1")).unwrap();
            assert!(limits.guess("maria", ip("192.0.2.1"), Timestamp::from_millis(0)).unwrap().is_none());
        }
    }

    #[test]
    fn keys_that_are_as_good_as_new_are_forgotten() {
        let limit = Limit::new(Quota::per_second(NonZeroU32::new(1_000_000).unwrap()));
        for n in 0..CLEAN_EVERY {
            limit.check(&n).unwrap();
        }
        assert!(limit.limiter.len() < 100, "{}", limit.limiter.len());
    }
}
