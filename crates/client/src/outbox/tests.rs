use charla_protocol::RoomId;
use rand::{SeedableRng, rngs::StdRng};
use uuid::Uuid;

use super::*;

const WITHIN: Duration = Duration::from_secs(5);

struct World {
    outbox: Outbox<u32>,
    now: Instant,
    random: StdRng,
}

impl World {
    fn new() -> Self {
        let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(8) };
        Self { outbox: Outbox::new(backoff, WITHIN), now: Instant::now(), random: StdRng::seed_from_u64(1) }
    }

    fn push(&mut self, room: u128, ticket: u32) {
        let message = SendMessage {
            room: RoomId(Uuid::from_u128(room)),
            content: format!("text {ticket}"),
            message_type: charla_protocol::messages::MessageType::Text,
            reply_to_id: None,
            attachment_ids: Vec::new(),
            client_id: None,
        };
        self.outbox.push(ticket.to_string(), message, ticket, self.now);
    }

    fn due(&mut self) -> Vec<String> {
        self.outbox.take_due(self.now).into_iter().filter_map(|message| message.client_id).collect()
    }

    fn fail(&mut self, client_id: &str, status: u16, retry_after: Option<&str>) -> Option<u32> {
        let error = Error::from_answer(status, retry_after, b"");
        self.outbox.failed(client_id, &error, self.now, &mut self.random)
    }
}

#[test]
fn one_send_a_room_is_on_its_way_and_the_next_follows_its_ack() {
    let mut world = World::new();
    world.push(1, 10);
    world.push(1, 11);
    world.push(2, 20);
    assert_eq!(world.due(), ["10", "20"]);
    assert!(world.due().is_empty());
    assert_eq!(world.outbox.acked("10"), Some(10));
    assert_eq!(world.due(), ["11"]);
    assert_eq!(world.outbox.acked("10"), None, "a second answer is old news");
}

#[test]
fn no_answer_means_again_under_the_same_name() {
    let mut world = World::new();
    world.push(1, 10);
    assert_eq!(world.due(), ["10"]);
    assert_eq!(world.outbox.next_due(), Some(world.now + WITHIN));
    world.now += WITHIN;
    assert_eq!(world.due(), ["10"]);
    world.outbox.disconnected(world.now);
    assert_eq!(world.due(), ["10"]);
    assert_eq!(world.outbox.acked("10"), Some(10));
    assert_eq!(world.outbox.next_due(), None);
}

#[test]
fn a_final_refusal_ends_it_and_any_other_waits_as_long_as_the_server_asks() {
    let mut world = World::new();
    world.push(1, 10);
    world.push(1, 11);
    assert_eq!(world.due(), ["10"]);
    assert_eq!(world.fail("10", 429, Some("7")), None);
    world.now += Duration::from_millis(6_999);
    assert!(world.due().is_empty(), "the second must not overtake");
    world.now += Duration::from_millis(1);
    assert_eq!(world.due(), ["10"]);
    assert_eq!(world.fail("10", 503, None), None);
    world.now += Duration::from_secs(2);
    assert_eq!(world.due(), ["10"]);
    assert_eq!(world.fail("10", 403, None), Some(10));
    assert_eq!(world.due(), ["11"]);
}
