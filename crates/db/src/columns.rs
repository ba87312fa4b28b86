//! The columns of a row in the order in which a statement asks for them. Looking one up by its name takes longer than reading it.

use sea_orm::{DbErr, QueryResult, TryGetable};

/// What is left to read of a row.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(crate) const fn of(row: &'a QueryResult) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// Where there is none, or it is of another type.
    pub(crate) fn take<T: TryGetable>(&mut self) -> Result<T, DbErr> {
        let index = self.next;
        self.next += 1;
        self.row.try_get_by_index(index)
    }
}
