//! `uploads/`, and what becomes of them.

mod avatars;
mod claiming;
mod cleaning;
mod cleanup;
mod gate;
mod late;
mod receiving;
mod storage;
pub(crate) mod support;
mod waiting;
