//! Who takes a guest into a room and removes them again, while the others write there.

use std::{sync::Arc, time::Duration};

use charla_protocol::{RoomId, UserId};
use charla_testing::history::{Answer, Call};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::time::{Instant, sleep};

use super::{Person, Phase, World, talk};

/// Once all is mended, the guest is taken in within this.
const ADMITTED_WITHIN: Duration = Duration::from_secs(45);

/// Before the last word.
const LAST_PAUSE: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(crate) struct Doorkeeper {
    pub(crate) owner: Arc<Person>,
    pub(crate) world: Arc<World>,
    /// One of several.
    pub(crate) number: usize,
    pub(crate) room: RoomId,
    pub(crate) guest: UserId,
}

impl Doorkeeper {
    /// Until nobody writes any more; then the guest is in.
    pub(crate) async fn keep(self) {
        let mut random = StdRng::seed_from_u64(self.world.seed.rotate_left(17) ^ self.number as u64);
        let mut is_in = false;
        while *self.world.phase.borrow() == Phase::Writing {
            let answer = self.admit(is_in, random.random_range(0..self.owner.clients.len())).await;
            // Until it is known what became of it, nothing else is asked.
            is_in ^= !matches!(answer, Answer::Unknown(_));
            sleep(Duration::from_millis(random.random_range(200..1_500))).await;
        }
        // What was held up on its way has arrived by then.
        sleep(LAST_PAUSE).await;
        let begin = Instant::now();
        for node in (0..self.owner.clients.len()).cycle() {
            match self.admit(true, node).await {
                Answer::Acknowledged { .. } => return,
                answer if begin.elapsed() > ADMITTED_WITHIN => {
                    let what = format!("the guest is not taken in after all was mended: {answer:?}");
                    return self.world.record.failed(self.owner.number, what);
                }
                _ => sleep(Duration::from_millis(100)).await,
            }
        }
    }

    async fn admit(&self, is_in: bool, node: usize) -> Answer {
        let call = Call::Admit { room: self.room, user: self.guest, is_in };
        talk::by_rest(&self.world, &self.owner, node, &call).await
    }
}
