//! Puts the community together in memory: everybody's accounts, rooms, messages and pictures.

use std::collections::HashMap;

use anyhow::Context;
use bytes::Bytes;
use charla_db::{
    fold,
    queries::{demo::Community, members, rooms::direct_key},
    tables::{
        files::{self, Purpose},
        room_members, rooms,
    },
};
use charla_protocol::{Timestamp, UserId, members::Role, rooms::RoomType};
use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::Uuid;

use super::{
    conversations::{Repertoire, Stock},
    friends::{self, FRIENDS, REQUESTS},
    ids,
    people::{self, PEOPLE},
    pictures, reading,
    rooms::{DIRECTS, Direct, GROUPS, Group, OTHERS},
    schedule::{self, DAY, DAYS, Presence},
    timeline::{self, Shown},
};
use crate::{files::placeholder, text};

/// The same people say the same things every time.
const SEED: u64 = 20_240_501;
const MINUTE: i64 = 60 * 1000;
/// Rooms draw their pictures from where the people's end.
const ROOM_PICTURES: usize = PEOPLE.len();

/// Everything to be stored.
#[derive(Debug, Default)]
pub(super) struct Composed {
    pub(super) community: Community,
    /// What belongs into the file storage.
    pub(super) files: Vec<(files::Model, Bytes)>,
}

/// Composes the community as it stands at `now`. `hashes` are everybody's passwords, in the order of [`PEOPLE`].
///
/// # Errors
/// A defect in what is written by hand, and those of the encoder of pictures.
pub(super) fn compose(hashes: Vec<String>, now: Timestamp) -> anyhow::Result<Composed> {
    let random = StdRng::seed_from_u64(SEED);
    let repertoire = Repertoire::new()?;
    let mut composer = Composer { now, random, repertoire, accounts: Vec::new(), done: Composed::default() };
    for (index, hash) in hashes.into_iter().enumerate() {
        composer.person(index, hash)?;
    }
    for (index, group) in GROUPS.iter().enumerate() {
        composer.group(index, group)?;
    }
    for direct in &DIRECTS {
        composer.direct(direct)?;
    }
    composer.friends()?;
    composer.note_last_seen();
    Ok(composer.done)
}

struct Composer {
    now: Timestamp,
    random: StdRng,
    repertoire: Repertoire,
    /// The accounts' ids, in the order of [`PEOPLE`].
    accounts: Vec<Uuid>,
    done: Composed,
}

/// A room with its people, before anybody has said anything.
struct Opened {
    room: rooms::Model,
    presences: Vec<Presence>,
    /// Those of them who came later.
    latecomers: Vec<Presence>,
}

impl Composer {
    fn person(&mut self, index: usize, hash: String) -> anyhow::Result<()> {
        let mut account = people::account(index, Uuid::nil(), Uuid::nil(), hash, self.now);
        account.id = ids::at(account.date_joined, &mut self.random);
        account.avatar_id = Some(self.avatar(index, account.id, account.date_joined)?);
        self.accounts.push(account.id);
        self.done.community.users.push(account);
        Ok(())
    }

    fn group(&mut self, index: usize, group: &Group) -> anyhow::Result<()> {
        let people = indices(group.members)?;
        let age = DAYS + 2 + i64::try_from(GROUPS.len() - index)?;
        let created_at = self.now.millis() - age * DAY;
        let owner = self.accounts[people[0]];
        let mut room = self.room(RoomType::Group, owner, created_at);
        group.visibility.as_str().clone_into(&mut room.visibility);
        room.name = Some(group.name.to_owned());
        room.name_key = fold::search_key(group.name);
        room.slug = text::slug(group.name);
        group.topic.clone_into(&mut room.topic);
        if group.has_picture {
            room.avatar_id = Some(self.avatar(ROOM_PICTURES + index, owner, created_at)?);
        }
        let opened = self.open(room, &people, group.latecomers);
        let end = self.now.millis() - group.quiet * MINUTE;
        let stock = self.repertoire.stock(group.talks, &people, usize::MAX, &mut self.random);
        self.fill(opened, stock, end)
    }

    fn direct(&mut self, direct: &Direct) -> anyhow::Result<()> {
        let people = indices(&direct.pair)?;
        let [one, other] = [people[0], people[1]].map(|person| self.accounts[person]);
        let created_at = self.now.millis() - (DAYS + 1) * DAY;
        let mut room = self.room(RoomType::Direct, one, created_at);
        let mut names = direct.pair;
        names.sort_unstable();
        room.slug = names.join("--");
        room.direct_key = Some(direct_key(UserId(one), UserId(other)));
        let opened = self.open(room, &people, 0);
        let end = self.now.millis() - direct.quiet * MINUTE;
        let stock = self.repertoire.stock(&[direct.talk], &people, direct.messages, &mut self.random);
        self.fill(opened, stock, end)
    }

    /// Those who write to each other are friends, and some more; some wait for an answer.
    fn friends(&mut self) -> anyhow::Result<()> {
        let pairs = DIRECTS.iter().map(|direct| direct.pair).chain(FRIENDS);
        for (pair, days) in pairs.zip(3..) {
            let [one, other] = self.pair(pair)?;
            let created_at = self.now.millis() - days * DAY;
            self.done.community.friendships.push(friends::friendship(one, other, created_at));
        }
        for (pair, hours) in REQUESTS.into_iter().zip(2..) {
            let [sender, receiver] = self.pair(pair)?;
            let created_at = self.now.millis() - hours * 60 * MINUTE;
            let id = ids::at(created_at, &mut self.random);
            let request = friends::request(id, sender, receiver, created_at);
            self.done.community.friend_requests.push(request);
        }
        Ok(())
    }

    fn pair(&self, usernames: [&str; 2]) -> anyhow::Result<[Uuid; 2]> {
        let people = indices(&usernames)?;
        Ok([people[0], people[1]].map(|person| self.accounts[person]))
    }

    fn room(&mut self, room_type: RoomType, creator: Uuid, created_at: i64) -> rooms::Model {
        rooms::Model::blank(ids::at(created_at, &mut self.random), room_type, creator, created_at)
    }

    /// All are there from the beginning, but for so many of the last, who come one to four weeks ago.
    fn open(&mut self, mut room: rooms::Model, people: &[usize], late: usize) -> Opened {
        let founders = people.len() - late;
        let mut presence = |(index, person): (usize, &usize)| Presence {
            person: *person,
            since: match index < founders {
                true => room.created_at,
                false => self.now.millis() - self.random.random_range(7 * DAY..28 * DAY),
            },
        };
        let presences: Vec<Presence> = people.iter().enumerate().map(&mut presence).collect();
        room.member_count = i64::try_from(people.len()).unwrap_or(i64::MAX);
        Opened { room, latecomers: presences[founders..].to_vec(), presences }
    }

    /// Lets the room talk, up to the end, and read.
    fn fill(&mut self, opened: Opened, mut stock: Stock, end: i64) -> anyhow::Result<()> {
        let Opened { mut room, presences, latecomers } = opened;
        let mut members = members(&room, &presences, &self.accounts);
        let spoken = schedule::talk(&mut stock, &presences, end, &mut self.random);
        let random = &mut self.random;
        let written = timeline::write(&mut room, &mut members, &latecomers, &spoken, &self.accounts, random);
        let steps = reading::read(&mut members, &written.messages, self.now.millis(), random);
        for shown in &written.pictures {
            self.picture(shown)?;
        }
        let community = &mut self.done.community;
        community.rooms.push(room);
        community.members.extend(members);
        community.messages.extend(written.messages);
        community.versions.extend(written.versions);
        community.read_steps.extend(steps);
        Ok(())
    }

    /// Draws the picture of a person or a room, and gives the file's id.
    fn avatar(&mut self, number: usize, uploader: Uuid, at: i64) -> anyhow::Result<Uuid> {
        let file = files::Model {
            purpose: Purpose::Avatar.as_str().to_owned(),
            name: "avatar.png".to_owned(),
            ..self.file(uploader, at, pictures::AVATAR_SIDE, pictures::AVATAR_SIDE)
        };
        self.keep(file, pictures::avatar(number)?)
    }

    fn picture(&mut self, shown: &Shown) -> anyhow::Result<()> {
        let png = pictures::scene(&shown.scene)?.with_context(|| format!("no picture {}", shown.scene))?;
        let file = files::Model {
            message_id: Some(shown.message_id),
            name: format!("{}.png", shown.scene),
            thumbhash: Some(placeholder(&png)?),
            ..self.file(self.accounts[shown.sender], shown.at, pictures::WIDTH, pictures::HEIGHT)
        };
        self.keep(file, png).map(drop)
    }

    fn file(&mut self, uploader_id: Uuid, created_at: i64, width: u32, height: u32) -> files::Model {
        let id = ids::at(created_at, &mut self.random);
        files::Model {
            content_type: "image/png".to_owned(),
            width: i32::try_from(width).ok(),
            height: i32::try_from(height).ok(),
            ..files::Model::blank(id, uploader_id, Purpose::Attachment, created_at)
        }
    }

    fn keep(&mut self, file: files::Model, bytes: Bytes) -> anyhow::Result<Uuid> {
        let id = file.id;
        let file = files::Model { size: i64::try_from(bytes.len())?, ..file };
        self.done.community.files.push(file.clone());
        self.done.files.push((file, bytes));
        Ok(id)
    }

    /// Everybody was last seen when they last wrote or read.
    fn note_last_seen(&mut self) {
        let community = &mut self.done.community;
        let mut seen: HashMap<Uuid, i64> = HashMap::new();
        let wrote = community.messages.iter().map(|message| (message.sender_id, message.created_at));
        let read = community.read_steps.iter().map(|step| (step.user_id, step.read_at));
        for (person, at) in wrote.chain(read) {
            seen.entry(person).and_modify(|last| *last = at.max(*last)).or_insert(at);
        }
        for user in &mut community.users {
            user.last_seen = seen.get(&user.id).copied();
        }
    }
}

/// The first owns a group, the second helps; in a direct room both are members.
fn members(room: &rooms::Model, presences: &[Presence], accounts: &[Uuid]) -> Vec<room_members::Model> {
    let role = |index| match (room.room_type(), index) {
        (RoomType::Group, 0) => Role::Owner,
        (RoomType::Group, 1) => Role::Admin,
        _ => Role::Member,
    };
    let member = |(index, presence): (usize, &Presence)| {
        let since = Timestamp::from_millis(presence.since);
        members::newcomer(room, UserId(accounts[presence.person]), role(index), since)
    };
    presences.iter().enumerate().map(member).collect()
}

/// Where these people stand in [`PEOPLE`]; [`OTHERS`] are all who are not named.
fn indices(usernames: &[&str]) -> anyhow::Result<Vec<usize>> {
    let mut found = Vec::new();
    for name in usernames {
        if *name == OTHERS {
            found.extend((0..PEOPLE.len()).filter(|person| !usernames.contains(&PEOPLE[*person].username)));
        } else {
            let index = PEOPLE.iter().position(|person| person.username == *name);
            found.push(index.with_context(|| format!("nobody is called {name}"))?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeSet, HashSet},
        sync::LazyLock,
    };

    use charla_db::tables::messages;

    use super::*;

    const NOW: i64 = 1_795_200_000_000;
    /// Composed once for all tests: it takes seconds in a debug build.
    static COMMUNITY: LazyLock<Community> = LazyLock::new(composed);

    fn composed() -> Community {
        let hashes = vec!["hash".to_owned(); PEOPLE.len()];
        compose(hashes, Timestamp::from_millis(NOW)).unwrap().community
    }

    #[test]
    fn a_community_of_some_size() {
        let community = &*COMMUNITY;
        assert_eq!(community.users.len(), PEOPLE.len());
        assert_eq!(community.rooms.len(), GROUPS.len() + DIRECTS.len());
        assert!((2_500..=5_000).contains(&community.messages.len()), "{}", community.messages.len());
        let images = community.messages.iter().filter(|message| message.message_type == "image").count();
        assert_eq!(images, pictures::SCENES.len());
        assert!(community.messages.iter().any(|message| message.edited_at.is_some()));
        assert!(community.messages.iter().any(|message| message.deleted_at.is_some()));
    }

    #[test]
    fn it_is_the_same_each_time() {
        let (one, other) = (&*COMMUNITY, composed());
        assert_eq!(one.messages, other.messages);
        assert_eq!(one.members, other.members);
        assert_eq!(one.read_steps, other.read_steps);
    }

    /// Longer texts are nobody's everyday "thank you": those may recur.
    const LONG: usize = 25;

    /// Asserts that nearly all longer texts among these differ.
    fn assert_varied<'a>(whose: &str, messages: impl Iterator<Item = &'a messages::Model>) {
        let texts: Vec<&str> = messages
            .filter(|message| message.message_type != "system" && message.content.chars().count() > LONG)
            .map(|message| message.content.as_str())
            .collect();
        let different: HashSet<&&str> = texts.iter().collect();
        assert!(!texts.is_empty(), "{whose}");
        assert!(different.len() * 100 >= texts.len() * 95, "{whose}: {} of {}", different.len(), texts.len());
    }

    /// The messages of all rooms somebody is in.
    fn readable(person: Uuid) -> impl Iterator<Item = &'static messages::Model> {
        let memberships = COMMUNITY.members.iter().filter(move |member| member.user_id == person);
        let rooms: HashSet<Uuid> = memberships.map(|member| member.room_id).collect();
        COMMUNITY.messages.iter().filter(move |message| rooms.contains(&message.room_id))
    }

    fn is_image(message: &&messages::Model) -> bool {
        message.message_type == "image"
    }

    #[test]
    fn nothing_is_said_twice_in_a_room_or_to_a_person() {
        for room in &COMMUNITY.rooms {
            assert_varied(&room.slug, COMMUNITY.messages.iter().filter(|message| message.room_id == room.id));
        }
        for user in &COMMUNITY.users {
            assert_varied(&user.username, readable(user.id));
        }
    }

    #[test]
    fn everybody_sees_pictures() {
        for user in &COMMUNITY.users {
            let images = readable(user.id).filter(is_image).count();
            assert!(images >= 6, "{}: {images}", user.username);
        }
    }

    #[test]
    fn pictures_are_seen_where_one_scrolls_first() {
        const PAGE: usize = 30;
        for (slug, enough) in [("plaza", 1), ("fotos-photos", 4)] {
            let room = COMMUNITY.rooms.iter().find(|room| room.slug == slug).expect("the room is there");
            let said = COMMUNITY.messages.iter().rev().filter(|message| message.room_id == room.id);
            let images = || said.clone().take(PAGE).filter(is_image);
            assert!(images().count() >= enough, "{slug}: {}", images().count());
            let days: HashSet<i64> = images().map(|message| message.created_at / DAY).collect();
            assert!(days.len() >= enough.min(3), "{slug}: {days:?}");
        }
    }

    #[test]
    fn every_picture_is_shown_as_one() {
        let pictures = COMMUNITY.files.iter().filter(|file| file.purpose == Purpose::Attachment.as_str());
        let shown: Vec<bool> = pictures.map(|file| file.attachment().thumbnail_url.is_some()).collect();
        assert!(!shown.is_empty() && shown.iter().all(|shown| *shown), "{shown:?}");
    }

    #[test]
    fn messages_and_reading_lie_in_the_past() {
        let community = &*COMMUNITY;
        assert!(community.messages.iter().all(|message| {
            [Some(message.created_at), message.edited_at, message.deleted_at]
                .into_iter()
                .flatten()
                .all(|at| at < NOW)
        }));
        assert!(community.read_steps.iter().all(|step| step.read_at <= NOW));
        let days: BTreeSet<i64> = community.messages.iter().map(|message| message.created_at / DAY).collect();
        assert!(days.len() > 35, "{}", days.len());
    }
}
