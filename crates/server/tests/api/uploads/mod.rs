//! `uploads/`, and what becomes of them.

mod avatars;
mod claiming;
mod cleaning;
mod cleanup;
mod receiving;
mod storage;
pub(crate) mod support;
mod waiting;
