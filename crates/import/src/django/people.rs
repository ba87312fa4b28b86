//! Users.

use sea_orm::Order;

use super::{
    connection::Connection,
    map::Users,
    rows::{Row, Select, column},
    value::{is_true, millis},
};
use crate::model::Person;

/// # Errors
/// Those of the database.
pub(super) async fn read(connection: &Connection, users: &Users) -> anyhow::Result<Vec<Person>> {
    let columns = [
        Some(&users.id),
        Some(&users.username),
        users.email.as_ref(),
        users.password.as_ref(),
        users.display_name.as_ref(),
        users.first_name.as_ref(),
        users.last_name.as_ref(),
        users.bio.as_ref(),
        users.phone_number.as_ref(),
        users.is_active.as_ref(),
        users.is_superuser.as_ref(),
        users.joined_at.as_ref(),
        users.last_seen.as_ref(),
    ];
    let mut select = Select::from(connection.backend(), &users.table);
    for name in columns {
        select = select.column(name.map(String::as_str));
    }
    select.query.order_by_expr(column(&users.table, &users.id), Order::Asc);
    let rows = connection.all(select.sql()).await?;
    let person = |row: Row| {
        let whole = [row.get(5), row.get(6)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Person {
            key: row.text(0),
            username: row.text(1),
            email: row.get(2).map(ToOwned::to_owned),
            password_hash: row.get(3).map(ToOwned::to_owned),
            display_name: row.get(4).map_or(whole, ToOwned::to_owned),
            bio: row.text(7),
            phone_number: row.get(8).map(ToOwned::to_owned),
            is_active: users.is_active.is_none() || is_true(row.get(9)),
            is_administrator: is_true(row.get(10)),
            joined_at: row.get(11).and_then(millis),
            last_seen: row.get(12).and_then(millis),
        }
    };
    Ok(rows.into_iter().map(person).collect())
}
