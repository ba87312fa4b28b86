//! Several columns at once against a list.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, ExprTrait, Value,
    sea_query::{Asterisk, Expr, Query, ValueTuple},
};

use crate::lists::padded;

/// Whether the columns have the values of one of these keys, which is one look into an index of them for each. Lists side by side
/// would be one for each value of the first with each of the second: MySQL goes through all of those, and so does PostgreSQL
/// before 17.
pub(crate) fn any_key<C: ColumnTrait, const N: usize>(
    db: &impl ConnectionTrait,
    columns: [C; N],
    keys: impl IntoIterator<Item = [Value; N]>,
) -> Expr {
    let keys = padded(keys.into_iter().map(|key| ValueTuple::Many(key.into())));
    if keys.is_empty() {
        return Expr::val(1).eq(2);
    }
    let columns = Expr::tuple(columns.map(|column| Expr::col(column.as_column_ref())));
    match db.get_database_backend() {
        // It looks into the index for a list, and not for what it takes for a subquery.
        DbBackend::MySql => columns.in_tuples(keys),
        // SQLite takes no list of keys, and PostgreSQL would make a condition of its own of each.
        _ => columns.in_subquery(Query::select().column(Asterisk).from_values(keys, "these").to_owned()),
    }
}
