//! Friendships, requests and blocks.

use charla_db::{
    Pair, Transaction,
    queries::{self, friend_requests, friendships, imports, relations},
    tables,
};
use charla_protocol::{Timestamp, UserId};
use charla_server::ops::retry;
use uuid::Uuid;

use super::Writer;
use crate::model::{LeftOut, Tie, TieKind};

/// Ties of a transaction.
const BATCH: usize = 100;

/// A tie between accounts.
#[derive(Clone, Copy, Debug)]
struct Found {
    kind: TieKind,
    from: UserId,
    to: UserId,
    at: Timestamp,
    note: Uuid,
}

impl Writer<'_> {
    /// Blocks come first: who has blocked somebody is no friend of theirs.
    pub(super) async fn bring_ties(&mut self, mut ties: Vec<Tie>) -> anyhow::Result<()> {
        ties.sort_by_key(|tie| tie.kind);
        let mut found: Vec<Found> = ties.iter().filter_map(|tie| self.find(tie)).collect();
        let mut seen = std::collections::HashSet::new();
        found.retain(|tie| seen.insert(tie.note));
        for batch in found.chunks(BATCH) {
            let notes: Vec<Uuid> = batch.iter().map(|tie| tie.note).collect();
            let noted = imports::noted(self.app.db.read(), &notes).await?;
            let (known, new): (Vec<Found>, Vec<Found>) =
                batch.iter().partition(|tie| noted.contains(&tie.note));
            known.iter().for_each(|tie| self.report.known(tie.kind.as_str(), 1));
            new.iter().for_each(|tie| self.report.brought(tie.kind.as_str(), 1));
            self.store_ties(&new).await?;
        }
        Ok(())
    }

    fn find(&mut self, tie: &Tie) -> Option<Found> {
        let leave_out =
            |reason: &str| LeftOut::new(tie.kind.as_str(), format!("{} → {}", tie.from, tie.to), reason);
        let (Some(from), Some(to)) = (self.people.get(&tie.from), self.people.get(&tie.to)) else {
            self.report.leave_out(leave_out("there is no such person"));
            return None;
        };
        if !from.is_active || !to.is_active || from.id == to.id {
            self.report.leave_out(leave_out("it takes two people who are there"));
            return None;
        }
        let (from, to) = (from.id, to.id);
        let key = match tie.kind {
            TieKind::Block => format!("block {from} {to}"),
            TieKind::Friends | TieKind::Request => {
                let Pair { low, high } = Pair::of(from, to);
                format!("{} {low} {high}", tie.kind.as_str())
            }
        };
        let now = self.app.clock.now().millis();
        let at = Timestamp::from_millis(tie.at.unwrap_or(now).clamp(0, now));
        Some(Found { kind: tie.kind, from, to, at, note: self.ids.of("tie", &key, None) })
    }

    async fn store_ties(&self, ties: &[Found]) -> anyhow::Result<()> {
        if self.options.dry_run || ties.is_empty() {
            return Ok(());
        }
        let (db, clock) = (&self.app.db, &self.app.clock);
        let store = || async {
            let tx = db.begin().await?;
            let people: Vec<UserId> = ties.iter().flat_map(|tie| [tie.from, tie.to]).collect();
            let held = queries::users::hold_active(&tx, &people).await?;
            let is_held = |id: UserId| held.iter().any(|row| row.user_id() == id);
            for tie in ties.iter().filter(|tie| is_held(tie.from) && is_held(tie.to)) {
                store(&tx, tie, clock.id()).await?;
            }
            imports::note(&tx, ties.iter().map(|tie| tie.note), clock.now()).await?;
            Ok(tx.commit().await?)
        };
        Ok(retry::on_busy(store).await?)
    }
}

/// What the two have with each other already counts more.
async fn store(tx: &Transaction, tie: &Found, id: Uuid) -> charla_db::Result<()> {
    let Found { kind, from, to, at, .. } = *tie;
    let (pair, relation) = (Pair::of(from, to), relations::between(tx, from, to).await?);
    let is_parted = relation.is_parted();
    match kind {
        TieKind::Block if relation.has_blocked => Ok(()),
        TieKind::Block => {
            friendships::delete(tx, pair).await?;
            friend_requests::delete_between(tx, pair).await?;
            let row = tables::blocks::Model { blocker_id: from.0, blocked_id: to.0, created_at: at.millis() };
            queries::blocks::insert(tx, row).await
        }
        TieKind::Friends if is_parted || relation.are_friends => Ok(()),
        TieKind::Friends => {
            friend_requests::delete_between(tx, pair).await?;
            friendships::insert(tx, pair, at).await
        }
        TieKind::Request if is_parted || relation.are_friends => Ok(()),
        TieKind::Request if friend_requests::find_between(tx, pair).await?.is_some() => Ok(()),
        TieKind::Request => {
            let row = tables::friend_requests::Model {
                id,
                low_id: pair.low.0,
                high_id: pair.high.0,
                sender_id: from.0,
                receiver_id: to.0,
                created_at: at.millis(),
            };
            friend_requests::insert(tx, row).await
        }
    }
}
