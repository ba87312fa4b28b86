//! One connection, from its two ends to its end.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::{
    net::{TcpStream, tcp::OwnedWriteHalf},
    sync::watch,
};

use super::{Cut, Fate, Weather, pump::pump};

/// A vanished connection holds its two files for as long.
const VANISHED_FOR: Duration = Duration::from_secs(300);

/// Bytes that a connection may still carry.
#[derive(Debug)]
pub(super) struct Budget(AtomicU64);

impl Budget {
    fn unlimited() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }

    /// Takes up to `wanted`; how many it got.
    pub(super) fn take(&self, wanted: usize) -> usize {
        let wanted = wanted as u64;
        let take = |left: u64| Some(if left == u64::MAX { left } else { left.saturating_sub(wanted) });
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).unwrap_or_default();
        usize::try_from(left.min(wanted)).unwrap_or_default()
    }
}

pub(super) async fn carry(
    client: TcpStream,
    server: TcpStream,
    weather: watch::Receiver<Weather>,
    mut fate: watch::Receiver<Fate>,
) {
    for end in [&client, &server] {
        // Without it the proxy would add delays of its own.
        end.set_nodelay(true).ok();
    }
    let budget = Budget::unlimited();
    let (mut client_in, mut client_out) = client.into_split();
    let (mut server_in, mut server_out) = server.into_split();
    let cut = {
        let there = pump(&mut client_in, &mut server_out, weather.clone(), &budget);
        let back = pump(&mut server_in, &mut client_out, weather, &budget);
        let both = async { tokio::try_join!(there, back) };
        tokio::pin!(both);
        loop {
            tokio::select! {
                ended = &mut both => break if ended.is_ok() { Cut::Finish } else { Cut::Reset },
                changed = fate.changed() => match changed.map_or(Fate::Ends(Cut::Reset), |()| *fate.borrow()) {
                    Fate::Lives => {}
                    Fate::Ends(cut) => break cut,
                    Fate::EndsAfter(bytes) => budget.0.store(bytes, Ordering::Relaxed),
                    Fate::Vanishes => break vanish(&mut fate).await,
                },
            }
        }
    };
    if cut == Cut::Reset {
        reset(client_out);
        reset(server_out);
    }
}

/// Holds both ends, silent, until somebody ends them or long enough.
async fn vanish(fate: &mut watch::Receiver<Fate>) -> Cut {
    let ended = fate.wait_for(|fate| matches!(fate, Fate::Ends(_)));
    // Held for as long as it may be, or told to end: either way there is nobody to tell nicely.
    drop(tokio::time::timeout(VANISHED_FOR, ended).await);
    Cut::Reset
}

/// With nothing to wait for at its close, the other end gets an RST.
fn reset(end: OwnedWriteHalf) {
    // An end that is gone already needs none.
    end.as_ref().set_zero_linger().ok();
    // Dropped, it would say FIN first.
    end.forget();
}
