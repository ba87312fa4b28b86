//! Somebody whose sessions come and go: each is ended from elsewhere, and has to be shown nothing from then on.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use charla_client::{Client, Door, Incoming, Socket};
use charla_protocol::{
    RoomId, SessionId,
    actions::{Action, ClientFrame},
    auth::ChangePassword,
    events::Event,
};
use charla_testing::{
    PASSWORD,
    history::{Answer, Call, View, What},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{ANSWER_WITHIN, Person, Phase, World, talk};

const PASSWORDS: [&str; 2] = [PASSWORD, "another one that nobody guesses"];
/// How often it is tried to end a session.
const ATTEMPTS: u32 = 6;
/// From the mending of everything until no socket lives whose session has ended: each is looked at in rotation, within 10 s.
const CUT_WITHIN: Duration = Duration::from_secs(15);
/// For a socket that lives to show it.
const PONG_WITHIN: Duration = Duration::from_secs(3);
/// For a socket to be cut when all is well; far more than is promised.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Visitor {
    person: Arc<Person>,
    world: Arc<World>,
    /// One that they are in.
    room: RoomId,
    random: StdRng,
    /// Which of the passwords it is, as far as is known.
    password: usize,
    /// Sockets whose sessions have ended.
    left: Vec<Ear>,
}

/// A session with a socket.
struct Stay {
    client: Client,
    /// As a client of the history.
    number: usize,
    session: SessionId,
    ear: Ear,
}

/// Who listens on a socket.
#[derive(Debug)]
struct Ear {
    node: usize,
    prove: Option<oneshot::Sender<()>>,
    /// Whether the socket still lived in the end.
    listening: JoinHandle<bool>,
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Visitor {
    pub(crate) fn new(person: Arc<Person>, world: Arc<World>, room: RoomId) -> Self {
        let random = StdRng::seed_from_u64(world.seed.rotate_left(29));
        Self { person, world, room, random, password: 0, left: Vec::new() }
    }

    /// Until nobody writes any more; then they are gone.
    pub(crate) async fn come_and_go(mut self) -> Self {
        while *self.world.phase.borrow() == Phase::Writing {
            let (node, by) = (self.some_node(), self.some_node());
            if let Ok(stay) = self.come(node).await {
                self.pause(200..1_000).await;
                self.end(stay, by).await;
            }
            self.pause(100..600).await;
        }
        // Without a word, as most are.
        let node = self.some_node();
        drop(self.come(node).await);
        self
    }

    /// Whether any socket lives, some time after all was mended, whose session has ended.
    pub(crate) async fn are_cut(&mut self, mended: Instant) {
        sleep_until(mended + CUT_WITHIN).await;
        for mut ear in std::mem::take(&mut self.left) {
            // One that has ended asks for nothing any more.
            ear.prove.take().map(|prove| prove.send(()));
            if (&mut ear.listening).await.unwrap_or_default() {
                self.world.record.add(self.person.number, What::Cut { node: ear.node, took_ms: None });
            }
        }
    }

    /// On each node, when all is well: how soon a socket is cut whose session is ended on another one.
    pub(crate) async fn is_cut(&mut self) -> Result<()> {
        let nodes = self.person.clients.len();
        for node in 0..nodes {
            let mut stay = self.come(node).await.context("no socket")?;
            ensure!(self.end_session(&stay, (node + 1) % nodes, false).await, "a session can't be ended");
            let begin = Instant::now();
            let ended = timeout(PATIENCE, &mut stay.ear.listening).await;
            let took_ms = ended.is_ok().then(|| u64::try_from(begin.elapsed().as_millis())).transpose()?;
            self.world.record.add(self.person.number, What::Cut { node, took_ms });
        }
        Ok(())
    }

    pub(crate) fn person(&self) -> &Arc<Person> {
        &self.person
    }

    /// Signed in, where they may not be any more.
    pub(crate) async fn sign_in(&mut self, client: &Client) -> Result<()> {
        for password in [self.password, 1 - self.password] {
            match client.login(&self.person.username, PASSWORDS[password]).await {
                Ok(_) => {
                    self.password = password;
                    return Ok(());
                }
                Err(error) if error.status() == Some(401) => {}
                Err(error) => return Err(error.into()),
            }
        }
        bail!("neither password is right")
    }

    async fn come(&mut self, node: usize) -> Result<Stay> {
        let client = self.person.client(node, ANSWER_WITHIN)?;
        self.sign_in(&client).await?;
        let sessions = client.sessions().await?.results;
        let session = sessions.iter().find(|session| session.is_current).context("no session")?.id;
        let mut socket = timeout(ANSWER_WITHIN, client.socket(Door::All)).await??;
        let hello = timeout(ANSWER_WITHIN, socket.hello()).await??;
        let number = self.world.record.join(self.person.id);
        let rooms = hello.rooms.iter().map(|room| (room.id, room.revision)).collect();
        self.world.record.add(number, What::Opened { node, rooms });
        let (prove, is_asked) = oneshot::channel();
        let listening = tokio::spawn(listen(socket, number, Arc::clone(&self.world), is_asked));
        Ok(Stay { client, number, session, ear: Ear { node, prove: Some(prove), listening } })
    }

    async fn end(&mut self, stay: Stay, by: usize) {
        let with_all = self.random.random_range(0..3) == 0;
        if self.end_session(&stay, by, with_all).await {
            self.try_again(&stay).await;
            self.left.push(stay.ear);
        }
    }

    /// Ends it from that node, or another where that gives no answer; by another password, which ends all sessions but one, where
    /// that is wanted. True where it has ended for sure.
    async fn end_session(&mut self, stay: &Stay, by: usize, with_all: bool) -> bool {
        for attempt in 0..ATTEMPTS {
            let node = (by + attempt as usize) % self.person.clients.len();
            let asked = self.world.record.ask(self.person.number, Call::SignOut { client: stay.number });
            let answer = match with_all {
                true => self.change_password(node).await,
                false => self.person.clients[node].end_session(stay.session).await,
            };
            let answer = match answer {
                // An attempt before this one has ended it.
                Err(error) if error.status() == Some(404) => {
                    Answer::Acknowledged { id: None, revision: None }
                }
                Ok(()) => Answer::Acknowledged { id: None, revision: None },
                Err(error) => talk::outcome(&error),
            };
            self.world.record.answer(self.person.number, asked, answer.clone());
            match answer {
                Answer::Acknowledged { .. } => return true,
                Answer::Refused(_) => {
                    let client = self.person.clients[node].clone();
                    // Tried again with the next attempt.
                    self.sign_in(&client).await.ok();
                }
                Answer::Unknown(_) => sleep(Duration::from_millis(100)).await,
            }
        }
        false
    }

    async fn change_password(&mut self, node: usize) -> charla_client::Result<()> {
        let [old_password, new_password] =
            [self.password, 1 - self.password].map(|at| PASSWORDS[at].to_owned());
        let change = ChangePassword { old_password, new_password };
        self.person.clients[node].change_password(&change).await?;
        self.password = 1 - self.password;
        Ok(())
    }

    /// What a session that has ended is answered is noted: it is to be nothing.
    async fn try_again(&self, stay: &Stay) {
        let asked = self.world.record.ask(stay.number, Call::Look);
        if stay.client.room_changes(self.room, 0, Some(1)).await.is_ok() {
            let what = What::Page { asked, room: self.room, revision: None, messages: Vec::new() };
            self.world.record.add(stay.number, what);
        }
        let greeted = async {
            let mut socket = stay.client.socket(Door::All).await?;
            socket.hello().await
        };
        if let Ok(Ok(_)) = timeout(ANSWER_WITHIN, greeted).await {
            self.world.record.add(stay.number, What::Opened { node: stay.ear.node, rooms: Vec::new() });
        }
    }

    fn some_node(&mut self) -> usize {
        self.random.random_range(0..self.person.clients.len())
    }

    async fn pause(&mut self, millis: std::ops::Range<u64>) {
        sleep(Duration::from_millis(self.random.random_range(millis))).await;
    }
}

/// Notes what is shown until the socket ends, or is asked to prove that it lives. Whether it did.
async fn listen(
    mut socket: Socket,
    number: usize,
    world: Arc<World>,
    mut is_asked: oneshot::Receiver<()>,
) -> bool {
    loop {
        tokio::select! {
            biased;
            Ok(()) = &mut is_asked => return lives(&mut socket).await,
            came = socket.next() => match came {
                Ok(Incoming::Frame(frame)) => note(&world, number, frame.event),
                Ok(Incoming::Unknown { .. }) => {}
                Ok(Incoming::Closed { .. }) | Err(_) => return false,
            },
        }
    }
}

fn note(world: &World, number: usize, event: Event) {
    let message = match event {
        Event::Message(message) | Event::MessageEdited(message) | Event::MessageDeleted(message) => *message,
        Event::Reaction(reacted) => reacted.message,
        _ => return,
    };
    world.record.add(number, What::Event(View::from(&message)));
}

async fn lives(socket: &mut Socket) -> bool {
    let ping = ClientFrame { room_id: None, client_id: None, action: Action::Ping };
    let answered = async {
        socket.send(&ping).await.ok()?;
        loop {
            match socket.next().await.ok()? {
                Incoming::Frame(frame) if matches!(frame.event, Event::Pong(_)) => return Some(()),
                Incoming::Closed { .. } => return None,
                _ => {}
            }
        }
    };
    timeout(PONG_WITHIN, answered).await.is_ok_and(|pong| pong.is_some())
}
