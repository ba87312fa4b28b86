//! How many archives are made side by side: each reads all that an account has, and writes it to the disk.

use std::sync::Arc;

use charla_protocol::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    error::{Error, Result},
    files::{Seat, Seats},
};

/// Archives that a node makes at once.
const AT_ONCE: usize = 2;
/// Seconds after which it is worth trying again.
const RETRY_S: u64 = 10;

/// Who takes along what they have.
#[derive(Debug)]
pub struct Exports {
    accounts: Seats,
    makers: Arc<Semaphore>,
}

/// A turn to make an archive, and to send it.
#[derive(Debug)]
pub struct Turn {
    /// Held until the archive has been sent: it lies on the disk until then.
    pub account: Seat,
    /// Held while the archive is made: who reads it slowly keeps nobody else waiting.
    pub maker: OwnedSemaphorePermit,
}

impl Default for Exports {
    fn default() -> Self {
        Self { accounts: Seats::new(1), makers: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Exports {
    /// How many archives are being made.
    pub fn under_way(&self) -> u64 {
        AT_ONCE.saturating_sub(self.makers.available_permits()) as u64
    }

    /// One at a time for an account, and two on a node.
    ///
    /// # Errors
    /// `too_many_requests`
    pub fn begin(&self, user: UserId) -> Result<Turn> {
        let account = self.accounts.seat(user).map_err(|_| Error::too_many(RETRY_S))?;
        let maker = Arc::clone(&self.makers).try_acquire_owned().map_err(|_| Error::too_many(RETRY_S))?;
        Ok(Turn { account, maker })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_for_an_account_and_two_on_a_node() {
        let (exports, [ana, bob, eve]) = (Exports::default(), [1, 2, 3].map(|n| UserId(Uuid::from_u128(n))));
        let anas = exports.begin(ana).unwrap();
        assert_eq!(exports.begin(ana).unwrap_err().retry_after, Some(RETRY_S));
        let bobs = exports.begin(bob).unwrap();
        assert_eq!(exports.begin(eve).unwrap_err().retry_after, Some(RETRY_S));
        drop(anas.maker);
        let eves = exports.begin(eve).unwrap();
        assert!(exports.begin(ana).is_err(), "hers is being sent");
        drop((anas.account, bobs, eves));
        exports.begin(ana).unwrap();
    }
}
