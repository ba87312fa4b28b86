//! `uploads/`, and what becomes of them.

mod avatars;
mod claiming;
mod cleanup;
mod cleaning;
mod receiving;
mod support;
mod waiting;
