//! A client that repeats and comes back by its own rules ([`LiveClient`]), of one node: it writes, and shows.

use std::{sync::Arc, time::Duration};

use charla_client::{Backoff, LiveClient, LiveOptions};
use charla_protocol::RoomId;
use charla_testing::history::{Answer, Call, View, What};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::time::{sleep, timeout};

use super::{Person, Phase, World};

/// A fault lasts a minute at most, and the client knocks every two seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(50), longest: Duration::from_secs(2) };

#[derive(Clone, Debug)]
pub(crate) struct Steady {
    person: Arc<Person>,
    world: Arc<World>,
    live: LiveClient,
}

impl Steady {
    pub(crate) fn start(person: Arc<Person>, world: Arc<World>, node: usize) -> Self {
        // However much was missed, all of it is to be read.
        let options = LiveOptions {
            seed: Some(world.seed),
            too_far: i64::MAX,
            backoff: BACKOFF,
            ..LiveOptions::default()
        };
        let live = LiveClient::start(person.clients[node].clone(), options);
        Self { person, world, live }
    }

    /// Until nobody writes any more.
    pub(crate) async fn write(self) {
        let mut random = StdRng::seed_from_u64(!self.world.seed);
        for number in 0.. {
            if *self.world.phase.borrow() != Phase::Writing {
                return;
            }
            let rooms = self.world.rooms_of(&self.person);
            let room = rooms[random.random_range(0..rooms.len())];
            self.send(room, format!("steady says {number}")).await;
            sleep(Duration::from_millis(random.random_range(50..300))).await;
        }
    }

    async fn send(&self, room: RoomId, content: String) {
        let receipt = self.live.room(room).send(content.clone());
        let call = Call::Send { room, client_id: receipt.client_id().to_owned(), content, files: Vec::new() };
        let asked = self.world.record.ask(self.person.number, call);
        let answer = match timeout(ANSWER_WITHIN, receipt).await {
            Ok(Ok(sent)) => Answer::Acknowledged { id: Some(sent.id), revision: sent.revision },
            Ok(Err(error)) => Answer::Unknown(error.to_string()),
            Err(_) => Answer::Unknown("no answer in time".to_owned()),
        };
        self.world.record.answer(self.person.number, asked, answer);
    }

    pub(crate) fn account(&self) -> usize {
        self.person.account
    }

    /// Waits until it shows the room at this revision, and notes what it shows.
    pub(crate) async fn show(&self, room: RoomId, truth: i64, within: Duration) {
        let is_there = |shown: &charla_client::Snapshot| shown.is_current && shown.revision >= truth;
        match self.live.room(room).wait_until(is_there, within).await {
            Ok(shown) => {
                let messages = shown.messages.iter().map(|message| View::from(&**message)).collect();
                let what = What::Shown { room, revision: shown.revision, messages };
                self.world.record.add(self.person.number, what);
            }
            Err(error) => {
                self.world.record.failed(self.person.number, format!("steady client of {room}: {error}"))
            }
        }
    }
}
