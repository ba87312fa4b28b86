//! A database that is being filled from elsewhere. Until all of it is there it says so, and no server runs on it.

use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, Query, Table as TableStatement},
};
use sea_orm_migration::SchemaManager;

use super::tables;
use crate::{Db, Error, Result, queries::server_state};

/// Where `server_state` has what fills the database.
pub(super) const UNFINISHED: &str = "unfinished";
/// Where the migrations are noted.
const MIGRATIONS: &str = "seaql_migrations";

impl Db {
    /// What has begun to fill the database, such as `restore`, and has not ended; none for a whole one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unfinished(&self) -> Result<Option<String>> {
        if !SchemaManager::new(self.read()).has_table("server_state").await? {
            return Ok(None);
        }
        server_state::get(self.read(), UNFINISHED).await
    }
}

/// The first table that has rows. What the server remembers of itself does not count: a start leaves that.
///
/// # Errors
/// Those of the database.
pub async fn occupied(db: &Db) -> Result<Option<String>> {
    let manager = SchemaManager::new(db.read());
    for table in tables() {
        if table.name == "server_state" || !manager.has_table(&table.name).await? {
            continue;
        }
        let mut select = Query::select();
        select.expr(Expr::val(1)).from(table.iden()).limit(1);
        if db.read().query_one(&select).await?.is_some() {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

/// Drops all tables.
///
/// # Errors
/// Those of the database.
pub async fn clear(db: &Db) -> Result<()> {
    let names = tables().into_iter().rev().map(|table| table.name).chain([MIGRATIONS.to_owned()]);
    for name in names {
        let drop = TableStatement::drop().table(Alias::new(name)).if_exists().to_owned();
        db.writer().execute(&drop).await?;
    }
    Ok(())
}

/// Notes that `what` fills the database from here on.
///
/// # Errors
/// Those of the database.
pub async fn begin(db: &Db, what: &str) -> Result<()> {
    let tx = db.begin().await?;
    server_state::set(&tx, UNFINISHED, what).await?;
    Ok(tx.commit().await?)
}

/// Notes that the database is whole.
///
/// # Errors
/// `NotFound` where it was so already; those of the database.
pub async fn end(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    if !server_state::delete(&tx, UNFINISHED).await? {
        return Err(Error::NotFound);
    }
    Ok(tx.commit().await?)
}
