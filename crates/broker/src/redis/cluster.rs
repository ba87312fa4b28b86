//! Asks a cluster who has which slots.

use redis::{Cmd, FromRedisValue, Value};

use super::{
    connection::Connection,
    error::Error,
    settings::Place,
    shards::Layout,
    slots::{Range, Slots},
};

/// The masters and their slots, as this node of the cluster sees them.
pub(super) async fn layout(connection: &mut Connection) -> Result<Layout, Error> {
    let mut command = Cmd::new();
    command.arg("CLUSTER").arg("SLOTS");
    let answer = connection.ask(&command).await?;
    let here = connection.place();
    let Value::Array(rows) = answer else { return Err(Error::Unclear(here.clone())) };
    let rows: Option<Vec<_>> = rows.into_iter().map(|row| read(row, here)).collect();
    let rows = rows.ok_or_else(|| Error::Unclear(here.clone()))?;
    let mut masters: Vec<Place> = rows.iter().map(|(_, _, place)| place.clone()).collect();
    masters.sort_unstable();
    masters.dedup();
    let shard = |place: &Place| masters.binary_search(place).unwrap_or_default();
    let ranges =
        rows.iter().map(|(first, last, place)| Range { first: *first, last: *last, shard: shard(place) });
    let slots = Slots::new(ranges.collect()).ok_or(Error::Uncovered)?;
    Ok(Layout { masters, slots })
}

/// First slot, last slot, and the master, before its replicas. One that does not know its own name is where it was asked.
fn read(row: Value, here: &Place) -> Option<(u16, u16, Place)> {
    let Value::Array(cells) = row else { return None };
    let mut cells = cells.into_iter();
    let first = u16::from_redis_value(cells.next()?).ok()?;
    let last = u16::from_redis_value(cells.next()?).ok()?;
    let Value::Array(master) = cells.next()? else { return None };
    let mut master = master.into_iter();
    let host = Option::<String>::from_redis_value(master.next()?).ok()?;
    let port = u16::from_redis_value(master.next()?).ok()?;
    let host = host.filter(|host| !host.is_empty()).unwrap_or_else(|| here.host.clone());
    Some((first, last, Place { host, port }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_name_their_master() {
        let here = Place { host: "here".to_owned(), port: 1 };
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let row = |host: Value| {
            let master = Value::Array(vec![host, Value::Int(7000), text("id"), Value::Map(Vec::new())]);
            let replica = Value::Array(vec![text("b"), Value::Int(7001)]);
            Value::Array(vec![Value::Int(0), Value::Int(99), master, replica])
        };
        let at = |host: &str| Some((0, 99, Place { host: host.to_owned(), port: 7000 }));
        assert_eq!(read(row(text("a")), &here), at("a"));
        assert_eq!(read(row(text("")), &here), at("here"));
        assert_eq!(read(row(Value::Nil), &here), at("here"));
        assert_eq!(read(Value::Array(vec![Value::Int(0)]), &here), None);
    }
}
