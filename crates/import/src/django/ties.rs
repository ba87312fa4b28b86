//! Friendships, requests and blocks.

use super::{
    connection::Connection,
    map::{Kind, Ties},
    rows::Select,
    value::{is_true, millis},
};
use crate::model::{Tie, TieKind};

const ACCEPTED: [&str; 10] =
    ["accepted", "accept", "friends", "friend", "confirmed", "approved", "aceptada", "aceptado", "a", "1"];
const PENDING: [&str; 8] = ["pending", "requested", "sent", "waiting", "pendiente", "p", "0", "send"];
const DECLINED: [&str; 10] = [
    "declined",
    "decline",
    "rejected",
    "reject",
    "cancelled",
    "canceled",
    "removed",
    "rechazada",
    "rechazado",
    "r",
];
const BLOCKED: [&str; 4] = ["blocked", "block", "bloqueado", "b"];

/// # Errors
/// Those of the database.
pub(super) async fn read(connection: &Connection, ties: &[Ties]) -> anyhow::Result<Vec<Tie>> {
    let mut found = Vec::new();
    for table in ties {
        let select = Select::from(connection.backend(), &table.table)
            .column(Some(&table.from))
            .column(Some(&table.to))
            .column(table.status.as_deref())
            .column(table.created_at.as_deref());
        let rows = connection.all(select.sql()).await?;
        found.extend(rows.iter().filter_map(|row| {
            let kind = kind(table, row.get(2))?;
            Some(Tie { kind, from: row.text(0), to: row.text(1), at: row.get(3).and_then(millis) })
        }));
    }
    Ok(found)
}

/// What a row says; none for what was declined.
fn kind(table: &Ties, status: Option<&str>) -> Option<TieKind> {
    let by_itself = match table.kind {
        Kind::Friends => TieKind::Friends,
        Kind::Request => TieKind::Request,
        Kind::Block => TieKind::Block,
    };
    match table.status.as_deref() {
        None => return Some(by_itself),
        Some("is_active") => return is_true(status).then_some(by_itself),
        Some("is_accepted" | "accepted") if is_true(status) => return Some(TieKind::Friends),
        Some("is_accepted" | "accepted") => return Some(TieKind::Request),
        Some(_) => {}
    }
    let status = status.unwrap_or_default().to_lowercase();
    let is = |words: &[&str]| words.contains(&status.as_str());
    if is(&ACCEPTED) {
        Some(TieKind::Friends)
    } else if is(&PENDING) {
        Some(TieKind::Request)
    } else if is(&BLOCKED) {
        Some(TieKind::Block)
    } else {
        (!is(&DECLINED)).then_some(by_itself)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_says() {
        let table = |kind, status: Option<&str>| Ties {
            kind,
            table: String::new(),
            from: String::new(),
            to: String::new(),
            status: status.map(ToOwned::to_owned),
            created_at: None,
        };
        for (of, column, status, expected) in [
            (Kind::Friends, None, None, Some(TieKind::Friends)),
            (Kind::Request, None, None, Some(TieKind::Request)),
            (Kind::Block, None, None, Some(TieKind::Block)),
            (Kind::Request, Some("status"), Some("Accepted"), Some(TieKind::Friends)),
            (Kind::Friends, Some("status"), Some("pending"), Some(TieKind::Request)),
            (Kind::Friends, Some("status"), Some("blocked"), Some(TieKind::Block)),
            (Kind::Request, Some("estado"), Some("rechazada"), None),
            (Kind::Friends, Some("status"), Some("close"), Some(TieKind::Friends)),
            (Kind::Request, Some("is_accepted"), Some("t"), Some(TieKind::Friends)),
            (Kind::Request, Some("is_accepted"), Some("0"), Some(TieKind::Request)),
            (Kind::Request, Some("is_active"), Some("0"), None),
        ] {
            assert_eq!(kind(&table(of, column), status), expected, "{of:?} {column:?} {status:?}");
        }
    }
}
