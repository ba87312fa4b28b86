//! One hand of a person: writes, edits, deletes, reacts and reads, one thing after the other.

use std::{sync::Arc, time::Duration};

use charla_protocol::{MessageId, RoomId};
use charla_testing::history::{Answer, Brought, Call};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep},
};

use super::{Person, Phase, World, talk};

/// Once all is mended, everybody can write within this.
const WRITES_AGAIN_WITHIN: Duration = Duration::from_secs(45);
/// Of a room, so many messages count as recent.
const RECENT: usize = 30;
const EMOJI: [&str; 3] = ["👍", "🎉", "😀"];
/// Of a file.
const LINES: usize = 20;
/// How often something without an answer is tried.
const ATTEMPTS: u32 = 6;

#[derive(Debug)]
pub(crate) struct Hand {
    number: usize,
    person: Arc<Person>,
    world: Arc<World>,
    socket: mpsc::Sender<talk::Ask>,
    phase: watch::Receiver<Phase>,
    random: StdRng,
    /// Its own messages that it may still change.
    mine: Vec<(RoomId, MessageId)>,
    sent: usize,
}

impl Hand {
    pub(super) fn new(
        number: usize,
        person: Arc<Person>,
        world: Arc<World>,
        socket: mpsc::Sender<talk::Ask>,
    ) -> Self {
        let random = StdRng::seed_from_u64(
            world.seed ^ ((person.number as u64 + 1) << 32) ^ ((number as u64 + 1) << 48),
        );
        let phase = world.phase.subscribe();
        Self { number, person, world, socket, phase, random, mine: Vec::new(), sent: 0 }
    }

    pub(crate) async fn write(mut self) {
        while *self.phase.borrow() == Phase::Writing {
            let (kind, at, by) =
                (self.random.random_range(0..100), self.random.random(), self.random.random());
            let pause = Duration::from_millis(self.random.random_range(20..160));
            self.act(kind, at, by).await;
            sleep(pause).await;
        }
        self.write_once_more().await;
    }

    async fn act(&mut self, kind: u32, at: u32, by: u32) {
        let room = pick(&self.world.rooms_of(&self.person), at);
        match kind {
            0..50 => self.send(room, by, Vec::new()).await,
            50..56 => {
                let node = index(self.person.clients.len(), by / 2);
                let text = format!("{} brings this. ", self.text()).repeat(LINES);
                let Some(file) = talk::upload(&self.world, &self.person, node, text).await else { return };
                self.send(room, by, vec![file]).await;
            }
            56..66 => {
                let Some((room, message)) = choose(&self.mine, by) else { return };
                self.sent += 1;
                let content = format!("{}, and better", self.text());
                self.insist(Call::Edit { room, message, content }, by).await;
            }
            66..75 if !self.mine.is_empty() => {
                let (room, message) = self.mine.swap_remove(index(self.mine.len(), by));
                self.insist(Call::Delete { room, message }, by).await;
            }
            75..89 => {
                let Some((message, _)) = self.recent(room, by) else { return };
                let (emoji, added) = (pick(&EMOJI, at).to_owned(), !by.is_multiple_of(3));
                self.insist(Call::React { room, message, emoji, added }, by).await;
            }
            _ => {
                let Some((message, seq)) = self.recent(room, by) else { return };
                self.insist(Call::Read { room, message, seq }, by).await;
            }
        }
    }

    async fn send(&mut self, room: RoomId, by: u32, files: Vec<Brought>) {
        let call = self.next_send(room, files);
        if let Some((message, seq)) = self.insist(call, by).await {
            self.mine.push((room, message));
            let mut recent = self.world.recent.lock();
            let recent = recent.entry(room).or_default();
            recent.push((message, seq));
            let old = recent.len().saturating_sub(RECENT);
            recent.drain(..old);
        }
    }

    fn next_send(&mut self, room: RoomId, files: Vec<Brought>) -> Call {
        self.sent += 1;
        let bytes = self.random.random();
        let client_id = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
        Call::Send { room, client_id, content: self.text(), files }
    }

    fn text(&self) -> String {
        format!("{}.{} says {}", self.person.number, self.number, self.sent)
    }

    /// Tries until there is an answer; sometimes gives up before. The message and its number, where it was done.
    async fn insist(&mut self, call: Call, by: u32) -> Option<(MessageId, i64)> {
        let attempts = if by.is_multiple_of(4) { 1 } else { ATTEMPTS };
        for attempt in 0..attempts {
            match self.attempt(&call, by.wrapping_add(attempt)).await {
                Answer::Acknowledged { id, revision } => return id.zip(revision),
                Answer::Refused(_) => return None,
                Answer::Unknown(_) => sleep(Duration::from_millis(u64::from(50 + 100 * attempt))).await,
            }
        }
        None
    }

    async fn attempt(&mut self, call: &Call, by: u32) -> Answer {
        if by.is_multiple_of(2) {
            let node = index(self.person.clients.len(), by / 2);
            return talk::by_rest(&self.world, &self.person, node, call).await;
        }
        let name = match call {
            Call::Send { client_id, .. } => client_id.clone(),
            _ => uuid::Builder::from_random_bytes(self.random.random()).into_uuid().to_string(),
        };
        talk::by_socket(&self.world, &self.person, &self.socket, call, name).await
    }

    /// By each door, in each room.
    async fn write_once_more(&mut self) {
        for (number, room) in self.world.rooms_of(&self.person).into_iter().enumerate() {
            let call = self.next_send(room, Vec::new());
            let begin = Instant::now();
            let mut by = u32::try_from(number + self.number).unwrap_or_default();
            loop {
                match self.attempt(&call, by).await {
                    Answer::Acknowledged { .. } => break,
                    answer if begin.elapsed() > WRITES_AGAIN_WITHIN => {
                        let what = format!(
                            "{call:?} has no answer {:?} after all was mended: {answer:?}",
                            begin.elapsed()
                        );
                        return self.world.record.failed(self.person.number, what);
                    }
                    _ => sleep(Duration::from_millis(100)).await,
                }
                by = by.wrapping_add(2);
            }
        }
    }

    fn recent(&self, room: RoomId, by: u32) -> Option<(MessageId, i64)> {
        self.world.recent.lock().get(&room).and_then(|recent| choose(recent, by))
    }
}

fn index(length: usize, by: u32) -> usize {
    by as usize % length
}

fn pick<T: Copy>(of: &[T], by: u32) -> T {
    of[index(of.len(), by)]
}

fn choose<T: Copy>(of: &[T], by: u32) -> Option<T> {
    (!of.is_empty()).then(|| pick(of, by))
}
