//! How far everybody has read: cursors, and the steps they took.

use charla_db::tables::{messages, read_steps, room_members};
use rand::Rng;

const MINUTE: i64 = 60 * 1000;

/// Lets the members of a room read it, each in their own way, up to `now`: whoever writes has read what came before, some look
/// in between, and about half of them have seen the end. Sets their cursors, and gives the steps.
pub(super) fn read(
    members: &mut [room_members::Model],
    messages: &[messages::Model],
    now: i64,
    random: &mut impl Rng,
) -> Vec<read_steps::Model> {
    members.iter_mut().flat_map(|member| read_one(member, messages, now, random)).collect()
}

fn read_one(
    member: &mut room_members::Model,
    messages: &[messages::Model],
    now: i64,
    random: &mut impl Rng,
) -> Vec<read_steps::Model> {
    let mut steps: Vec<read_steps::Model> = Vec::new();
    for at in visits(member, messages, now, random) {
        let seen = messages.partition_point(|message| message.created_at <= at);
        let Some(message) = seen.checked_sub(1).and_then(|index| messages.get(index)) else { continue };
        if message.seq <= member.last_read_seq {
            continue;
        }
        member.last_read_seq = message.seq;
        member.last_read_message_id = Some(message.id);
        member.last_read_at = Some(at);
        steps.push(read_steps::Model {
            room_id: member.room_id,
            user_id: member.user_id,
            seq: message.seq,
            read_at: at,
        });
    }
    steps
}

/// When a member looks into the room, in order.
fn visits(
    member: &room_members::Model,
    messages: &[messages::Model],
    now: i64,
    random: &mut impl Rng,
) -> Vec<i64> {
    let caught_up = caught_up(messages.len(), random);
    let wrote_last = messages.iter().rev().find(|message| message.sender_id == member.user_id);
    let stop = match (messages.get(caught_up), messages.last()) {
        (Some(unread), _) => unread.created_at - 1,
        (None, Some(last)) => random.random_range(last.created_at..=now.max(last.created_at)),
        (None, None) => now,
    };
    let stop = stop.max(wrote_last.map_or(0, |message| message.created_at - 1));
    let mut visits = vec![stop];
    for message in messages {
        if message.sender_id == member.user_id {
            visits.push(message.created_at - 1);
        } else if random.random_bool(0.12) {
            visits.push(message.created_at + random.random_range(0..40) * MINUTE);
        }
    }
    visits.retain(|at| *at <= stop && *at >= member.joined_at);
    visits.sort_unstable();
    visits
}

/// Up to how many of the messages somebody has read who does not write: a good half of people all of them.
fn caught_up(messages: usize, random: &mut impl Rng) -> usize {
    let behind = if random.random_bool(0.55) { 0 } else { random.random_range(1..40) };
    messages.saturating_sub(behind)
}
