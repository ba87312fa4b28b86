//! What goes over the wire: ids, times, REST bodies, WebSocket actions and events. No I/O.

pub mod actions;
pub mod admin;
pub mod audit;
pub mod auth;
pub mod blocks;
pub mod bots;
pub mod drafts;
pub mod error;
pub mod events;
pub mod friends;
pub mod ids;
pub mod invites;
pub mod list;
#[cfg(test)]
mod manual;
pub mod members;
pub mod messages;
pub mod null;
pub mod object;
pub mod pins;
pub mod presence;
pub mod reports;
pub mod rooms;
pub mod sanctions;
pub mod timestamp;
pub mod two_factor;
pub mod users;

pub use error::{ErrorCode, Problem};
pub use ids::{FriendRequestId, MessageId, RoomId, SessionId, UserId};
pub use list::List;
pub use timestamp::Timestamp;
