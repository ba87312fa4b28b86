//! Sending at a given pace, whatever the answers take: what waits counts from when it was due.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use tokio::time::{sleep_until, timeout};

use crate::{
    load::{Tally, Template},
    wire::{Kind, Wire},
};

/// How long the last answers may take.
const DRAIN: Duration = Duration::from_secs(10);

/// Sends a message each `interval` from `first` on until the tally says stop. How long each took to be answered, from when it was
/// due.
pub(crate) async fn send(
    mut wire: Wire,
    template: Template,
    first: Instant,
    interval: Duration,
    tally: Arc<Tally>,
) -> Result<Vec<Duration>> {
    let (mut due, mut waiting, mut times) = (first, VecDeque::new(), Vec::new());
    let mut frames = Vec::new();
    while !tally.is_stopped() {
        tokio::select! {
            () = sleep_until(due.into()) => {
                frames.clear();
                // A timer wakes a millisecond late: what has become due meanwhile goes out together.
                while due <= Instant::now() {
                    template.put_frame(&mut frames);
                    waiting.push_back(due);
                    due += interval;
                }
                wire.send(&frames).await?;
            }
            filled = wire.fill() => {
                filled?;
                take(&mut wire, &tally, &mut waiting, &mut times)?;
            }
        }
    }
    let last = async {
        while !waiting.is_empty() {
            wire.fill().await?;
            take(&mut wire, &tally, &mut waiting, &mut times)?;
        }
        Ok(times)
    };
    timeout(DRAIN, last).await?
}

/// Takes what has come. Answers come in the order of the sends.
fn take(
    wire: &mut Wire,
    tally: &Tally,
    waiting: &mut VecDeque<Instant>,
    times: &mut Vec<Duration>,
) -> Result<()> {
    while let Some(frame) = wire.pop()? {
        tally.count(&frame)?;
        if frame.kind == Kind::Ack {
            let due = waiting.pop_front();
            ensure!(due.is_some(), "an answer to nothing");
            times.extend(due.map(|due| due.elapsed()));
        }
    }
    Ok(())
}
