//! People: each has an account, an eye that listens on a socket, and hands that write.

mod doorkeeper;
mod eye;
mod hand;
mod steady;
mod talk;
mod visitor;

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use charla_client::{Client, ClientOptions, Door, RoomTimeline};
use charla_protocol::{
    MessageId, RoomId, UserId,
    auth::Register,
    rooms::{CreateRoom, History, RoomType, Visibility},
    users::{DirectMessages, UpdateMe, UpdateSettings},
};
use charla_testing::PASSWORD;
use parking_lot::Mutex;
use tokio::sync::watch;
use uuid::Uuid;

pub(crate) use self::{
    doorkeeper::Doorkeeper, eye::Eye, hand::Hand, steady::Steady, talk::by_rest, visitor::Visitor,
};
use crate::record::Record;

/// For one call over REST.
const ANSWER_WITHIN: Duration = Duration::from_secs(6);

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Writing,
    /// All is mended: everybody writes once more, and then no more.
    Closing,
    /// What the eyes show is the end.
    Over,
}

/// What all share.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) record: Record,
    pub(crate) phase: watch::Sender<Phase>,
    pub(crate) rooms: Vec<Place>,
    /// What was brought in, to be looked for in the end.
    pub(crate) files: Mutex<Vec<Upload>>,
    /// What may be reacted to and read: the messages last acknowledged in each room.
    pub(crate) recent: Mutex<HashMap<RoomId, Vec<(MessageId, i64)>>>,
}

impl World {
    /// The rooms that somebody writes in by their door.
    pub(crate) fn rooms_of(&self, person: &Person) -> Vec<RoomId> {
        let is_open = |room: RoomId| match person.door {
            Door::All => true,
            Door::Room(only) => only == room,
        };
        let theirs = self.rooms.iter().filter(|place| place.members.contains(&person.account));
        theirs.map(|place| place.room).filter(|room| is_open(*room)).collect()
    }
}

/// A room, and the accounts of who is in it at the beginning and in the end.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) room: RoomId,
    pub(crate) members: Vec<usize>,
    /// The one of them who is removed and taken in again meanwhile.
    pub(crate) guest: Option<usize>,
    pub(crate) history: History,
}

/// A file, and the account that brought it.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) person: usize,
    pub(crate) id: Uuid,
    pub(crate) url: String,
}

/// Somebody with an account, and a session on each node.
#[derive(Debug)]
pub(crate) struct Person {
    /// The number as a client of the history.
    pub(crate) number: usize,
    /// The same for all clients of an account: the number of the first of them.
    pub(crate) account: usize,
    /// By which the eye looks.
    pub(crate) door: Door,
    pub(crate) id: UserId,
    pub(crate) username: String,
    /// One for each node.
    pub(crate) clients: Vec<Client>,
    /// What the eye shows.
    pub(crate) rooms: Mutex<HashMap<RoomId, RoomTimeline>>,
}

impl Person {
    /// Makes the account, and signs in on every node.
    pub(crate) async fn invite(number: usize, addresses: &[String]) -> Result<Self> {
        Self::invite_as(format!("person{number}"), number, addresses).await
    }

    /// The same under this name.
    pub(crate) async fn invite_as(username: String, number: usize, addresses: &[String]) -> Result<Self> {
        let options = ClientOptions { timeout: ANSWER_WITHIN, ..ClientOptions::default() };
        let clients: Vec<Client> = addresses
            .iter()
            .map(|base| Client::with_options(base, options.clone()))
            .collect::<Result<_, _>>()?;
        let account = Register {
            email: format!("{username}@example.org"),
            username: username.clone(),
            password: PASSWORD.to_owned(),
            phone_number: None,
            display_name: None,
            invite: None,
        };
        let (first, others) = clients.split_first().context("there is a node")?;
        let id = first.register(&account).await?.user.user.id;
        for client in others {
            client.login(&username, PASSWORD).await?;
        }
        let (account, door, rooms) = (number, Door::All, Mutex::default());
        Ok(Self { number, account, door, id, username, clients, rooms })
    }

    /// The same person with another client, which looks at one room alone.
    pub(crate) async fn beside(&self, number: usize, room: RoomId) -> Result<Self> {
        let mut clients = Vec::new();
        for node in 0..self.clients.len() {
            let client = self.client(node, ANSWER_WITHIN)?;
            client.login(&self.username, PASSWORD).await?;
            clients.push(client);
        }
        let (username, rooms) = (self.username.clone(), Mutex::default());
        let (account, door, id) = (self.account, Door::Room(room), self.id);
        Ok(Self { number, account, door, id, username, clients, rooms })
    }

    /// A client on that node that has yet to sign in.
    pub(crate) fn client(&self, node: usize, timeout: Duration) -> Result<Client> {
        let options = ClientOptions { timeout, ..ClientOptions::default() };
        Ok(Client::with_options(self.clients[node].base().as_str(), options)?)
    }

    /// Signs in anew: a session ends where the answer to a refresh was lost.
    pub(crate) async fn sign_in(&self, node: usize) -> Result<()> {
        self.clients[node].login(&self.username, PASSWORD).await?;
        Ok(())
    }

    /// A client of the same account that knows nothing.
    pub(crate) async fn afresh(&self, node: usize) -> Result<Client> {
        let client = self.client(node, Duration::from_secs(30))?;
        client.login(&self.username, PASSWORD).await?;
        Ok(client)
    }
}

/// Makes a room of the first of these people with all the others.
pub(crate) async fn make_room(people: &[Arc<Person>], number: usize) -> Result<RoomId> {
    make_room_with(people, number, History::All).await
}

/// The same with a history of this kind.
pub(crate) async fn make_room_with(
    people: &[Arc<Person>],
    number: usize,
    history: History,
) -> Result<RoomId> {
    let (owner, others) = people.split_first().context("there are people")?;
    let room = CreateRoom {
        name: format!("Room {number}"),
        room_type: RoomType::Group,
        visibility: Visibility::Private,
        topic: String::new(),
        history,
        participants: others.iter().map(|person| person.id).collect(),
    };
    Ok(owner.clients[0].create_room(&room).await?.id)
}

/// Makes friends of these two, who take direct messages of friends alone, and gives them their room.
pub(crate) async fn befriend(one: &Person, other: &Person) -> Result<RoomId> {
    let friends_only = UpdateMe {
        settings: Some(UpdateSettings {
            direct_messages: Some(DirectMessages::Friends),
            ..UpdateSettings::default()
        }),
        ..UpdateMe::default()
    };
    for person in [one, other] {
        person.clients[0].update_me(&friends_only).await?;
    }
    make_friends(one, other).await?;
    Ok(one.clients[0].direct_chat(other.id).await?.value.id)
}

/// So that they are shown whether the other is there.
pub(crate) async fn make_friends(one: &Person, other: &Person) -> Result<()> {
    for (person, friend) in [(one, other), (other, one)] {
        // The second request crosses the first, and makes the friendship.
        person.clients[0].request_friendship(friend.id).await?;
    }
    Ok(())
}
