//! What is there in the end: from every node, by every call, and as each client shows it.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use charla_client::{Client, Place};
use charla_protocol::RoomId;
use charla_testing::history::{Read, View, What};
use futures_util::TryStreamExt;
use tokio::time::{Instant, sleep};

use crate::{
    cluster::Cluster,
    person::{Person, Steady, Upload, World},
};

/// Messages a page.
const PAGE: u32 = 200;
/// Who listens shows what there is within this, once all is mended: two heartbeats and a look in rotation.
const SHOWN_WITHIN: Duration = Duration::from_secs(60);

/// Reads it, when nobody writes any more.
pub(crate) async fn read(
    cluster: &Cluster,
    people: &[Arc<Person>],
    steady: &Steady,
    world: &World,
) -> Result<()> {
    for node in 0..cluster.nodes.len() {
        let mut clients = HashMap::new();
        for place in &world.rooms {
            let room = &place.room;
            let person = &people[place.members[node % place.members.len()]];
            if let Entry::Vacant(vacant) = clients.entry(person.number) {
                vacant.insert(person.afresh(node).await?);
            }
            let client = &clients[&person.number];
            let (revision, messages) = by_changes(client, *room).await?;
            let truth = What::Truth { node, by: Read::Changes, room: *room, revision, messages };
            world.record.add(person.number, truth);
            let (revision, messages) = by_timeline(client, *room).await?;
            let truth = What::Truth { node, by: Read::Timeline, room: *room, revision, messages };
            world.record.add(person.number, truth);
        }
    }
    for person in people {
        let client = person.afresh(person.number % cluster.nodes.len()).await?;
        for room in world.rooms_of(person) {
            let state = client.room(room).await?;
            // Who was removed has read everything up to when they were taken in again.
            if !world.rooms.iter().any(|place| place.room == room && place.guest == Some(person.account)) {
                let count = state.unread_count.unwrap_or_default();
                world.record.add(person.number, What::Unread { room, count });
            }
            show(person, room, state.revision, world).await;
        }
    }
    fetch_files(cluster, people, world).await?;
    // Not by a connection from before the faults: it may have been cut meanwhile.
    let client = people[0].afresh(0).await?;
    for place in world.rooms.iter().filter(|place| place.members.contains(&steady.account())) {
        let revision = client.room(place.room).await?.revision;
        steady.show(place.room, revision, SHOWN_WITHIN).await;
    }
    Ok(())
}

/// What the clients show that look at one room alone.
pub(crate) async fn shown(devices: &[Arc<Person>], people: &[Arc<Person>], world: &World) -> Result<()> {
    for device in devices {
        let client = people[device.account].afresh(0).await?;
        for room in world.rooms_of(device) {
            show(device, room, client.room(room).await?.revision, world).await;
        }
    }
    Ok(())
}

/// Reads every file, by a member of the room where it may be, from one node or another.
async fn fetch_files(cluster: &Cluster, people: &[Arc<Person>], world: &World) -> Result<()> {
    let uploads = std::mem::take(&mut *world.files.lock());
    let mut clients = HashMap::new();
    for (number, Upload { person, id, url }) in uploads.into_iter().enumerate() {
        let node = number % cluster.nodes.len();
        if let Entry::Vacant(vacant) = clients.entry((person, node)) {
            vacant.insert(people[person].afresh(node).await?);
        }
        let text = match clients[&(person, node)].download(&url).await {
            Ok(chunks) => {
                let pieces: Vec<_> = chunks.try_collect().await.context("a file breaks off")?;
                let bytes = pieces.concat();
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            Err(error) if error.status() == Some(404) => None,
            Err(error) => return Err(error).context("a file can't be read"),
        };
        world.record.add(person, What::File { node, id, text });
    }
    Ok(())
}

/// Waits until the person's eye shows the room as it is, and notes what it shows.
async fn show(person: &Person, room: RoomId, truth: i64, world: &World) {
    let begin = Instant::now();
    let (revision, messages) = loop {
        let (revision, is_current, messages) = {
            let mut rooms = person.rooms.lock();
            let timeline = rooms.entry(room).or_default();
            let messages: Vec<View> = timeline.messages().map(|message| View::from(&**message)).collect();
            (timeline.revision(), timeline.gap().is_none(), messages)
        };
        if revision >= truth && is_current {
            break (revision, messages);
        }
        if begin.elapsed() > SHOWN_WITHIN {
            let what = format!("shows {revision} of {truth} of {room} after {SHOWN_WITHIN:?}");
            return world.record.failed(person.number, what);
        }
        sleep(Duration::from_millis(50)).await;
    };
    world.record.add(person.number, What::Shown { room, revision, messages });
}

async fn by_changes(client: &Client, room: RoomId) -> Result<(i64, Vec<View>)> {
    let (mut messages, mut since) = (Vec::new(), 0);
    loop {
        let page = client.room_changes(room, since, Some(PAGE)).await?;
        messages.extend(page.results.iter().map(View::from));
        since = page.revision;
        if page.next.is_none() {
            return Ok((since, messages));
        }
    }
}

async fn by_timeline(client: &Client, room: RoomId) -> Result<(i64, Vec<View>)> {
    let mut pages: Vec<Vec<View>> = Vec::new();
    let mut place = Place::Newest;
    loop {
        let page = client.room_messages(room, place, Some(PAGE)).await?;
        pages.push(page.results.iter().map(View::from).collect());
        match page.results.first() {
            Some(oldest) if page.next.is_some() => place = Place::Before(oldest.id),
            _ => return Ok((page.revision, pages.into_iter().rev().flatten().collect())),
        }
    }
}
