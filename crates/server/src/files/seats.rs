//! How much of a kind an account has under way.

use std::{collections::HashMap, sync::Arc};

use charla_protocol::UserId;
use parking_lot::Mutex;

use crate::error::{Error, Result};

/// Who has something under way.
#[derive(Clone, Debug)]
pub struct Seats {
    /// Of an account, side by side on a node.
    most: u32,
    taken: Arc<Mutex<HashMap<UserId, u32>>>,
}

/// Held while it is under way.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    user: UserId,
}

impl Seats {
    pub fn new(most: u32) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// # Errors
    /// `too_many_requests`
    pub fn seat(&self, user: UserId) -> Result<Seat> {
        let mut seats = self.taken.lock();
        let taken = seats.entry(user).or_default();
        if *taken >= self.most {
            return Err(Error::too_many(1));
        }
        *taken += 1;
        Ok(Seat { seats: self.clone(), user })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.taken.lock();
        if let Some(taken) = seats.get_mut(&self.user) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_at_a_time() {
        let (seats, user) = (Seats::new(10), UserId(uuid::Uuid::from_u128(1)));
        let mut held: Vec<Seat> = (0..10).map(|_| seats.seat(user).unwrap()).collect();
        assert!(seats.seat(user).is_err());
        seats.seat(UserId(uuid::Uuid::from_u128(2))).unwrap();
        held.pop();
        held.push(seats.seat(user).unwrap());
        drop(held);
        assert!(seats.taken.lock().is_empty());
    }
}
