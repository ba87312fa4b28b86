//! Rooms and who is in them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use charla_db::{
    queries::{self, imports},
    tables::{room_members, rooms},
};
use charla_protocol::{
    RoomId, Timestamp, UserId,
    members::Role,
    rooms::{RoomType, Visibility},
};
use charla_server::{
    ops::{
        retry,
        rooms::{MAX_NAME, MAX_TOPIC, name_key},
    },
    text,
};
use uuid::Uuid;

use super::{Writer, people::Account};
use crate::model::{LeftOut, Member, Room, RoomKind};

/// Rooms of a transaction.
const BATCH: usize = 50;
/// People whom a group without a name is named after.
const NAMED: usize = 3;

/// Where the messages of a room go.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) id: Uuid,
    /// Those whom its texts may mention, by the key of their usernames.
    pub(super) names: HashMap<String, UserId>,
    /// Up to when members have read, in milliseconds.
    pub(super) read_until: Vec<(UserId, i64)>,
    pub(super) members: BTreeSet<UserId>,
    pub(super) knows_reads: bool,
}

/// A room to be written.
#[derive(Clone, Debug)]
struct Prepared {
    row: rooms::Model,
    members: Vec<room_members::Model>,
    /// What each membership is noted as.
    notes: Vec<Uuid>,
}

impl Writer<'_> {
    pub(super) async fn bring_rooms(&mut self, rooms: Vec<Room>) -> anyhow::Result<()> {
        for batch in rooms.chunks(BATCH) {
            let mut prepared = Vec::new();
            for room in batch {
                prepared.extend(self.prepare(room).await?);
            }
            let ids: Vec<Uuid> = prepared.iter().map(|room| room.row.id).collect();
            let there = imports::rooms_there(self.app.db.read(), &ids).await?;
            let (known, new): (Vec<_>, Vec<_>) =
                prepared.into_iter().partition(|room| there.contains(&room.row.id));
            self.report.brought("room", new.len());
            self.report.known("room", known.len());
            self.report.brought("member", new.iter().map(|room| room.members.len()).sum());
            self.store_new(new).await?;
            for room in known {
                self.add_missing(room).await?;
            }
        }
        Ok(())
    }

    /// None for a room that nobody is in, and for a second one of a pair.
    async fn prepare(&mut self, room: &Room) -> anyhow::Result<Option<Prepared>> {
        let members = self.members(room);
        let pair = match (&room.kind, members.as_slice()) {
            (RoomKind::Direct, [one, other]) => Some((one.1.clone(), other.1.clone())),
            _ => None,
        };
        if pair.is_none() && !members.iter().any(|(_, account)| account.is_active) {
            self.report.leave_out(LeftOut::new("room", &room.key, "nobody is in it"));
            return Ok(None);
        }
        let id = self.ids.of("room", &room.key, room.created_at);
        let (row, is_second) = match &pair {
            Some((one, other)) => self.direct(room, id, one, other).await?,
            None => (self.group(room, id, &members), false),
        };
        self.rooms.insert(room.key.clone(), Arc::new(target(room, row.id, &members)));
        if is_second {
            self.report.change(format!("room {}: goes into another of the same two people", room.key));
            return Ok(None);
        }
        let in_use = members.into_iter().filter(|(_, account)| pair.is_some() || account.is_active).collect();
        Ok(Some(self.with_members(room, row, in_use)))
    }

    /// Those who have accounts, each once.
    fn members<'r>(&mut self, room: &'r Room) -> Vec<(&'r Member, Account)> {
        let mut seen = BTreeSet::new();
        let mut members = Vec::new();
        for member in &room.members {
            match self.people.get(&member.person) {
                Some(account) if seen.insert(account.id) => members.push((member, account.clone())),
                Some(_) => {}
                None => {
                    let key = format!("{} of room {}", member.person, room.key);
                    self.report.leave_out(LeftOut::new("member", key, "there is no such person"));
                }
            }
        }
        members
    }

    /// The one room of two people, and whether another room of this source has become it.
    async fn direct(
        &mut self,
        room: &Room,
        id: Uuid,
        one: &Account,
        other: &Account,
    ) -> anyhow::Result<(rooms::Model, bool)> {
        let key = queries::rooms::direct_key(one.id, other.id);
        let before = self.directs.get(&key).copied();
        let found = queries::rooms::find_direct(self.app.db.read(), one.id, other.id).await?;
        let id = before.or(found.map(|found| found.id)).unwrap_or(id);
        self.directs.insert(key.clone(), id);
        let mut row = self.blank(room, id, RoomType::Direct);
        row.slug = queries::rooms::direct_slug(&one.username, &other.username);
        row.direct_key = Some(key);
        Ok((row, before.is_some()))
    }

    fn group(&self, room: &Room, id: Uuid, members: &[(&Member, Account)]) -> rooms::Model {
        let mut row = self.blank(room, id, RoomType::Group);
        let (mut name, mut topic) = (String::new(), String::new());
        if let RoomKind::Group { name: given, topic: said, is_public } = &room.kind {
            (name, topic) = (line(given, MAX_NAME), line(said, MAX_TOPIC));
            let visibility = if *is_public { Visibility::Public } else { Visibility::Private };
            visibility.as_str().clone_into(&mut row.visibility);
        }
        if text::is_blank(&name) {
            let names: Vec<&str> =
                members.iter().take(NAMED).map(|(_, account)| account.username.as_str()).collect();
            name = line(&names.join(", "), MAX_NAME);
        }
        row.name_key = name_key(&name);
        row.slug = text::slug(&name);
        row.name = Some(name);
        row.topic = topic;
        row
    }

    fn blank(&self, room: &Room, id: Uuid, room_type: RoomType) -> rooms::Model {
        let now = self.app.clock.now().millis();
        let creator = room.creator.as_ref().and_then(|key| self.people.get(key)).map(|account| account.id.0);
        let created_at = room.created_at.unwrap_or(now).clamp(0, now);
        rooms::Model {
            created_by: creator,
            is_active: room.is_active,
            ..rooms::Model::blank(id, room_type, Uuid::nil(), created_at)
        }
    }

    fn with_members(&self, room: &Room, mut row: rooms::Model, members: Vec<(&Member, Account)>) -> Prepared {
        let owner = owner(room, &members, row.created_by);
        let role = |member: &Member, account: &Account| match row.room_type() {
            RoomType::Direct => Role::Member,
            RoomType::Group if Some(account.id) == owner => Role::Owner,
            RoomType::Group if member.is_admin || member.is_owner => Role::Admin,
            RoomType::Group => Role::Member,
        };
        let rows = members.iter().map(|(member, account)| {
            let joined_at = member.joined_at.map_or(row.created_at, |at| at.max(row.created_at));
            let joined_at = Timestamp::from_millis(joined_at.min(self.app.clock.now().millis()));
            queries::members::newcomer(&row, account.id, role(member, account), joined_at)
        });
        let rows: Vec<room_members::Model> = rows.collect();
        let notes = members
            .iter()
            .map(|(member, _)| self.ids.of("member", &format!("{}\n{}", room.key, member.person), None));
        let notes = notes.collect();
        row.member_count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Prepared { row, members: rows, notes }
    }

    async fn store_new(&self, rooms: Vec<Prepared>) -> anyhow::Result<()> {
        if self.options.dry_run || rooms.is_empty() {
            return Ok(());
        }
        let (db, now) = (&self.app.db, self.app.clock.now());
        let store = || async {
            let tx = db.begin().await?;
            for room in &rooms {
                queries::rooms::insert(&tx, room.row.clone()).await?;
                imports::insert_members(&tx, room.members.clone()).await?;
            }
            let notes = rooms.iter().flat_map(|room| room.notes.iter().copied());
            imports::note(&tx, notes, now).await?;
            Ok(tx.commit().await?)
        };
        Ok(retry::on_busy(store).await?)
    }

    /// Those who have come since the import before. Who has left in the meantime stays away.
    async fn add_missing(&mut self, room: Prepared) -> anyhow::Result<()> {
        let noted = imports::noted(self.app.db.read(), &room.notes).await?;
        self.report.known("member", noted.len());
        let (members, notes): (Vec<_>, Vec<_>) =
            room.members.into_iter().zip(room.notes).filter(|(_, note)| !noted.contains(note)).unzip();
        if members.is_empty() {
            return Ok(());
        }
        self.report.brought("member", members.len());
        if self.options.dry_run {
            return Ok(());
        }
        let (db, now, id) = (&self.app.db, self.app.clock.now(), RoomId(room.row.id));
        let add = || async {
            let tx = db.begin().await?;
            let mut row = queries::access::lock_room(&tx, id).await?;
            let people: Vec<UserId> = members.iter().map(|member| UserId(member.user_id)).collect();
            let present = queries::members::present(&tx, id, &people).await?;
            let mut added = members.clone();
            added.retain(|member| !present.contains(&UserId(member.user_id)));
            for member in &mut added {
                member.joined_seq = row.last_seq;
                member.role = member.role.min(room_members::role_number(Role::Admin));
            }
            row.member_count += i64::try_from(added.len()).unwrap_or_default();
            imports::insert_members(&tx, added).await?;
            imports::store_member_count(&tx, &row).await?;
            imports::note(&tx, notes.iter().copied(), now).await?;
            Ok(tx.commit().await?)
        };
        Ok(retry::on_busy(add).await?)
    }
}

fn target(room: &Room, id: Uuid, members: &[(&Member, Account)]) -> Target {
    let names = members.iter().map(|(_, account)| (charla_db::fold::name_key(&account.username), account.id));
    let read_until = members.iter().filter_map(|(member, account)| Some((account.id, member.read_until?)));
    Target {
        id,
        names: names.collect(),
        read_until: read_until.collect(),
        members: members.iter().map(|(_, account)| account.id).collect(),
        knows_reads: room.knows_reads,
    }
}

/// Whom a group belongs to: its owner there, else who made it, else the admin who has been there longest, else the member.
fn owner(room: &Room, members: &[(&Member, Account)], creator: Option<Uuid>) -> Option<UserId> {
    let rank = |(member, account): &&(&Member, Account)| {
        let is_creator = Some(account.id.0) == creator;
        let kind = [member.is_owner, is_creator, member.is_admin, true].into_iter().position(|is_so| is_so);
        (kind, member.joined_at.or(room.created_at).unwrap_or_default())
    };
    members.iter().min_by_key(rank).map(|(_, account)| account.id)
}

/// One line of so many characters at most.
fn line(text: &str, most: usize) -> String {
    text::clean_line(&text.replace(['\n', '\t'], " ")).chars().take(most).collect()
}
