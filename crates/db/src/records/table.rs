//! Which tables there are, and what is in their columns.

use sea_orm::{
    ColumnTrait, EntityTrait, IdenStatic, Iterable, QueryResult, Value,
    sea_query::{Alias, ColumnType},
};
use serde::{Deserialize, Serialize};

use super::Row;
use crate::{Result, tables};

/// What a column holds. Any may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Boolean,
    /// Of 16 bits.
    SmallInteger,
    /// Of 32 bits.
    Integer,
    /// Of 64 bits.
    BigInteger,
    Text,
    Bytes,
    Uuid,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

/// Every table, in an order in which rows can be written: what a row refers to is in a table before its own. The list of migrations
/// is none of them.
pub fn tables() -> Vec<Table> {
    vec![
        of::<tables::users::Entity>(),
        of::<tables::rooms::Entity>(),
        of::<tables::sessions::Entity>(),
        of::<tables::server_state::Entity>(),
        of::<tables::room_members::Entity>(),
        of::<tables::clearings::Entity>(),
        of::<tables::messages::Entity>(),
        of::<tables::message_versions::Entity>(),
        of::<tables::read_marks::Entity>(),
        of::<tables::read_steps::Entity>(),
        of::<tables::reactions::Entity>(),
        of::<tables::mentions::Entity>(),
        of::<tables::replies::Entity>(),
        of::<tables::pins::Entity>(),
        of::<tables::files::Entity>(),
        of::<tables::drafts::Entity>(),
        of::<tables::invites::Entity>(),
        of::<tables::friendships::Entity>(),
        of::<tables::friend_requests::Entity>(),
        of::<tables::blocks::Entity>(),
        of::<tables::imported::Entity>(),
        of::<tables::mails::Entity>(),
        of::<tables::link_tokens::Entity>(),
        of::<tables::authenticators::Entity>(),
        of::<tables::recovery_codes::Entity>(),
        of::<tables::pending_sign_ins::Entity>(),
        of::<tables::sanctions::Entity>(),
        of::<tables::reports::Entity>(),
        of::<tables::audit_entries::Entity>(),
        of::<tables::search_rooms::Entity>(),
        of::<tables::search_segments::Entity>(),
        of::<tables::search_words::Entity>(),
    ]
}

fn of<E: EntityTrait>() -> Table {
    let column = |column: E::Column| Column { name: column.as_str().to_owned(), kind: Kind::of(&column) };
    Table { name: E::default().table_name().to_owned(), columns: E::Column::iter().map(column).collect() }
}

impl Kind {
    fn of(column: &impl ColumnTrait) -> Self {
        match column.def().get_column_type() {
            ColumnType::Boolean => Self::Boolean,
            ColumnType::SmallInteger => Self::SmallInteger,
            ColumnType::Integer => Self::Integer,
            ColumnType::BigInteger => Self::BigInteger,
            ColumnType::String(_) | ColumnType::Text => Self::Text,
            ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => Self::Bytes,
            ColumnType::Uuid => Self::Uuid,
            other => unreachable!("no table has a column of the type {other:?}, as a test sees to"),
        }
    }

    /// The value at a place of what a query has found.
    fn read(self, found: &QueryResult, place: usize) -> Result<Value> {
        Ok(match self {
            Self::Boolean => Value::Bool(found.try_get_by_index(place)?),
            Self::SmallInteger => Value::SmallInt(found.try_get_by_index(place)?),
            Self::Integer => Value::Int(found.try_get_by_index(place)?),
            Self::BigInteger => Value::BigInt(found.try_get_by_index(place)?),
            Self::Text => Value::String(found.try_get_by_index(place)?),
            Self::Bytes => Value::Bytes(found.try_get_by_index(place)?),
            Self::Uuid => Value::Uuid(found.try_get_by_index(place)?),
        })
    }
}

impl Table {
    /// The name as it stands in statements.
    pub(super) fn iden(&self) -> Alias {
        Alias::new(&self.name)
    }

    /// The names of the columns as they stand in statements.
    pub(super) fn column_idens(&self) -> impl Iterator<Item = Alias> {
        self.columns.iter().map(|column| Alias::new(&column.name))
    }

    /// What a query for all columns has found.
    pub(super) fn read(&self, found: &QueryResult) -> Result<Row> {
        self.columns.iter().enumerate().map(|(place, column)| column.kind.read(found, place)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    use super::*;
    use crate::Db;

    async fn names(db: &Db, sql: &str) -> BTreeSet<String> {
        let rows = db.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// What the migrations have made is what is kept: a table or a column that nobody has listed would be lost.
    #[tokio::test]
    async fn every_table_and_column_of_the_migrations_is_listed() {
        let folder = std::env::temp_dir().join(format!("charla-records-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let db = Db::connect(&format!("sqlite://{}/x.db", folder.display()), 1).await.unwrap();
        db.migrate().await.unwrap();
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations'";
        let mut there = BTreeMap::new();
        for table in names(&db, sql).await {
            let columns = names(&db, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            there.insert(table, columns);
        }
        let columns = |table: Table| table.columns.into_iter().map(|column| column.name).collect();
        let listed: BTreeMap<String, BTreeSet<String>> =
            tables().into_iter().map(|table| (table.name.clone(), columns(table))).collect();
        db.close().await.unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(listed, there);
        assert_eq!(listed.len(), tables().len(), "a table is listed twice");
    }
}
