//! The eye of a person: a socket at one node after the other, and a timeline of each room by the rule of docs/realtime.md.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use charla_client::{Door, Gap, Incoming, Outcome, Result, RoomTimeline, Socket};
use charla_protocol::{
    RoomId,
    events::{Event, Hello, ServerFrame},
    messages::{Changes, Message},
};
use charla_testing::history::{Answer, Call, View, What};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{Hand, Person, Phase, World, talk};

/// For the handshake, and for `hello`.
const OPEN_WITHIN: Duration = Duration::from_secs(5);
/// Messages a page.
const PAGE: u32 = 100;
/// Actions on their way from the hands.
const ASKS: usize = 64;

pub(crate) struct Eye {
    person: Arc<Person>,
    world: Arc<World>,
    asks: mpsc::Receiver<talk::Ask>,
    random: StdRng,
    node: usize,
    /// By `client_id`.
    pending: HashMap<String, oneshot::Sender<Answer>>,
    fetches: JoinSet<Fetched>,
    /// Rooms of which a page is on its way.
    under_way: HashSet<RoomId>,
}

struct Fetched {
    room: RoomId,
    asked: usize,
    gap: Gap,
    page: Result<Changes>,
}

impl Eye {
    /// An eye, and so many hands that share its socket.
    pub(crate) fn with_hands(person: Arc<Person>, world: Arc<World>, hands: usize) -> (Self, Vec<Hand>) {
        let (sender, asks) = mpsc::channel(ASKS);
        let hand = |number| Hand::new(number, Arc::clone(&person), Arc::clone(&world), sender.clone());
        let hands = (0..hands).map(hand).collect();
        let random = StdRng::seed_from_u64(world.seed ^ (person.number as u64 + 1));
        let (pending, fetches, under_way) = (HashMap::new(), JoinSet::new(), HashSet::new());
        (Self { person, world, asks, random, node: 0, pending, fetches, under_way }, hands)
    }

    /// Until the run is over.
    pub(crate) async fn watch(mut self) {
        let mut phase = self.world.phase.subscribe();
        while *phase.borrow() != Phase::Over {
            self.node = self.random.random_range(0..self.person.clients.len());
            if let Some(socket) = self.open().await {
                self.listen(socket, &mut phase).await;
            }
            for (_, answer) in self.pending.drain() {
                // Whoever asked may have stopped waiting.
                answer.send(Answer::Unknown("the socket broke".to_owned())).ok();
            }
            sleep(Duration::from_millis(self.random.random_range(20..300))).await;
        }
    }

    async fn open(&mut self) -> Option<Opened> {
        let client = &self.person.clients[self.node];
        match timeout(OPEN_WITHIN, client.socket(self.person.door)).await.ok()? {
            Ok(mut socket) => {
                let hello = timeout(OPEN_WITHIN, socket.hello()).await.ok()?.ok()?;
                Some(Opened { socket, hello })
            }
            Err(error) if error.status() == Some(401) => {
                // Tried again with the next socket where this fails.
                self.person.sign_in(self.node).await.ok();
                None
            }
            Err(_) => None,
        }
    }

    /// Until the socket breaks.
    async fn listen(&mut self, Opened { mut socket, hello }: Opened, phase: &mut watch::Receiver<Phase>) {
        self.greet(&hello);
        let patience = Duration::from_secs(hello.heartbeat_s * 2 + 5);
        loop {
            let silent = Instant::from_std(socket.last_heard()) + patience;
            tokio::select! {
                came = socket.next() => match came {
                    Ok(Incoming::Frame(frame)) => self.take(frame),
                    Ok(Incoming::Unknown { kind, reason }) => self.fail(format!("{kind} can't be read: {reason}")),
                    Ok(Incoming::Closed { .. }) | Err(_) => return,
                },
                Some(ask) = self.asks.recv() => {
                    if !self.ask(&mut socket, ask).await {
                        return;
                    }
                }
                Some(Ok(fetched)) = self.fetches.join_next() => self.take_page(fetched),
                () = tokio::time::sleep_until(silent) => {
                    if Instant::from_std(socket.last_heard()) + patience <= Instant::now() {
                        return;
                    }
                }
                changed = phase.changed() => {
                    if changed.is_err() || *phase.borrow() == Phase::Over {
                        return;
                    }
                }
            }
        }
    }

    fn greet(&mut self, hello: &Hello) {
        let rooms: Vec<(RoomId, i64)> = hello.rooms.iter().map(|room| (room.id, room.revision)).collect();
        self.world.record.add(self.person.number, What::Opened { node: self.node, rooms: rooms.clone() });
        if self.person.door == Door::All {
            self.person.rooms.lock().retain(|id, _| rooms.iter().any(|(room, _)| room == id));
        }
        for (room, revision) in rooms {
            let gap = self.person.rooms.lock().entry(room).or_default().hello(revision);
            self.fetch(room, gap, Duration::ZERO);
        }
    }

    async fn ask(&mut self, socket: &mut Socket, ask: talk::Ask) -> bool {
        if ask.answer.is_closed() {
            // It waited for a socket for too long, and counts as unknown.
            return true;
        }
        let name = ask.frame.client_id.clone().unwrap_or_default();
        self.pending.insert(name, ask.answer);
        timeout(OPEN_WITHIN, socket.send(&ask.frame)).await.is_ok_and(|sent| sent.is_ok())
    }

    fn take(&mut self, frame: ServerFrame) {
        match frame.event {
            Event::Message(message) | Event::MessageEdited(message) | Event::MessageDeleted(message) => {
                self.show(*message);
            }
            Event::Reaction(reacted) => self.show(reacted.message),
            Event::Ack(ack) => {
                let answer = Answer::Acknowledged { id: ack.id, revision: ack.revision };
                self.answer(Some(ack.client_id), answer);
            }
            Event::Error(error) => {
                let answer = talk::refusal(&error);
                self.answer(error.client_id, answer);
            }
            Event::RoomAdded(room) => {
                let gap = self.person.rooms.lock().entry(room.id).or_default().hello(room.revision);
                self.fetch(room.id, gap, Duration::ZERO);
            }
            Event::RoomRemoved(room) => drop(self.person.rooms.lock().remove(&room.id)),
            Event::Resync(_) => {
                let rooms: Vec<RoomId> = self.person.rooms.lock().keys().copied().collect();
                for room in rooms.into_iter().filter(|room| frame.room_id.is_none_or(|of| of == *room)) {
                    let gap = self.person.rooms.lock().entry(room).or_default().resync();
                    self.fetch(room, Some(gap), Duration::ZERO);
                }
            }
            _ => {}
        }
    }

    fn show(&mut self, message: Message) {
        let room = message.room;
        self.world.record.add(self.person.number, What::Event(View::from(&message)));
        let outcome = self.person.rooms.lock().entry(room).or_default().apply(message);
        if let Outcome::Gap(gap) = outcome {
            self.fetch(room, Some(gap), Duration::ZERO);
        }
    }

    fn answer(&mut self, name: Option<String>, answer: Answer) {
        if let Some(sender) = name.and_then(|name| self.pending.remove(&name)) {
            // Whoever asked may have stopped waiting.
            sender.send(answer).ok();
        }
    }

    /// Asks for what a room lacks; one page a room at a time.
    fn fetch(&mut self, room: RoomId, gap: Option<Gap>, pause: Duration) {
        let Some(gap) = gap.filter(|_| !self.under_way.contains(&room)) else { return };
        self.under_way.insert(room);
        let (person, world) = (Arc::clone(&self.person), Arc::clone(&self.world));
        let node = self.random.random_range(0..person.clients.len());
        self.fetches.spawn(async move {
            sleep(pause).await;
            let asked = world.record.ask(person.number, Call::Look);
            let page = person.clients[node].room_changes(room, gap.since, Some(PAGE)).await;
            Fetched { room, asked, gap, page }
        });
    }

    fn take_page(&mut self, Fetched { room, asked, gap, page }: Fetched) {
        self.under_way.remove(&room);
        let mut pause = Duration::from_millis(100);
        if let Ok(page) = &page {
            let messages = page.results.iter().map(View::from).collect();
            let revision = page.next.is_none().then_some(page.revision);
            self.world.record.add(self.person.number, What::Page { asked, room, revision, messages });
            if let Some(timeline) = self.person.rooms.lock().get_mut(&room) {
                timeline.apply_changes(gap, page);
            }
            pause = Duration::ZERO;
        } else if page.is_err_and(|error| error.status() == Some(404)) {
            // Whoever is taken in again is told.
            drop(self.person.rooms.lock().remove(&room));
        }
        let gap = self.person.rooms.lock().get(&room).and_then(RoomTimeline::gap);
        self.fetch(room, gap, pause);
    }

    fn fail(&self, what: String) {
        self.world.record.failed(self.person.number, what);
    }
}

struct Opened {
    socket: Socket,
    hello: Hello,
}
