//! Every endpoint whose types are in `charla-protocol`, one file a resource.

pub(crate) mod admin;
pub(crate) mod audit;
mod auth;
mod blocks;
mod bots;
mod drafts;
mod friends;
mod invites;
mod members;
pub(crate) mod messages;
mod pins;
mod presence;
mod reports;
mod rooms;
mod sanctions;
mod two_factor;
mod uploads;
mod users;

pub use uploads::Download;

/// Something that the server made, or had already: a 201, or a 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made<T> {
    pub value: T,
    /// Whether it was made by this call.
    pub is_new: bool,
}

/// Which page of a room's timeline, or of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Newest,
    Before(charla_protocol::MessageId),
    After(charla_protocol::MessageId),
    Around(charla_protocol::MessageId),
    FirstUnread,
}
