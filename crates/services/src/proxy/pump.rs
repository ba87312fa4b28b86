//! One direction of a connection.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::tcp::{OwnedReadHalf, OwnedWriteHalf},
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until},
};

use super::{Passage, Weather, carry::Budget};

/// Bytes read at once.
const PIECE: usize = 8 * 1024;
/// Pieces on their way at a time.
const PIECES: usize = 32;

/// Bytes, and when they arrive.
type Piece = (Instant, Vec<u8>);

/// Carries bytes until the sender ends, and passes that on.
///
/// # Errors
/// Where either end breaks, or the budget is spent.
pub(super) async fn pump(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    weather: watch::Receiver<Weather>,
    budget: &Budget,
) -> io::Result<()> {
    let (sender, pieces) = mpsc::channel(PIECES);
    tokio::try_join!(take(from, sender, weather.clone()), give(to, pieces, weather, budget)).map(drop)
}

async fn take(
    from: &mut OwnedReadHalf,
    pieces: mpsc::Sender<Piece>,
    mut weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
    loop {
        let read = from.read(&mut buffer).await?;
        open(&mut weather).await?;
        if read == 0 {
            return Ok(());
        }
        let due = Instant::now() + weather.borrow().latency;
        if pieces.send((due, buffer[..read].to_vec())).await.is_err() {
            return Ok(());
        }
    }
}

async fn give(
    to: &mut OwnedWriteHalf,
    mut pieces: mpsc::Receiver<Piece>,
    mut weather: watch::Receiver<Weather>,
    budget: &Budget,
) -> io::Result<()> {
    while let Some((due, bytes)) = pieces.recv().await {
        sleep_until(due).await;
        open(&mut weather).await?;
        let allowed = budget.take(bytes.len());
        to.write_all(&bytes[..allowed]).await?;
        if allowed < bytes.len() {
            // The bytes are to be seen: a reset at once would take them back.
            sleep(Duration::from_millis(20)).await;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let rate = weather.borrow().bytes_per_s;
        if let Some(rate) = rate {
            sleep(Duration::from_secs(1).mul_f64(allowed as f64 / f64::from(rate.max(1)))).await;
        }
    }
    to.shutdown().await
}

/// Waits until something passes.
async fn open(weather: &mut watch::Receiver<Weather>) -> io::Result<()> {
    let gone = |_| io::ErrorKind::ConnectionReset.into();
    weather.wait_for(|weather| weather.passage != Passage::Hole).await.map(drop).map_err(gone)
}
