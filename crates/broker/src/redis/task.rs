//! The task that owns the link.

use std::{
    collections::HashSet,
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use super::{
    channels::Channels,
    error::Error,
    receiver::Receiver,
    settings::RedisSettings,
    shards::{Order, Shards},
    shared::Shared,
    wire::Pen,
    wishes::Changes,
};
use crate::{Link, Listener, Topic};

/// How often Redis is asked whether it is there.
const PING_EVERY: Duration = Duration::from_millis(500);
/// How often it counts as a break here, at most, that a node could not publish something.
const MISSED_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether the servers are still the right ones.
const CHECK_EVERY: Duration = Duration::from_secs(5);
/// Topics that are subscribed with one round trip.
const SUBSCRIPTIONS: usize = 2000;
/// The first pause between two attempts, doubled with each up to the longest; a half to all of it is waited.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// A link that has held for so long is built anew at once when it breaks.
const STEADY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Task {
    settings: Arc<RedisSettings>,
    shared: Arc<Shared>,
    receiver: Arc<Receiver>,
    pen: Pen,
    listener: Weak<dyn Listener>,
    /// Since when the link is away, where the listener and the log know of it.
    away: Option<Instant>,
}

/// How far the wishes and publications of a link have come.
#[derive(Debug, Default)]
struct State {
    in_force: HashSet<Topic>,
    settled: u64,
    flushed: u64,
}

impl Task {
    pub(super) fn new(
        settings: RedisSettings,
        pen: Pen,
        shared: Arc<Shared>,
        listener: Weak<dyn Listener>,
    ) -> Self {
        let channels = Channels::new(&settings.prefix);
        let receiver = Arc::new(Receiver::new(pen.clone(), channels, listener.clone(), shared.clone()));
        Self { settings: Arc::new(settings), shared, receiver, pen, listener, away: None }
    }

    /// Ends with the listener.
    pub(super) async fn run(mut self) {
        let mut attempts = 0;
        while self.listener.strong_count() > 0 {
            let begin = Instant::now();
            let error = match self.attempt().await {
                Ok(never) => match never {},
                Err(error) => error,
            };
            if self.shared.link() == Link::Live && begin.elapsed() > STEADY {
                attempts = 0;
            }
            self.tell_away(&error);
            if attempts > 0 {
                sleep(pause(attempts)).await;
            }
            attempts += 1;
        }
    }

    /// One link, from its beginning to its end.
    async fn attempt(&mut self) -> Result<std::convert::Infallible, Error> {
        let mut shards = Shards::open(&self.settings, &self.receiver).await?;
        let mut state = State::default();
        let mut changes = self.shared.wishes.all();
        loop {
            self.settle(&mut shards, &mut state, changes).await?;
            if self.shared.go_live(state.settled) {
                break;
            }
            changes = self.shared.wishes.changes();
        }
        self.tell_live();
        self.work(&mut shards, &mut state).await
    }

    async fn work(&self, shards: &mut Shards, state: &mut State) -> Result<std::convert::Infallible, Error> {
        let mut pings = ticks(PING_EVERY);
        let mut checks = ticks(CHECK_EVERY);
        let mut missed = ticks(MISSED_EVERY);
        // What was lost while the link was away is told at once.
        self.shared.wake.notify_one();
        loop {
            tokio::select! {
                biased;
                error = shards.broken() => return Err(error),
                _ = pings.tick() => self.ping(shards).await?,
                _ = missed.tick() => self.tell_missed(),
                _ = checks.tick() => shards.check().await?,
                () = self.shared.wake.notified() => self.flush(shards, state).await?,
            }
        }
    }

    async fn ping(&self, shards: &mut Shards) -> Result<(), Error> {
        let begin = Instant::now();
        shards.ping().await?;
        self.shared.meter.pings.observe_duration(begin.elapsed());
        Ok(())
    }

    /// Carries out what was asked for, and publishes what waits, or the first of it.
    async fn flush(&self, shards: &mut Shards, state: &mut State) -> Result<(), Error> {
        let changes = self.shared.wishes.changes();
        self.settle(shards, state, changes).await?;
        let batch = self.shared.queue.take();
        if batch.has_more {
            self.shared.wake.notify_one();
        }
        let published = batch.publications.len() as u64;
        let orders = batch.publications.into_iter().map(|one| (one.topic, Order::Publish(one.message)));
        let missed = batch.has_lost.then(|| (Topic::Nodes, Order::Publish(self.pen.missed(Topic::Nodes))));
        let begin = Instant::now();
        shards.send(orders.chain(missed)).await?;
        self.shared.queue.confirm();
        if published > 0 {
            self.shared.meter.published.add(published);
            self.shared.meter.publishing.observe_duration(begin.elapsed());
        }
        state.flushed = batch.published;
        self.shared.advance(state.settled, state.flushed);
        Ok(())
    }

    async fn settle(&self, shards: &mut Shards, state: &mut State, changes: Changes) -> Result<(), Error> {
        let differs = |(topic, is_wanted): &(Topic, bool)| state.in_force.contains(topic) != *is_wanted;
        let topics: Vec<_> = changes.topics.into_iter().filter(differs).collect();
        for part in topics.chunks(SUBSCRIPTIONS) {
            let order = |is_wanted| if is_wanted { Order::Subscribe } else { Order::Unsubscribe };
            shards.send(part.iter().map(|(topic, is_wanted)| (*topic, order(*is_wanted)))).await?;
        }
        for (topic, is_wanted) in topics {
            if is_wanted {
                state.in_force.insert(topic)
            } else {
                state.in_force.remove(&topic)
            };
        }
        state.settled = changes.asked;
        Ok(())
    }

    /// A node that could not publish something, or could not be understood, is as good as a link that was away.
    fn tell_missed(&self) {
        let (has_missed, has_ended) = (self.receiver.has_missed(), self.shared.foreign.has_ended());
        if has_missed || has_ended {
            tracing::debug!(has_missed, has_ended, "not all that other nodes have said was heard");
            self.tell(Link::Live);
        }
    }

    fn tell_live(&mut self) {
        let away = self.away.take().map(|since| since.elapsed().as_millis());
        tracing::info!(redis = ?self.settings, away_ms = ?away, "the channel layer is there");
        self.tell(Link::Live);
    }

    /// Each break is told and logged once, however many attempts it takes to mend it.
    fn tell_away(&mut self, error: &Error) {
        self.shared.go_away();
        if self.away.is_some() {
            tracing::debug!(%error, "the channel layer is still away");
            return;
        }
        self.away = Some(Instant::now());
        self.shared.meter.breaks.increment();
        tracing::warn!(%error, "the channel layer is away; other nodes are heard by way of the database until it is back");
        self.tell(Link::Away);
    }

    fn tell(&self, link: Link) {
        if let Some(listener) = self.listener.upgrade() {
            listener.link(link);
        }
    }
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Random, so that nodes don't come back all at once.
fn pause(attempts: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << attempts.min(10)).min(LONGEST_PAUSE);
    let half = longest / 2;
    let random = Uuid::new_v4().as_u128() % half.as_micros().max(1);
    half + Duration::from_micros(u64::try_from(random).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_second_and_differ() {
        for (attempts, longest) in [(1, 200), (2, 400), (3, 800), (4, 1000), (u32::MAX, 1000)] {
            let pauses: HashSet<_> = (0..50).map(|_| pause(attempts).as_micros()).collect();
            let (least, most) = (pauses.iter().min().unwrap(), pauses.iter().max().unwrap());
            assert!(*least >= longest * 500 && *most < longest * 1000, "{least} {most}");
            assert!(pauses.len() > 10);
        }
    }
}
