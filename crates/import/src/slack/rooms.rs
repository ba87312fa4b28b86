//! Channels, and what few or two people have with each other.

use super::{export::Channel, list};
use crate::{
    model::{Member, Room, RoomKind},
    source::Zip,
};

/// A channel, and its folder in the archive.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) channel: Channel,
    pub(super) folder: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Public,
    Private,
    /// Without a name of its own.
    Few,
    Two,
}

/// All that the archive has, public channels first.
///
/// # Errors
/// Where one of its lists is not in order.
pub(super) fn places(zip: &Zip, root: &str) -> anyhow::Result<Vec<Place>> {
    let lists = [
        ("channels.json", Kind::Public),
        ("groups.json", Kind::Private),
        ("mpims.json", Kind::Few),
        ("dms.json", Kind::Two),
    ];
    let mut places = Vec::new();
    for (name, kind) in lists {
        let channels: Vec<Channel> = list(zip, &format!("{root}{name}"))?;
        places.extend(channels.into_iter().map(|channel| {
            let name = if channel.name.is_empty() { &channel.id } else { &channel.name };
            Place { folder: format!("{root}{name}/"), channel, kind }
        }));
    }
    Ok(places)
}

impl Place {
    pub(super) fn room(&self) -> Room {
        let channel = &self.channel;
        let topics = [&channel.topic.value, &channel.purpose.value];
        let topic = topics.into_iter().find(|topic| !topic.is_empty()).cloned().unwrap_or_default();
        let kind = match self.kind {
            Kind::Two => RoomKind::Direct,
            Kind::Few => RoomKind::Group { name: String::new(), topic: String::new(), is_public: false },
            Kind::Public | Kind::Private => {
                RoomKind::Group { name: channel.name.clone(), topic, is_public: self.kind == Kind::Public }
            }
        };
        Room {
            key: channel.id.clone(),
            kind,
            creator: channel.creator.clone().filter(|creator| !creator.is_empty()),
            created_at: channel.created.map(|seconds| seconds.saturating_mul(1000)),
            is_active: !channel.is_archived,
            members: channel.members.iter().map(Member::of).collect(),
            knows_reads: false,
        }
    }
}
