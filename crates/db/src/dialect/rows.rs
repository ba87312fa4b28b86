//! Many rows with few statements, in few lengths where the database takes padding: connections have those prepared.

use std::{fmt::Write, iter};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable, ModelTrait,
    Statement, Value,
};

use crate::{Result, lists::length};

/// Rows that a statement inserts at most: well below what it takes in parameters.
const ROWS: usize = 512;

/// Inserts rows, in their order.
///
/// # Errors
/// `Duplicate` where a row of that key exists; those of the database.
pub(crate) async fn insert_all<M: ModelTrait>(
    tx: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = M>,
) -> Result<()> {
    let backend = tx.get_database_backend();
    let rows: Vec<M> = rows.into_iter().collect();
    for rows in rows.chunks(ROWS) {
        tx.execute_raw(insertion(backend, rows)).await?;
    }
    Ok(())
}

/// Gives the rows of a table that have these keys other values: in each row the key, and a value for each column. No key twice.
///
/// # Errors
/// Those of the database.
pub(crate) async fn update_all<C: ColumnTrait, const N: usize>(
    tx: &impl ConnectionTrait,
    (key, columns): (C, [C; N]),
    rows: impl IntoIterator<Item = (Value, [Value; N])>,
) -> Result<()> {
    let rows: Vec<(Value, [Value; N])> = rows.into_iter().collect();
    for rows in rows.chunks(ROWS) {
        tx.execute_raw(update(tx.get_database_backend(), (key, columns), rows)).await?;
    }
    Ok(())
}

/// The rows, as they are on MySQL. On PostgreSQL and SQLite there are behind them as many without values as the length takes,
/// which a limit keeps away.
fn insertion<M: ModelTrait>(backend: DbBackend, rows: &[M]) -> Statement {
    let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter().collect();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let mut values: Vec<Value> =
        rows.iter().flat_map(|row| columns.iter().map(|column| row.get(*column))).collect();
    let count = if backend == DbBackend::MySql { rows.len() } else { length(rows.len()) };
    for missing in 0..(count - rows.len()) * columns.len() {
        values.push(values[missing].as_null());
    }
    let list = list(backend, count, columns.len());
    let into = into(backend, M::Entity::default().table_name(), &names);
    if backend == DbBackend::MySql {
        return Statement::from_sql_and_values(backend, format!("{into} {list}"), values);
    }
    values.push(i64::try_from(rows.len()).unwrap_or(i64::MAX).into());
    let limit = if backend == DbBackend::Postgres { format!("${}", values.len()) } else { "?".to_owned() };
    let sql = format!("{into} SELECT * FROM ({list}) AS these LIMIT {limit}");
    Statement::from_sql_and_values(backend, sql, values)
}

/// Behind the rows come as many without values as the length takes: nothing has a key that is null.
fn update<C: ColumnTrait, const N: usize>(
    backend: DbBackend,
    (key, columns): (C, [C; N]),
    rows: &[(Value, [Value; N])],
) -> Statement {
    let missing = (rows[0].0.as_null(), rows[0].1.each_ref().map(Value::as_null));
    let missing = iter::repeat_n(&missing, length(rows.len()) - rows.len());
    let rows: Vec<&(Value, [Value; N])> = rows.iter().chain(missing).collect();
    let (table, names) = (key.entity_name().to_string(), columns.map(|column| column.as_str()));
    match backend {
        DbBackend::MySql => update_by_cases(&table, key.as_str(), names, &rows),
        _ => update_from_list(backend, &table, key.as_str(), names, &rows),
    }
}

fn update_from_list<const N: usize>(
    backend: DbBackend,
    table: &str,
    key: &str,
    names: [&str; N],
    rows: &[&(Value, [Value; N])],
) -> Statement {
    let values = rows.iter().flat_map(|(key, values)| iter::once(key).chain(values)).cloned();
    let set = names.iter().zip(2..).map(|(name, number)| format!("{name} = these.column{number}"));
    let (set, list) = (set.collect::<Vec<_>>().join(", "), list(backend, rows.len(), N + 1));
    let sql = format!("UPDATE {table} SET {set} FROM ({list}) AS these WHERE {table}.{key} = these.column1");
    Statement::from_sql_and_values(backend, sql, values)
}

/// MySQL and MariaDB have no form in common that joins a list.
fn update_by_cases<const N: usize>(
    table: &str,
    key: &str,
    names: [&str; N],
    rows: &[&(Value, [Value; N])],
) -> Statement {
    let cases = format!("WHEN {key} = ? THEN ? ").repeat(rows.len());
    let set = names.map(|name| format!("{name} = CASE {cases}END")).join(", ");
    let keys = vec!["?"; rows.len()].join(", ");
    let of_column =
        |column: usize| rows.iter().flat_map(move |(key, values)| [key.clone(), values[column].clone()]);
    let values = (0..N).flat_map(of_column).chain(rows.iter().map(|(key, _)| key.clone()));
    let sql = format!("UPDATE {table} SET {set} WHERE {key} IN ({keys})");
    Statement::from_sql_and_values(DbBackend::MySql, sql, values)
}

fn into(backend: DbBackend, table: &str, columns: &[&str]) -> String {
    match backend {
        DbBackend::MySql => format!("INSERT INTO {table} (`{}`)", columns.join("`, `")),
        _ => format!(r#"INSERT INTO {table} ("{}")"#, columns.join(r#"", ""#)),
    }
}

/// `VALUES ($1, $2), ($3, $4)`
fn list(backend: DbBackend, rows: usize, columns: usize) -> String {
    let mut list = "VALUES ".to_owned();
    for number in 0..rows * columns {
        list.push_str(match (number, number % columns) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        });
        match backend {
            DbBackend::Postgres => write!(list, "${}", number + 1).expect("a string takes all there is"),
            _ => list.push('?'),
        }
    }
    list.push(')');
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_rows() {
        assert_eq!(list(DbBackend::Postgres, 2, 2), "VALUES ($1, $2), ($3, $4)");
        assert_eq!(list(DbBackend::Sqlite, 3, 1), "VALUES (?), (?), (?)");
    }
}
