//! Files that are kept as they came, but for what they say of where and with what they were made: that is blanked in place, so
//! that nothing else in them moves. What can't be read to its end can't be blanked, and is refused.

mod boxes;
mod heif;
mod patch;
mod samples;
mod tiff;

pub(super) use boxes::{Film, scrub as boxes};
pub(super) use tiff::scrub as tiff;

use std::io::{Error, ErrorKind};

/// The file is not what it begins as.
fn malformed() -> Error {
    ErrorKind::InvalidData.into()
}
