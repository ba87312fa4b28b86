//! How far members have read what is being brought.

use std::collections::BTreeMap;

use charla_db::{queries::imports::Cursor, tables::messages};
use charla_protocol::UserId;

use super::{batch::Reads, rooms::Target};

/// Cursors where they end, and the steps that led there: by seq, with the time.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) cursors: BTreeMap<UserId, Cursor>,
    pub(super) steps: BTreeMap<(UserId, i64), i64>,
}

impl Reading {
    /// `rows` are messages of the room in their order, `reads` who has read each of them. Where nobody knows when, it was when it was
    /// said.
    pub(super) fn of(target: &Target, rows: &[messages::Model], reads: &[Reads]) -> Self {
        let mut reading = Self::default();
        for (row, reads) in rows.iter().zip(reads) {
            for (user, at) in reads.iter().filter(|(user, _)| user.0 != row.sender_id) {
                reading.step(*user, row, at.unwrap_or(row.created_at), at.is_some());
            }
        }
        for (user, until) in &target.read_until {
            if let Some(row) = rows.iter().rev().find(|row| row.created_at <= *until) {
                reading.step(*user, row, *until, false);
            }
        }
        for (user, cursor) in &reading.cursors {
            reading.steps.entry((*user, cursor.seq)).or_insert(cursor.read_at);
        }
        reading
    }

    /// A step of its own is kept where its time is known of that very message.
    fn step(&mut self, user: UserId, row: &messages::Model, read_at: i64, is_exact: bool) {
        if is_exact {
            self.steps.insert((user, row.seq), read_at);
        }
        let cursor = Cursor { seq: row.seq, message: row.id, read_at };
        let last = self.cursors.entry(user).or_insert(cursor);
        if row.seq > last.seq {
            *last = cursor;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use uuid::Uuid;

    use super::*;

    const ANA: UserId = UserId(Uuid::from_u128(1));
    const BOB: UserId = UserId(Uuid::from_u128(2));

    fn target(read_until: Vec<(UserId, i64)>) -> Target {
        Target {
            id: Uuid::nil(),
            names: HashMap::new(),
            read_until,
            members: BTreeSet::from([ANA, BOB]),
            knows_reads: true,
        }
    }

    /// Ana's messages, said each at ten times its seq.
    fn rows(count: i64) -> Vec<messages::Model> {
        let row = |seq: i64| messages::Model {
            id: Uuid::from_u128(100 + seq.unsigned_abs() as u128),
            room_id: Uuid::nil(),
            seq,
            revision: seq,
            sender_id: ANA.0,
            message_type: "text".to_owned(),
            content: "x".to_owned(),
            content_html: "x".to_owned(),
            system: None,
            reply_to_id: None,
            client_id: None,
            created_at: 10 * seq,
            edited_at: None,
            deleted_at: None,
        };
        (1..=count).map(row).collect()
    }

    fn cursor(reading: &Reading, user: UserId) -> Option<(i64, i64)> {
        reading.cursors.get(&user).map(|cursor| (cursor.seq, cursor.read_at))
    }

    #[test]
    fn each_known_time_is_a_step() {
        let reads = vec![vec![(BOB, Some(15)), (ANA, Some(11))], vec![(BOB, Some(25))], vec![]];
        let reading = Reading::of(&target(Vec::new()), &rows(3), &reads);
        assert_eq!(cursor(&reading, BOB), Some((2, 25)));
        assert_eq!(cursor(&reading, ANA), None, "who writes it has not read it");
        assert_eq!(reading.steps, BTreeMap::from([((BOB, 1), 15), ((BOB, 2), 25)]));
    }

    #[test]
    fn without_times_there_is_one_step() {
        let reads = vec![vec![(BOB, None)], vec![(BOB, None)], vec![]];
        let reading = Reading::of(&target(Vec::new()), &rows(3), &reads);
        assert_eq!(cursor(&reading, BOB), Some((2, 20)));
        assert_eq!(reading.steps, BTreeMap::from([((BOB, 2), 20)]));
    }

    #[test]
    fn a_time_up_to_which_all_is_read_ends_at_the_last_message_before_it() {
        let reads = vec![vec![]; 3];
        let reading = Reading::of(&target(vec![(BOB, 29), (ANA, 5)]), &rows(3), &reads);
        assert_eq!(cursor(&reading, BOB), Some((2, 29)));
        assert_eq!(cursor(&reading, ANA), None);
    }
}
