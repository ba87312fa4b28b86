//! Statements whose columns are all texts.

use sea_orm::{
    DbBackend,
    sea_query::{
        Alias, Expr, ExprTrait, IntoIden, MysqlQueryBuilder, PostgresQueryBuilder, Query, SelectStatement,
        SqliteQueryBuilder,
    },
};

/// A row of texts.
#[derive(Clone, Debug)]
pub(super) struct Row(pub(super) Vec<Option<String>>);

impl Row {
    /// The value of a column, if it has one that is not empty.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index)?.as_deref().filter(|value| !value.is_empty())
    }

    /// The value of a column as it is; empty where there is none.
    pub(super) fn text(&self, index: usize) -> String {
        self.get(index).unwrap_or_default().to_owned()
    }
}

/// A `SELECT` of some columns of a table; what there is no column for is null.
#[derive(Clone, Debug)]
pub(super) struct Select {
    backend: DbBackend,
    pub(super) query: SelectStatement,
    table: String,
}

impl Select {
    pub(super) fn from(backend: DbBackend, table: &str) -> Self {
        let mut query = Query::select();
        query.from(Alias::new(table));
        Self { backend, query, table: table.to_owned() }
    }

    /// The next column.
    #[must_use]
    pub(super) fn column(self, name: Option<&str>) -> Self {
        let table = self.table.clone();
        self.column_of(&table, name)
    }

    /// The next column, of another table.
    #[must_use]
    pub(super) fn column_of(mut self, table: &str, name: Option<&str>) -> Self {
        let value = name.map_or_else(|| Expr::val(Option::<String>::None), |name| column(table, name));
        self.query.expr(self.as_text(value));
        self
    }

    /// Only rows whose column is one of these texts.
    #[must_use]
    pub(super) fn where_in(mut self, name: &str, values: &[String]) -> Self {
        self.query.and_where(column(&self.table, name).is_in(values.iter().cloned()));
        self
    }

    fn as_text(&self, value: Expr) -> Expr {
        let kind = if self.backend == DbBackend::MySql { "char" } else { "text" };
        value.cast_as(Alias::new(kind))
    }

    /// As SQL, with its values in it: so that each database takes a text for what its column is.
    pub(super) fn sql(&self) -> String {
        match self.backend {
            DbBackend::MySql => self.query.to_string(MysqlQueryBuilder),
            DbBackend::Postgres => self.query.to_string(PostgresQueryBuilder),
            _ => self.query.to_string(SqliteQueryBuilder),
        }
    }
}

pub(super) fn column(table: &str, name: &str) -> Expr {
    Expr::col((Alias::new(table).into_iden(), Alias::new(name).into_iden()))
}
