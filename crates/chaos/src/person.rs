//! People: each has an account, an eye that listens on a socket, and hands that write.

mod eye;
mod hand;
mod steady;
mod talk;

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use charla_client::{Client, ClientOptions, RoomTimeline};
use charla_protocol::{
    MessageId, RoomId, UserId,
    auth::Register,
    rooms::{CreateRoom, History, RoomType, Visibility},
};
use charla_testing::PASSWORD;
use parking_lot::Mutex;
use tokio::sync::watch;

pub(crate) use self::{eye::Eye, hand::Hand, steady::Steady};
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
    pub(crate) rooms: Vec<RoomId>,
    /// What may be reacted to and read: the messages last acknowledged in each room.
    pub(crate) recent: Mutex<HashMap<RoomId, Vec<(MessageId, i64)>>>,
}

/// Somebody with an account, and a session on each node.
#[derive(Debug)]
pub(crate) struct Person {
    /// The number as a client of the history.
    pub(crate) number: usize,
    pub(crate) id: UserId,
    username: String,
    /// One for each node.
    pub(crate) clients: Vec<Client>,
    /// What the eye shows.
    pub(crate) rooms: Mutex<HashMap<RoomId, RoomTimeline>>,
}

impl Person {
    /// Makes the account, and signs in on every node.
    pub(crate) async fn invite(number: usize, addresses: &[String]) -> Result<Self> {
        let username = format!("person{number}");
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
        Ok(Self { number, id, username, clients, rooms: Mutex::default() })
    }

    /// Signs in anew: a session ends where the answer to a refresh was lost.
    pub(crate) async fn sign_in(&self, node: usize) -> Result<()> {
        self.clients[node].login(&self.username, PASSWORD).await?;
        Ok(())
    }

    /// A client of the same account that knows nothing.
    pub(crate) async fn afresh(&self, node: usize) -> Result<Client> {
        let options = ClientOptions { timeout: Duration::from_secs(30), ..ClientOptions::default() };
        let client = Client::with_options(self.clients[node].base().as_str(), options)?;
        client.login(&self.username, PASSWORD).await?;
        Ok(client)
    }
}

/// Makes a room of the first of these people with all the others.
pub(crate) async fn make_room(people: &[Arc<Person>], number: usize) -> Result<RoomId> {
    let (owner, others) = people.split_first().context("there are people")?;
    let room = CreateRoom {
        name: format!("Room {number}"),
        room_type: RoomType::Group,
        visibility: Visibility::Private,
        topic: String::new(),
        history: History::All,
        participants: others.iter().map(|person| person.id).collect(),
    };
    Ok(owner.clients[0].create_room(&room).await?.id)
}
