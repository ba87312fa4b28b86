//! What is there in the end: from every node, by every call, and as each client shows it.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use charla_client::{Client, Place};
use charla_protocol::{RoomId, rooms::History};
use charla_testing::history::{Call, Read, View, What};
use futures_util::TryStreamExt;
use tokio::time::{Instant, sleep};

use crate::{
    cluster::Cluster,
    person::{self, Person, Steady, Upload, World},
};

/// Messages a page.
const PAGE: u32 = 200;
/// Who listens shows what there is within this, once all is mended: two heartbeats and a look in rotation.
const SHOWN_WITHIN: Duration = Duration::from_secs(60);

/// Clients that know nothing, by their accounts and nodes: not those from before the faults, whose connections may have been cut.
#[derive(Debug, Default)]
pub(crate) struct Fresh(HashMap<(usize, usize), Client>);

impl Fresh {
    async fn client(&mut self, person: &Person, node: usize) -> Result<&Client> {
        Ok(match self.0.entry((person.number, node)) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(person.afresh(node).await?),
        })
    }
}

/// Reads it, when nobody writes any more.
pub(crate) async fn read(
    cluster: &Cluster,
    people: &[Arc<Person>],
    steady: &Steady,
    world: &World,
    fresh: &mut Fresh,
) -> Result<()> {
    for node in 0..cluster.nodes.len() {
        for place in &world.rooms {
            let room = &place.room;
            let person = &people[place.members[node % place.members.len()]];
            let client = fresh.client(person, node).await?;
            let (revision, messages) = by_changes(client, *room).await?;
            let truth = What::Truth { node, by: Read::Changes, room: *room, revision, messages };
            world.record.add(person.number, truth);
            let (revision, messages) = by_timeline(client, *room).await?;
            let truth = What::Truth { node, by: Read::Timeline, room: *room, revision, messages };
            world.record.add(person.number, truth);
            if let Some(guest) = place.guest.filter(|_| place.history == History::FromJoin) {
                look(&people[guest], node, *room, world, fresh).await?;
            }
        }
    }
    for person in people {
        let client = fresh.client(person, person.number % cluster.nodes.len()).await?;
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
    fetch_files(cluster, people, world, fresh).await?;
    let client = fresh.client(&people[0], 0).await?;
    for place in world.rooms.iter().filter(|place| place.members.contains(&steady.account())) {
        let revision = client.room(place.room).await?.revision;
        steady.show(place.room, revision, SHOWN_WITHIN).await;
    }
    Ok(())
}

/// What the clients show that look at one room alone.
pub(crate) async fn shown(
    devices: &[Arc<Person>],
    people: &[Arc<Person>],
    world: &World,
    fresh: &mut Fresh,
) -> Result<()> {
    for device in devices {
        let client = fresh.client(&people[device.account], device.account % people[0].clients.len()).await?;
        for room in world.rooms_of(device) {
            show(device, room, client.room(room).await?.revision, world).await;
        }
    }
    Ok(())
}

/// What a guest is shown of a room whose past is hidden from them.
async fn look(guest: &Person, node: usize, room: RoomId, world: &World, fresh: &mut Fresh) -> Result<()> {
    let client = fresh.client(guest, node).await?;
    for is_timeline in [false, true] {
        let asked = world.record.ask(guest.number, Call::Look);
        let (revision, messages) = match is_timeline {
            false => by_changes(client, room).await?,
            true => by_timeline(client, room).await?,
        };
        let page = What::Page { asked, room, revision: Some(revision), messages };
        world.record.add(guest.number, page);
    }
    Ok(())
}

/// Reads every file, by who brought it, from one node or another.
async fn fetch_files(
    cluster: &Cluster,
    people: &[Arc<Person>],
    world: &World,
    fresh: &mut Fresh,
) -> Result<()> {
    let uploads = std::mem::take(&mut *world.files.lock());
    for Upload { person, id, url } in uploads {
        let node = person % cluster.nodes.len();
        let mut text = fetch(fresh.client(&people[person], node).await?, &url).await?;
        let is_hidden =
            |place: &person::Place| place.guest == Some(person) && place.history == History::FromJoin;
        if text.is_none() && world.rooms.iter().any(is_hidden) {
            // What they sent before they left and came back is hidden from them too.
            text = fetch(fresh.client(&people[0], node).await?, &url).await?;
        }
        world.record.add(person, What::File { node, id, text });
    }
    Ok(())
}

/// Its text, or nothing where it is gone.
async fn fetch(client: &Client, url: &str) -> Result<Option<String>> {
    match client.download(url).await {
        Ok(chunks) => {
            let pieces: Vec<_> = chunks.try_collect().await.context("a file breaks off")?;
            let bytes = pieces.concat();
            Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
        }
        Err(error) if error.status() == Some(404) => Ok(None),
        Err(error) => Err(error).context("a file can't be read"),
    }
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
