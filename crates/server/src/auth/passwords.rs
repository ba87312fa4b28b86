//! Passwords are kept as Argon2id hashes. Hashing is slow on purpose: it runs beside the async workers, and only
//! so many at a time.

use std::sync::Arc;

use super::{
    foreign,
    turns::{Precedence, Turns},
};
use crate::error::{Error, Result};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use charla_protocol::ErrorCode;

/// How many of each precedence may wait for their turn, for each that runs: about two seconds' worth.
const WAITING_PER_CORE: usize = 100;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// KiB of memory.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// What OWASP recommends:
    /// <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id>.
    pub const STANDARD: Self = Self { memory: 19_456, passes: 2, lanes: 1 };
    /// As little as the algorithm takes: for tests, which make many accounts.
    pub const CHEAP: Self = Self { memory: 8, passes: 1, lanes: 1 };
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed at another cost than is asked for now, or in another way: hash it anew.
    RightButOutdated,
}

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// Checked in place of an account that is not there, so that nobody can tell by the time it takes.
    dummy: String,
    turns: Arc<Turns>,
}

impl Passwords {
    /// `parallel` hashes are made side by side.
    ///
    /// # Errors
    /// Costs that the algorithm does not allow.
    pub fn new(cost: Cost, parallel: usize) -> anyhow::Result<Self> {
        let params = Params::new(cost.memory, cost.passes, cost.lanes, None)
            .map_err(|error| anyhow::anyhow!("password cost: {error}"))?;
        let parallel = parallel.max(1);
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            dummy: dummy(cost),
            turns: Turns::new(parallel, parallel * WAITING_PER_CORE),
        })
    }

    /// Whether there is a queue, and so precedence matters.
    pub fn are_busy(&self) -> bool {
        self.turns.are_taken()
    }

    /// The PHC string to keep.
    ///
    /// # Errors
    /// `unavailable` where too many are waiting.
    pub async fn hash(&self, password: &str, precedence: Precedence) -> Result<String> {
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        self.run(precedence, move || hash(&argon2, &password)).await?.map_err(Error::internal)
    }

    /// Checks a password against the hash of an account, or for the same time against none.
    ///
    /// # Errors
    /// `unavailable` where too many are waiting.
    pub async fn verify(
        &self,
        password: &str,
        hash: Option<&str>,
        precedence: Precedence,
    ) -> Result<Verdict> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.dummy).to_owned();
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        let verdict = self.run(precedence, move || verify(&argon2, &password, &hash)).await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    async fn run<T: Send + 'static>(
        &self,
        precedence: Precedence,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let busy = || Error { retry_after: Some(2), ..Error::new(ErrorCode::Unavailable) };
        let turn = self.turns.take(precedence).await.ok_or_else(busy)?;
        tokio::task::spawn_blocking(move || {
            // Held by the work, not by the request: one that is given up must not let another in before its work ends.
            let _turn = turn;
            work()
        })
        .await
        .map_err(Error::internal)
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(argon2.hash_password(password.as_bytes())?.to_string())
}

/// The hash of no password: checking one against it takes what any check takes, and making it takes nothing.
fn dummy(cost: Cost) -> String {
    let Cost { memory, passes, lanes } = cost;
    let (salt, output) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${output}")
}

/// A hash that can't be read is nobody's: an account that was deleted has an empty one. One of ours is a PHC string.
fn verify(argon2: &Argon2<'_>, password: &str, hash: &str) -> Verdict {
    if !hash.starts_with('$') {
        return if foreign::verify(password, hash) { Verdict::RightButOutdated } else { Verdict::Wrong };
    }
    let Ok(parsed) = PasswordHash::new(hash) else { return Verdict::Wrong };
    if argon2.verify_password(password.as_bytes(), &parsed).is_err() {
        return Verdict::Wrong;
    }
    if is_current(argon2, &parsed) { Verdict::Right } else { Verdict::RightButOutdated }
}

fn is_current(argon2: &Argon2<'_>, hash: &PasswordHash) -> bool {
    let wanted = argon2.params();
    hash.algorithm == Algorithm::Argon2id.ident()
        && hash.version == Some(Version::V0x13.into())
        && Params::try_from(hash).is_ok_and(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                == (wanted.m_cost(), wanted.t_cost(), wanted.p_cost())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(Cost::CHEAP, 2).unwrap()
    }

    #[tokio::test]
    async fn the_right_password_is_right_and_others_are_wrong() {
        let passwords = cheap();
        let hash = passwords.hash("correct horse", Precedence::Known).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(hash.len() <= 255);
        assert_eq!(
            passwords.verify("correct horse", Some(&hash), Precedence::Known).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(
            passwords.verify("correct horsf", Some(&hash), Precedence::Known).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(passwords.verify("", Some(&hash), Precedence::Known).await.unwrap(), Verdict::Wrong);
        assert_ne!(hash, passwords.hash("correct horse", Precedence::Known).await.unwrap(), "salted");
    }

    #[tokio::test]
    async fn no_account_and_no_hash_are_wrong() {
        let passwords = cheap();
        assert_eq!(
            passwords.verify("nobody's password", None, Precedence::Known).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(passwords.verify("x", Some(""), Precedence::Known).await.unwrap(), Verdict::Wrong);
    }

    #[test]
    fn the_dummy_takes_as_long_as_a_hash_of_today() {
        let passwords = cheap();
        let real = hash(&passwords.argon2, "x").unwrap();
        assert_eq!(passwords.dummy.len(), real.len());
        assert!(is_current(&passwords.argon2, &PasswordHash::new(&passwords.dummy).unwrap()));
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_outdated() {
        let hash = cheap().hash("correct horse", Precedence::Known).await.unwrap();
        let dearer = Passwords::new(Cost { passes: 2, ..Cost::CHEAP }, 1).unwrap();
        assert_eq!(
            dearer.verify("correct horse", Some(&hash), Precedence::Known).await.unwrap(),
            Verdict::RightButOutdated
        );
        assert_eq!(dearer.verify("wrong", Some(&hash), Precedence::Known).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_another_kind_is_outdated() {
        let hash = "pbkdf2_sha1$1000$seasalt$LPTbYn9/9ALjztx0Dtq5V+DLYLg=";
        let passwords = cheap();
        let verdict = passwords.verify("correct horse battery", Some(hash), Precedence::Known).await.unwrap();
        assert_eq!(verdict, Verdict::RightButOutdated);
        assert_eq!(passwords.verify("wrong", Some(hash), Precedence::Known).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_sent_away() {
        let passwords = cheap();
        let running = [0, 1].map(|_| passwords.turns.take(Precedence::Known));
        let running = futures_util::future::join_all(running).await;
        let mut waiting: Vec<_> =
            (0..2 * WAITING_PER_CORE).map(|_| Box::pin(passwords.turns.take(Precedence::Account))).collect();
        for one in &mut waiting {
            assert!(futures_util::poll!(one).is_pending());
        }
        let refused = passwords.hash("x", Precedence::Account).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Unavailable);
        drop((waiting, running));
        assert!(passwords.hash("x", Precedence::Account).await.is_ok());
    }
}
