//! The rows of all tables, whatever they mean: for what is kept, brought back, and carried to another database.
//!
//! A row looks the same whichever database it comes from, and so does its line: the JSON that stands in a backup, and of which the
//! digest of a table is made.

mod batch;
mod digest;
mod line;
mod read;
mod table;
mod target;

pub use batch::{Batch, Writer};
pub use digest::Digest;
pub use read::{count, digest, rows};
pub use table::{Column, Kind, Table, tables};
pub use target::{begin, clear, end, occupied};

/// The values of a row, in the order of its table's columns; each of the variant of its column's [`Kind`].
pub type Row = Vec<sea_orm::Value>;
