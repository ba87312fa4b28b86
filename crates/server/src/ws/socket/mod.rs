//! WebSockets on the wire (RFC 6455, `permessage-deflate` of RFC 7692), as far as a server needs them.
//!
//! Made for many sockets that mostly wait: a socket without work has no buffer, and an event is framed and compressed once,
//! whoever gets it. A library that owns its stream copies each frame into a buffer for each socket.

mod decode;
mod deflate;
mod frame;
mod line;
mod secured;
mod upgrade;

pub(super) use decode::{Decoder, Incoming, Violation};
pub(super) use frame::Frame;
pub(super) use line::Line;
pub(super) use upgrade::{Opened, Upgrade};
