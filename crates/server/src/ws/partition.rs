//! Which nodes are cut off from the others. Such a node says so in the database, where the others look: a channel layer that they
//! reach themselves gives them no reason to look for what that node can't tell.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use charla_broker::Link;
use charla_db::{Result, in_time, queries};
use tokio::{
    sync::Notify,
    time::{Instant, timeout},
};
use uuid::Uuid;

use super::looks::Looks;
use crate::App;

/// How often there is a look, and how often a node that is cut off says so.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A node that has not said so again for so long is gone, or stands still.
const LIVES_FOR: Duration = Duration::from_secs(5);
/// After this long nobody will take back what a node has said.
const LEFT_AFTER: Duration = Duration::from_secs(60);

/// Whether a node is cut off that lives.
#[derive(Debug, Default)]
pub(super) struct Partition {
    is_there: AtomicBool,
    wake: Notify,
}

impl Partition {
    pub(super) fn is_there(&self) -> bool {
        self.is_there.load(Ordering::Acquire)
    }

    /// The link has broken, or come back.
    pub(super) fn link(&self) {
        self.wake.notify_one();
    }
}

/// Starts to look; it goes on for as long as the node.
pub(super) fn start(app: &App) {
    tokio::spawn(run(app.clone()));
}

async fn run(app: App) {
    let mut looks = Looks::new("which nodes are cut off", LOOK_EVERY);
    let mut marks = Marks::default();
    // A link takes a moment until it stands: who has just come is not cut off.
    timeout(LOOK_EVERY, app.hub.partition.wake.notified()).await.ok();
    loop {
        looks.next(&app.hub.partition.wake).await;
        looks.note(in_time(look(&app, &mut marks)).await);
    }
}

async fn look(app: &App, marks: &mut Marks) -> Result<()> {
    let node = app.presence.node();
    if app.hub.link() == Link::Away {
        marks.own += 1;
        marks.has_own = true;
        let tx = app.db.begin().await?;
        queries::partition::mark(&tx, node, marks.own).await?;
        return Ok(tx.commit().await?);
    }
    if marks.has_own {
        unmark(app, node).await?;
        marks.has_own = false;
    }
    if !app.broker.has_peers() {
        return Ok(());
    }
    let now = Instant::now();
    let found = queries::partition::marks(app.db.read()).await?;
    marks.read(found.into_iter().filter(|(other, _)| *other != node), now);
    app.presence.excuse(&marks.since(now));
    let is_there = marks.has_living(now);
    if is_there && !app.hub.partition.is_there.swap(is_there, Ordering::AcqRel) {
        tracing::warn!("another node is cut off; it is heard by way of the database until it is back");
        app.hub.watch.look_at_all();
    }
    app.hub.partition.is_there.store(is_there, Ordering::Release);
    for left in marks.left(now) {
        unmark(app, left).await?;
    }
    Ok(())
}

async fn unmark(app: &App, node: Uuid) -> Result<()> {
    let tx = app.db.begin().await?;
    queries::partition::unmark(&tx, node).await?;
    Ok(tx.commit().await?)
}

/// What nodes have said.
#[derive(Debug, Default)]
struct Marks {
    /// How often this node has said that it is cut off.
    own: u64,
    /// That may stand in the database.
    has_own: bool,
    others: HashMap<Uuid, Mark>,
}

#[derive(Debug)]
struct Mark {
    number: u64,
    /// When it was first read. No clock of another node is asked.
    read_at: Instant,
}

impl Marks {
    /// Takes in all that the others say.
    fn read(&mut self, found: impl IntoIterator<Item = (Uuid, u64)>, now: Instant) {
        let mut before = std::mem::take(&mut self.others);
        let mark = |(node, number)| {
            let known = before.remove(&node).filter(|mark| mark.number == number);
            (node, known.unwrap_or(Mark { number, read_at: now }))
        };
        self.others = found.into_iter().map(mark).collect();
    }

    /// Those who have said something new at that time.
    fn since(&self, at: Instant) -> Vec<Uuid> {
        self.that(|mark| mark.read_at >= at)
    }

    fn has_living(&self, now: Instant) -> bool {
        self.others.values().any(|mark| now - mark.read_at < LIVES_FOR)
    }

    /// Those who have said nothing new for so long that they are gone.
    fn left(&self, now: Instant) -> Vec<Uuid> {
        self.that(|mark| now - mark.read_at >= LEFT_AFTER)
    }

    fn that(&self, is_wanted: impl Fn(&Mark) -> bool) -> Vec<Uuid> {
        self.others.iter().filter(|(_, mark)| is_wanted(mark)).map(|(node, _)| *node).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_lives_for_as_long_as_it_says_something_new() {
        let (mut marks, node, begin) = (Marks::default(), Uuid::from_u128(1), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        for (second, number, is_new, lives) in [
            (0, 7, true, true),
            (1, 7, false, true),
            (2, 8, true, true),
            (6, 8, false, true),
            (7, 8, false, false),
        ] {
            marks.read([(node, number)], at(second));
            assert_eq!(marks.since(at(second)).len(), usize::from(is_new), "{second}");
            assert_eq!(marks.has_living(at(second)), lives, "{second}");
        }
        marks.read([(node, 8)], at(61));
        assert!(marks.left(at(61)).is_empty());
        assert_eq!(marks.left(at(62)), [node]);
        marks.read([], at(63));
        assert!(marks.left(at(63)).is_empty());
    }
}
