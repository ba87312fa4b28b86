//! One run, from the start of everything to the verdict.

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use charla_protocol::RoomId;
use charla_testing::history;
use clap::ValueEnum;
use parking_lot::Mutex;
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::{
    cluster::Cluster,
    forge::Forge,
    nemesis::{self, Fault, Plan},
    options::RunOptions,
    person::{Doorkeeper, Eye, Person, Phase, Place, Steady, World, befriend, make_room},
    record::{self, Record},
    truth,
};

const PEOPLE: usize = 6;
const ROOMS: usize = 3;
const HANDS: usize = 2;
/// The one who is removed from the last room, and taken in again.
const GUEST: usize = 2;
/// What is mended is mended within this.
const HEALED_WITHIN: Duration = Duration::from_secs(90);
/// Everybody has written once more, or said that they could not.
const CLOSED_WITHIN: Duration = Duration::from_secs(240);

/// Breaks and checks. Whether everything was as promised.
pub(crate) async fn run(options: &RunOptions) -> Result<bool> {
    let faults = available(options);
    let plan = Plan::new(options.seed, &faults, options.nodes, Duration::from_secs(options.seconds));
    if options.plan {
        print!("{plan}");
        return Ok(true);
    }
    let cluster = Cluster::start(options, &faults).await?;
    let (addresses, _forges) = doors(options, &cluster).await?;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Arc::new(Person::invite(number, &addresses).await?));
    }
    let rooms = furnish(&people).await?;
    let devices = devices(&people, &rooms).await?;
    let users = people.iter().chain(&devices).map(|person| person.id).collect();
    let ids = |place: &Place| place.members.iter().map(|number| people[*number].id).collect();
    let record = Record::of(users, rooms.iter().map(|place| (place.room, ids(place))).collect());
    let world = World {
        seed: options.seed,
        record: record.clone(),
        phase: watch::Sender::new(Phase::Writing),
        rooms,
        files: Mutex::default(),
        recent: Mutex::new(HashMap::<RoomId, _>::new()),
    };
    let broken = live(options, &plan, &cluster, (&people, &devices), &Arc::new(world)).await;
    let history = record.take();
    let report = history::check(&history);
    println!("{:?}, {} nodes, seed {}, {} s", options.database, options.nodes, options.seed, options.seconds);
    print!("{report}");
    if !report.is_clean() || broken.is_err() {
        let folder = kept(options)?;
        record::write(&history, &folder.join("history.jsonl"))?;
        std::fs::write(folder.join("violations.txt"), report.explain(&history))?;
        cluster.keep_logs(&folder)?;
        print!("{}", report.explain(&history));
        println!("the history and the nodes' logs are in {}", folder.display());
    }
    broken.context("the run did not come to its end")?;
    Ok(report.is_clean())
}

/// Groups of everybody, and a direct room of two friends.
async fn furnish(people: &[Arc<Person>]) -> Result<Vec<Place>> {
    let mut rooms = Vec::new();
    for number in 0..ROOMS {
        let room = make_room(people, number).await?;
        let guest = (number + 1 == ROOMS).then_some(GUEST);
        rooms.push(Place { room, members: (0..people.len()).collect(), guest });
    }
    let room = befriend(&people[0], &people[1]).await?;
    rooms.push(Place { room, members: vec![0, 1], guest: None });
    Ok(rooms)
}

/// Clients that look at one room alone: a group, that of the guest, and the direct one.
async fn devices(people: &[Arc<Person>], rooms: &[Place]) -> Result<Vec<Arc<Person>>> {
    let mut devices = Vec::new();
    for (account, place) in [(3, &rooms[0]), (GUEST, &rooms[ROOMS - 1]), (1, &rooms[ROOMS])] {
        let number = people.len() + devices.len();
        devices.push(Arc::new(people[account].beside(number, place.room).await?));
    }
    Ok(devices)
}

/// The faults that there can be here; the others are named.
fn available(options: &RunOptions) -> Vec<Fault> {
    let wanted = options.faults.clone().unwrap_or_else(|| {
        let usual = |fault: &&Fault| options.plant.is_none() && **fault != Fault::Failover;
        Fault::value_variants().iter().filter(usual).copied().collect()
    });
    let missing = |fault: &Fault| fault.missing(options);
    for fault in &wanted {
        if let Some(why) = missing(fault) {
            println!("not available: {}: {why}", fault.name());
        }
    }
    wanted.into_iter().filter(|fault| missing(fault).is_none()).collect()
}

/// Where clients find the nodes: their proxies, or the forgers before those.
async fn doors(options: &RunOptions, cluster: &Cluster) -> Result<(Vec<String>, Vec<Forge>)> {
    let mut forges = Vec::new();
    let mut addresses = Vec::new();
    for node in &cluster.nodes {
        let mut address = node.clients.address();
        if let Some(plant) = options.plant {
            let forge = Forge::start(plant, address).await?;
            address = forge.address();
            forges.push(forge);
        }
        addresses.push(format!("http://{address}"));
    }
    Ok((addresses, forges))
}

/// People write while things are broken; then all is mended, and everybody looks.
async fn live(
    options: &RunOptions,
    plan: &Plan,
    cluster: &Cluster,
    (people, devices): (&[Arc<Person>], &[Arc<Person>]),
    world: &Arc<World>,
) -> Result<()> {
    let (mut eyes, mut hands) = (JoinSet::new(), JoinSet::new());
    let hands_of = |person: &Person| if person.number == person.account { HANDS } else { 1 };
    for person in people.iter().chain(devices) {
        let (eye, own) = Eye::with_hands(Arc::clone(person), Arc::clone(world), hands_of(person));
        eyes.spawn(eye.watch());
        for hand in own {
            hands.spawn(hand.write());
        }
    }
    let last = people.last().context("there are people")?;
    let steady = Steady::start(Arc::clone(last), Arc::clone(world), cluster.nodes.len() - 1);
    hands.spawn(steady.clone().write());
    let (owner, room) = (Arc::clone(&people[0]), world.rooms[ROOMS - 1].room);
    let doorkeeper = Doorkeeper { owner, world: Arc::clone(world), room, guest: people[GUEST].id };
    hands.spawn(doorkeeper.keep());
    let begin = tokio::time::Instant::now();
    nemesis::unleash(plan, cluster, &world.record).await?;
    tokio::time::sleep_until(begin + Duration::from_secs(options.seconds)).await;
    timeout(HEALED_WITHIN, nemesis::heal(cluster)).await.context("it can't be mended")??;
    world.phase.send_replace(Phase::Closing);
    timeout(CLOSED_WITHIN, async { while hands.join_next().await.is_some() {} })
        .await
        .context("hands hang")?;
    if options.without_redis && options.nodes > 1 {
        // Nobody tells these clients of what the other nodes stored, until they come back.
        for node in &cluster.nodes {
            node.clients.cut(charla_services::Cut::Reset);
        }
    }
    truth::read(cluster, people, &steady, world).await?;
    truth::shown(devices, people, world).await?;
    world.phase.send_replace(Phase::Over);
    while let Some(ended) = eyes.join_next().await {
        ended?;
    }
    Ok(())
}

fn kept(options: &RunOptions) -> Result<PathBuf> {
    let Some(folder) = &options.keep else {
        return Ok(tempfile::Builder::new().prefix("charla-chaos-found-").tempdir()?.keep());
    };
    if folder.is_file() {
        bail!("{} is no folder", folder.display());
    }
    std::fs::create_dir_all(folder)?;
    Ok(folder.clone())
}
