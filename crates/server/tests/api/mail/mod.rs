//! Mails, through a real mail server: which are sent, what is in them, and what their links do.

mod gone;
mod hostile;
mod notices;
mod queue;
mod reset;
mod secure;
pub(crate) mod support;
mod verify;
