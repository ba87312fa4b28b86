//! The tables, one file each. Times are whole milliseconds since the Unix epoch, ids are made by the application.

pub mod blocks;
pub mod clearings;
pub mod drafts;
pub mod files;
pub mod friend_requests;
pub mod friendships;
pub mod imported;
pub mod invites;
pub mod link_tokens;
pub mod mails;
pub mod mentions;
pub mod message_versions;
pub mod messages;
pub mod pins;
pub mod reactions;
pub mod read_marks;
pub mod read_steps;
pub mod room_members;
pub mod rooms;
pub mod search_rooms;
pub mod search_segments;
pub mod search_words;
pub mod server_state;
pub mod sessions;
pub mod system_events;
pub mod users;
