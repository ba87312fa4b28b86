//! Which tables a database has, with which columns, and which of them lead to others.

use std::collections::BTreeMap;

use sea_orm::DbBackend;

use super::connection::Connection;

/// The tables by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Schema(pub(super) BTreeMap<String, Table>);

#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// In their order.
    pub(super) columns: Vec<String>,
    /// Which table a column leads to.
    pub(super) references: BTreeMap<String, String>,
}

impl Table {
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// The first of these columns that it has.
    pub(super) fn first(&self, wanted: &[&str]) -> Option<String> {
        wanted.iter().find(|name| self.has(name)).map(|name| (*name).to_owned())
    }

    /// The columns that lead to a table, in their order.
    pub(super) fn leading_to(&self, table: &str) -> Vec<&str> {
        let leads = |column: &&str| self.references.get(*column).is_some_and(|to| to == table);
        self.columns.iter().map(String::as_str).filter(leads).collect()
    }
}

/// # Errors
/// Those of the database.
pub(super) async fn read(connection: &Connection) -> anyhow::Result<Schema> {
    let (columns, references) = statements(connection.backend());
    let mut schema = Schema::default();
    for row in connection.all(columns.to_owned()).await? {
        schema.0.entry(row.text(0)).or_default().columns.push(row.text(1));
    }
    for row in connection.all(references.to_owned()).await? {
        if let Some(table) = schema.0.get_mut(&row.text(0)) {
            table.references.insert(row.text(1), row.text(2));
        }
    }
    Ok(schema)
}

fn statements(backend: DbBackend) -> (&'static str, &'static str) {
    match backend {
        DbBackend::MySql => (
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.columns \
             WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position",
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(referenced_table_name AS CHAR) \
             FROM information_schema.key_column_usage \
             WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL",
        ),
        DbBackend::Postgres => (
            "SELECT CAST(table_name AS text), CAST(column_name AS text) FROM information_schema.columns \
             WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
            "SELECT CAST(from_table.relname AS text), CAST(attname AS text), CAST(to_table.relname AS text) \
             FROM pg_constraint \
             JOIN pg_class from_table ON from_table.oid = conrelid \
             JOIN pg_class to_table ON to_table.oid = confrelid \
             JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] \
             WHERE contype = 'f' AND from_table.relnamespace = current_schema()::regnamespace",
        ),
        _ => (
            "SELECT tables.name, columns.name FROM sqlite_master tables, pragma_table_info(tables.name) columns \
             WHERE tables.type = 'table' ORDER BY tables.name, columns.cid",
            "SELECT tables.name, keys.\"from\", keys.\"table\" \
             FROM sqlite_master tables, pragma_foreign_key_list(tables.name) keys WHERE tables.type = 'table'",
        ),
    }
}
