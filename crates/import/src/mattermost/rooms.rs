//! Channels, and what few or two people have with each other.

use std::collections::BTreeMap;

use super::{
    index::Index,
    line::{Channel, DirectChannel, channel_key},
};
use crate::model::{Member, Room, RoomKind};

pub(super) fn rooms(index: &Index) -> Vec<Room> {
    let mut members = members(index);
    let channels = index.channels.iter().map(|(key, channel)| {
        let members = members.remove(key).unwrap_or_default();
        let name = if channel.display_name.is_empty() { &channel.name } else { &channel.display_name };
        let kind =
            RoomKind::Group { name: name.clone(), topic: topic(channel), is_public: channel.kind == "O" };
        let is_active = channel.deleted_at.is_none_or(|at| at == 0);
        room(key, kind, is_active, members)
    });
    let channels: Vec<Room> = channels.collect();
    let directs = index.directs.iter().map(|(key, direct)| {
        let members = direct_members(direct);
        let kind = match members.len() {
            2 => RoomKind::Direct,
            _ => RoomKind::Group { name: String::new(), topic: String::new(), is_public: false },
        };
        room(key, kind, true, members)
    });
    channels.into_iter().chain(directs).collect()
}

fn room(key: &str, kind: RoomKind, is_active: bool, members: Vec<Member>) -> Room {
    Room {
        key: key.to_owned(),
        kind,
        creator: None,
        created_at: None,
        is_active,
        knows_reads: members.iter().any(|member| member.read_until.is_some()),
        members,
    }
}

fn topic(channel: &Channel) -> String {
    if channel.header.is_empty() { channel.purpose.clone() } else { channel.header.clone() }
}

/// By channel.
fn members(index: &Index) -> BTreeMap<String, Vec<Member>> {
    let mut members: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for user in &index.users {
        for team in user.teams.iter().flatten() {
            for channel in team.channels.iter().flatten() {
                let roles = channel.roles.as_deref().unwrap_or_default();
                let member = Member {
                    is_admin: roles.contains("channel_admin"),
                    read_until: channel.last_viewed_at.filter(|at| *at > 0),
                    ..Member::of(&user.username)
                };
                members.entry(channel_key(&team.name, &channel.name)).or_default().push(member);
            }
        }
    }
    members
}

fn direct_members(direct: &DirectChannel) -> Vec<Member> {
    let participants = direct.participants.iter().flatten().map(|person| Member {
        read_until: person.last_viewed_at.filter(|at| *at > 0),
        ..Member::of(&person.username)
    });
    let mut members: Vec<Member> = participants.collect();
    if members.is_empty() {
        members.extend(direct.members.iter().flatten().map(Member::of));
    }
    members
}
