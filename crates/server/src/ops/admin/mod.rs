//! What staff change of what is others'. Who may is looked at in the transaction of each act, which writes it down.

pub mod rooms;
pub mod settings;
pub mod users;
