use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    net::{Ipv4Addr, TcpListener, UdpSocket},
};

use anyhow::{Context, Result};

/// Below the ports that the kernel hands to outgoing connections: a server that is started again on its port must
/// not find it taken by one of them.
const RANGE: std::ops::Range<u16> = 15_000..32_000;
const ATTEMPTS: usize = 200;

/// A TCP port on the loopback address for a server to listen on. The UDP socket of the same number keeps others
/// who look for a port this way from choosing it, before the server listens and while it is down.
#[derive(Debug)]
pub struct Port {
    pub(crate) number: u16,
    _claim: UdpSocket,
}

impl Port {
    /// Finds one that is free.
    ///
    /// # Errors
    /// Where none is.
    pub fn claim() -> Result<Self> {
        (0..ATTEMPTS).find_map(|_| Self::try_claim(random_number())).context("found no free port")
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }

    fn try_claim(number: u16) -> Option<Self> {
        let claim = UdpSocket::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        Some(Self { number, _claim: claim })
    }
}

/// The standard library's hasher is seeded at random, which is all the randomness needed here.
fn random_number() -> u16 {
    let span = u64::from(RANGE.end - RANGE.start);
    let offset = RandomState::new().build_hasher().finish() % span;
    RANGE.start + u16::try_from(offset).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_port_is_not_given_twice() {
        let port = Port::claim().unwrap();
        assert!(Port::try_claim(port.number).is_none());
        let number = port.number;
        drop(port);
        assert!(Port::try_claim(number).is_some());
    }

    #[test]
    fn a_port_that_somebody_listens_on_is_not_given() {
        let port = Port::claim().unwrap();
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.number)).unwrap();
        let number = port.number;
        drop(port);
        assert!(Port::try_claim(number).is_none());
    }
}
