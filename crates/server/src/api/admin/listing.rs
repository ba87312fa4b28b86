//! What lists have in common that can be ordered in several ways.

use charla_db::queries::{
    admin::{Place, Position},
    paging::{Ask, Seek},
};
use charla_protocol::ErrorCode;

use super::super::page;
use crate::error::{Error, Result};

/// Checks that a position is one of the order that is asked for: of a list by name, or by a number.
///
/// # Errors
/// `invalid_cursor`
pub(super) fn check_position(ask: &Ask<Position>, is_by_name: bool) -> Result<()> {
    let (Seek::After((place, _)) | Seek::Before((place, _))) = &ask.seek else { return Ok(()) };
    match place {
        Place::Text(text) if is_by_name => page::check_position(text),
        Place::Number(_) if !is_by_name => Ok(()),
        _ => Err(Error::new(ErrorCode::InvalidCursor)),
    }
}
