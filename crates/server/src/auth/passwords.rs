//! Passwords are kept as Argon2id hashes. Hashing is slow on purpose: it runs beside the async workers, and only
//! so many at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use charla_protocol::ErrorCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::foreign;
use crate::error::{Error, Result};

/// How many may wait for their turn, for each that runs: about two seconds' worth.
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
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
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
            running: Arc::new(Semaphore::new(parallel)),
            waiting: Arc::new(Semaphore::new(parallel * (WAITING_PER_CORE + 1))),
        })
    }

    /// The PHC string to keep.
    ///
    /// # Errors
    /// `unavailable` where too many are waiting.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        self.run(move || hash(&argon2, &password)).await?.map_err(Error::internal)
    }

    /// Checks a password against the hash of an account, or for the same time against none.
    ///
    /// # Errors
    /// `unavailable` where too many are waiting.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verdict> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.dummy).to_owned();
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        let verdict = self.run(move || verify(&argon2, &password, &hash)).await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (turn, place) = self.turn().await?;
        tokio::task::spawn_blocking(move || {
            // Held by the work, not by the request: one that is given up must not let another in before its work ends.
            let _held = (turn, place);
            work()
        })
        .await
        .map_err(Error::internal)
    }

    async fn turn(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit)> {
        let busy = || Error { retry_after: Some(2), ..Error::new(ErrorCode::Unavailable) };
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| busy())?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|_| busy())?;
        Ok((turn, place))
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
        let hash = passwords.hash("correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(hash.len() <= 255);
        assert_eq!(passwords.verify("correct horse", Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.verify("correct horsf", Some(&hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.verify("", Some(&hash)).await.unwrap(), Verdict::Wrong);
        assert_ne!(hash, passwords.hash("correct horse").await.unwrap(), "salted");
    }

    #[tokio::test]
    async fn no_account_and_no_hash_are_wrong() {
        let passwords = cheap();
        assert_eq!(passwords.verify("nobody's password", None).await.unwrap(), Verdict::Wrong);
        assert_eq!(passwords.verify("x", Some("")).await.unwrap(), Verdict::Wrong);
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
        let hash = cheap().hash("correct horse").await.unwrap();
        let dearer = Passwords::new(Cost { passes: 2, ..Cost::CHEAP }, 1).unwrap();
        assert_eq!(dearer.verify("correct horse", Some(&hash)).await.unwrap(), Verdict::RightButOutdated);
        assert_eq!(dearer.verify("wrong", Some(&hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_another_kind_is_outdated() {
        let hash = "pbkdf2_sha1$1000$seasalt$LPTbYn9/9ALjztx0Dtq5V+DLYLg=";
        let passwords = cheap();
        let verdict = passwords.verify("correct horse battery", Some(hash)).await.unwrap();
        assert_eq!(verdict, Verdict::RightButOutdated);
        assert_eq!(passwords.verify("wrong", Some(hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_sent_away() {
        let passwords = cheap();
        let all = u32::try_from(passwords.waiting.available_permits()).unwrap();
        let held = Arc::clone(&passwords.waiting).acquire_many_owned(all).await.unwrap();
        assert_eq!(passwords.hash("x").await.unwrap_err().code, ErrorCode::Unavailable);
        drop(held);
        assert!(passwords.hash("x").await.is_ok());
    }
}
