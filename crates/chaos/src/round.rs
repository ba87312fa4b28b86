//! People and their rooms, from their first word to what they show in the end. Several rounds may go on beside each other on one
//! cluster: they know nothing of each other.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use charla_protocol::{RoomId, rooms::History};
use charla_testing::history;
use futures_util::future::join;
use parking_lot::Mutex;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{Instant, timeout},
};

use crate::{
    cluster::Cluster,
    forge::{Forge, Plant},
    options::RunOptions,
    person::{
        Doorkeeper, Eye, Person, Phase, Place, Steady, Visitor, World, befriend, make_friends, make_room_with,
    },
    probe,
    record::Record,
    truth::{self, Fresh},
};

const PEOPLE: usize = 6;
/// Of one, who is removed and taken in again, the room's history begins with joining; of the other not.
const ROOMS: [(Option<usize>, History); 3] =
    [(None, History::All), (Some(4), History::FromJoin), (Some(2), History::All)];
/// Clients that look at one room alone: the account, and the room; after those rooms comes the direct one.
const DEVICES: [(usize, usize); 3] = [(3, 0), (2, 2), (1, 3)];
const HANDS: usize = 2;
/// Everybody has written once more, or said that they could not.
const CLOSED_WITHIN: Duration = Duration::from_secs(240);

pub(crate) struct Round {
    pub(crate) plant: Option<Plant>,
    people: Vec<Arc<Person>>,
    devices: Vec<Arc<Person>>,
    steady: Steady,
    world: Arc<World>,
    eyes: JoinSet<()>,
    hands: JoinSet<()>,
    visitor: JoinHandle<Visitor>,
    watch: Stopwatch,
    _forges: Vec<Forge>,
}

impl Round {
    /// Invites the people, and lets them write.
    pub(crate) async fn start(
        options: &RunOptions,
        cluster: &Cluster,
        number: usize,
        plant: Option<Plant>,
    ) -> Result<Self> {
        let mut watch = Stopwatch::start();
        let (addresses, forges) = doors(cluster, plant).await?;
        let invite = async |person| {
            let name = format!("person{number}-{person}");
            anyhow::Ok(Arc::new(Person::invite_as(name, person, &addresses).await?))
        };
        // One by one: passwords are slow.
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(invite(number).await?);
        }
        let visitor = invite(PEOPLE + DEVICES.len()).await?;
        make_friends(&people[0], &visitor).await?;
        let rooms = furnish(&people, &visitor).await?;
        let mut devices = Vec::new();
        for (number, (account, place)) in DEVICES.into_iter().enumerate() {
            devices.push(Arc::new(people[account].beside(PEOPLE + number, rooms[place].room).await?));
        }
        let record = record(&people, &devices, &visitor, &rooms);
        let world = Arc::new(World {
            seed: options.seed,
            record,
            phase: watch::Sender::new(Phase::Writing),
            rooms,
            files: Mutex::default(),
            recent: Mutex::default(),
        });
        watch.lap("start");
        let (mut eyes, mut hands) = (JoinSet::new(), JoinSet::new());
        let hands_of = |person: &Person| if person.number == person.account { HANDS } else { 1 };
        for person in people.iter().chain(&devices) {
            let (eye, own) = Eye::with_hands(Arc::clone(person), Arc::clone(&world), hands_of(person));
            eyes.spawn(eye.watch());
            for hand in own {
                hands.spawn(hand.write());
            }
        }
        let last = people.last().context("there are people")?;
        let steady = Steady::start(Arc::clone(last), Arc::clone(&world), cluster.nodes.len() - 1);
        hands.spawn(steady.clone().write());
        for (number, place) in world.rooms.iter().enumerate() {
            let Some(guest) = place.guest.map(|guest| people[guest].id) else { continue };
            let (owner, world) = (Arc::clone(&people[0]), Arc::clone(&world));
            hands.spawn(Doorkeeper { owner, world, number, room: place.room, guest }.keep());
        }
        let visitor = Visitor::new(visitor, Arc::clone(&world), world.rooms[0].room);
        let visitor = tokio::spawn(visitor.come_and_go());
        Ok(Self { plant, people, devices, steady, world, eyes, hands, visitor, watch, _forges: forges })
    }

    pub(crate) fn record(&self) -> &Record {
        &self.world.record
    }

    /// All is mended: everybody writes once more, and it is looked at what is there, and what comes by itself.
    pub(crate) async fn finish(&mut self, options: &RunOptions, cluster: &Cluster) -> Result<()> {
        let Self { people, devices, world, hands, watch, .. } = self;
        watch.lap("break");
        let mended = Instant::now();
        world.phase.send_replace(Phase::Closing);
        timeout(CLOSED_WITHIN, async { while hands.join_next().await.is_some() {} })
            .await
            .context("hands hang")?;
        watch.lap("close");
        let is_parted = options.without_redis && options.nodes > 1;
        if is_parted {
            // Nobody tells these clients of what the other nodes stored, until they come back.
            for node in &cluster.nodes {
                node.clients.cut(charla_services::Cut::Reset);
            }
        }
        probe::deliveries(people, world, world.rooms[0].room, is_parted).await?;
        watch.lap("deliver");
        let mut visitor = (&mut self.visitor).await?;
        if !is_parted {
            visitor.is_cut().await?;
            watch.lap("cut");
        }
        let mut fresh = Fresh::default();
        truth::read(cluster, people, &self.steady, world, &mut fresh).await?;
        truth::shown(devices, people, world, &mut fresh).await?;
        watch.lap("read");
        if !is_parted {
            let gone = Arc::clone(visitor.person());
            let (known, ()) =
                join(probe::presence(people, &gone, world, mended), visitor.are_cut(mended)).await;
            known?;
            watch.lap("know");
        }
        Ok(())
    }

    /// What everybody did and saw, and how long each part took.
    pub(crate) async fn end(mut self) -> (history::History, Stopwatch) {
        self.world.phase.send_replace(Phase::Over);
        self.visitor.abort();
        self.hands.shutdown().await;
        while self.eyes.join_next().await.is_some() {}
        (self.world.record.take(), self.watch)
    }
}

/// Where clients find the nodes: their proxies, or the forgers before those.
async fn doors(cluster: &Cluster, plant: Option<Plant>) -> Result<(Vec<String>, Vec<Forge>)> {
    let mut forges = Vec::new();
    let mut addresses = Vec::new();
    for node in &cluster.nodes {
        let mut address = node.clients.address();
        if let Some(plant) = plant {
            let forge = Forge::start(plant, address).await?;
            address = forge.address();
            forges.push(forge);
        }
        addresses.push(format!("http://{address}"));
    }
    Ok((addresses, forges))
}

/// Groups of everybody, the first with the visitor, and a direct room of two friends.
async fn furnish(people: &[Arc<Person>], visitor: &Arc<Person>) -> Result<Vec<Place>> {
    let mut rooms = Vec::new();
    for (number, (guest, history)) in ROOMS.into_iter().enumerate() {
        let mut members = people.to_vec();
        members.extend((number == 0).then(|| Arc::clone(visitor)));
        let room = make_room_with(&members, number, history).await?;
        rooms.push(Place { room, members: (0..people.len()).collect(), guest, history });
    }
    let room = befriend(&people[0], &people[1]).await?;
    rooms.push(Place { room, members: vec![0, 1], guest: None, history: History::All });
    Ok(rooms)
}

fn record(people: &[Arc<Person>], devices: &[Arc<Person>], visitor: &Person, rooms: &[Place]) -> Record {
    let users = people.iter().chain(devices).map(|person| person.id).chain([visitor.id]).collect();
    let ids = |place: &Place| place.members.iter().map(|number| people[*number].id).collect::<Vec<_>>();
    let mut founders: HashMap<RoomId, Vec<_>> = rooms.iter().map(|place| (place.room, ids(place))).collect();
    founders.entry(rooms[0].room).or_default().push(visitor.id);
    let is_from_join = |place: &&Place| place.history == History::FromJoin;
    let from_join: HashSet<RoomId> = rooms.iter().filter(is_from_join).map(|place| place.room).collect();
    Record::of(users, founders, from_join)
}

/// How long each part of a run took.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    since: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { since: Instant::now(), laps: Vec::new() }
    }

    /// The end of this part.
    pub(crate) fn lap(&mut self, name: &'static str) {
        self.laps.push((name, self.since.elapsed()));
        self.since = Instant::now();
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let laps: Vec<String> = self.laps.iter().map(|(name, took)| format!("{name} {took:.1?}")).collect();
        write!(f, "took: {}", laps.join(", "))
    }
}
