//! Writing many rows.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, Value,
    sea_query::{Expr, Query},
};

use super::{Row, Table};
use crate::{Db, Result};

/// Values of a statement at most. SQLite takes 32,766.
const VALUES: usize = 16_384;
/// Bytes of a statement, about: MariaDB takes 16 MiB where nobody says otherwise.
const BYTES: usize = 1024 * 1024;
/// Statements of a transaction: enough that waiting for the disk does not count.
const STATEMENTS: usize = 16;

/// Rows that are written with one statement.
#[derive(Debug, Default)]
pub struct Batch {
    rows: Vec<Row>,
    values: usize,
    bytes: usize,
}

impl Batch {
    /// Adds a row, and gives the batch that is full with it.
    pub fn push(&mut self, row: Row) -> Option<Self> {
        self.values += row.len();
        self.bytes += row.iter().map(bytes).sum::<usize>();
        let width = row.len();
        self.rows.push(row);
        let is_full = self.values + width > VALUES || self.bytes >= BYTES;
        is_full.then(|| std::mem::take(self))
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

fn bytes(value: &Value) -> usize {
    match value {
        Value::String(Some(text)) => text.len(),
        Value::Bytes(Some(bytes)) => bytes.len(),
        _ => 16,
    }
}

/// Writes batches into a table, several with a transaction.
#[derive(Debug)]
pub struct Writer<'a> {
    db: &'a Db,
    table: &'a Table,
    tx: Option<DatabaseTransaction>,
    statements: usize,
}

impl<'a> Writer<'a> {
    pub fn new(db: &'a Db, table: &'a Table) -> Self {
        Self { db, table, tx: None, statements: 0 }
    }

    /// Writes a batch. What comes before is committed by and by.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn write(&mut self, batch: Batch) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let tx = match &mut self.tx {
            Some(tx) => tx,
            none => none.insert(self.db.begin_unhurried().await?),
        };
        let mut insert = Query::insert();
        insert.into_table(self.table.iden()).columns(self.table.column_idens());
        for row in batch.rows {
            insert.values_panic(row.into_iter().map(Expr::val));
        }
        tx.execute(&insert).await?;
        self.statements += 1;
        if self.statements == STATEMENTS {
            self.commit().await?;
        }
        Ok(())
    }

    /// Commits what is left.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn finish(mut self) -> Result<()> {
        self.commit().await
    }

    async fn commit(&mut self) -> Result<()> {
        self.statements = 0;
        match self.tx.take() {
            Some(tx) => Ok(tx.commit().await?),
            None => Ok(()),
        }
    }
}
