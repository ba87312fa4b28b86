//! What comes by itself once all is mended: messages, the ends of sessions, who is there.

use std::{sync::Arc, time::Duration};

use anyhow::{Result, bail};
use charla_client::{Client, Door, Incoming, Socket};
use charla_protocol::{MessageId, RoomId, UserId, events::Event};
use charla_testing::history::{Answer, Call, View, What};
use futures_util::future::join_all;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use crate::person::{Person, World, by_rest};

/// For what is to be there in seconds; far more than is promised.
const PATIENCE: Duration = Duration::from_secs(10);
/// From the mending of everything until everybody knows who is there: the forty seconds after which the people of a dead node are
/// offline, and some for a busy machine.
const KNOWN_WITHIN: Duration = Duration::from_secs(45);
/// How often something is tried that is to go well.
const ATTEMPTS: u32 = 6;
/// Between two looks.
const BEAT: Duration = Duration::from_millis(500);

/// A socket on a node that has just been opened.
struct Ear {
    node: usize,
    /// As a client of the history.
    number: usize,
    socket: Socket,
}

/// On each node somebody writes, and on each somebody listens who has just come. Nodes that do not hear of each other are looked at
/// one by one.
pub(crate) async fn deliveries(
    people: &[Arc<Person>],
    world: &World,
    room: RoomId,
    is_parted: bool,
) -> Result<()> {
    let (reader, writer) = (&people[0], &people[1]);
    let mut ears = Vec::new();
    for node in 0..reader.clients.len() {
        ears.push(Ear::open(reader, node, world).await?);
    }
    for from in 0..writer.clients.len() {
        let message = send(writer, from, world, room).await?;
        let answered = Instant::now();
        let hearing = ears.iter_mut().filter(|ear| !is_parted || ear.node == from).map(async |ear| {
            let heard = timeout(PATIENCE, ear.hear(message, world)).await.is_ok_and(|heard| heard.is_some());
            (ear.number, ear.node, heard.then(|| answered.elapsed()))
        });
        for (number, node, took) in join_all(hearing).await {
            let took_ms = took.map(|took| took.as_millis().try_into()).transpose()?;
            world.record.add(number, What::Delivered { from, node, message, took_ms });
        }
    }
    Ok(())
}

/// What a node says of somebody.
struct Seen {
    node: usize,
    user: UserId,
    is_online: bool,
    is_there: bool,
}

/// What each node says of each of these people, all of whom have sockets, and of one who is gone. Waits until it is right, or should
/// have been.
pub(crate) async fn presence(
    people: &[Arc<Person>],
    gone: &Person,
    world: &World,
    mended: Instant,
) -> Result<()> {
    loop {
        let is_over = mended.elapsed() > KNOWN_WITHIN;
        match see(people, gone).await {
            Ok(seen) if is_over || seen.iter().all(|seen| seen.is_online == seen.is_there) => {
                for Seen { node, user, is_online, is_there } in seen {
                    world.record.add(0, What::Presence { node, user, is_online, is_there });
                }
                return Ok(());
            }
            Err(error) if is_over => return Err(error),
            // A connection from before the faults may yet turn out to be dead.
            _ => sleep(BEAT).await,
        }
    }
}

async fn see(people: &[Arc<Person>], gone: &Person) -> Result<Vec<Seen>> {
    let mut all = Vec::new();
    for node in 0..gone.clients.len() {
        for person in people {
            let client = signed_in(person, node).await?;
            let is_online = client.my_status().await?.is_online;
            all.push(Seen { node, user: person.id, is_online, is_there: true });
        }
        // Friends of hers, of whom one has gone.
        let statuses = people[0].clients[node].online_statuses().await?.results;
        all.extend(statuses.into_iter().map(|status| Seen {
            node,
            user: status.user.id,
            is_online: status.is_online,
            is_there: status.user.id != gone.id,
        }));
    }
    Ok(all)
}

/// The person's client of that node, where it may have to sign in again.
async fn signed_in(person: &Person, node: usize) -> Result<&Client> {
    let client = &person.clients[node];
    for _ in 0..ATTEMPTS {
        match client.my_status().await {
            Ok(_) => return Ok(client),
            // Tried again where this fails.
            Err(_) => drop(person.sign_in(node).await),
        }
    }
    bail!("node {node} lets nobody in")
}

/// Sends until there is an answer: a connection from before the faults may yet turn out to be dead.
async fn send(writer: &Person, from: usize, world: &World, room: RoomId) -> Result<MessageId> {
    let (client_id, content) = (Uuid::new_v4().to_string(), format!("is node {from} heard?"));
    let call = Call::Send { room, client_id, content, files: Vec::new() };
    for _ in 0..ATTEMPTS {
        match by_rest(world, writer, from, &call).await {
            Answer::Acknowledged { id: Some(id), .. } => return Ok(id),
            _ => sleep(BEAT).await,
        }
    }
    bail!("a message can't be sent to node {from}")
}

impl Ear {
    async fn open(reader: &Person, node: usize, world: &World) -> Result<Self> {
        let mut socket = signed_in(reader, node).await?.socket(Door::All).await?;
        let hello = socket.hello().await?;
        let number = world.record.join(reader.id);
        let rooms = hello.rooms.iter().map(|room| (room.id, room.revision)).collect();
        world.record.add(number, What::Opened { node, rooms });
        Ok(Self { node, number, socket })
    }

    /// Until this message comes; none where the socket ends before that.
    async fn hear(&mut self, message: MessageId, world: &World) -> Option<()> {
        loop {
            match self.socket.next().await.ok()? {
                Incoming::Frame(frame) => {
                    let Event::Message(came) = frame.event else { continue };
                    world.record.add(self.number, What::Event(View::from(&*came)));
                    if came.id == message {
                        return Some(());
                    }
                }
                Incoming::Unknown { .. } => {}
                Incoming::Closed { .. } => return None,
            }
        }
    }
}
