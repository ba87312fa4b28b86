//! The limits of this machine: the same rows and the same bytes without a server around them.

pub(crate) mod elsewhere;
pub(crate) mod http;
pub(crate) mod page;
pub(crate) mod rows;
pub(crate) mod sockets;
pub(crate) mod writer;
