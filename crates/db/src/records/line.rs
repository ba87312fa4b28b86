//! A row as a line of JSON: an object with a member for each column, in their order. Bytes are Base64, ids have hyphens.

use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::Value;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value as Json;

use super::{Kind, Row, Table};

impl Table {
    /// Writes the line of a row behind what is there, without a line feed.
    pub fn write_line(&self, row: &Row, into: &mut Vec<u8>) {
        serde_json::to_writer(into, &Line { table: self, row }).expect("a row is always JSON");
    }

    /// The row of a line; none where that is no row of this table.
    pub fn read_line(&self, line: &[u8]) -> Option<Row> {
        let mut members: serde_json::Map<String, Json> = serde_json::from_slice(line).ok()?;
        let row: Option<Row> =
            self.columns.iter().map(|column| value(column.kind, members.remove(&column.name)?)).collect();
        row.filter(|_| members.is_empty())
    }
}

struct Line<'a> {
    table: &'a Table,
    row: &'a Row,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(self.row.len()))?;
        for (column, value) in self.table.columns.iter().zip(self.row) {
            members.serialize_entry(&column.name, &Member(value))?;
        }
        members.end()
    }
}

struct Member<'a>(&'a Value);

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(Some(value)) => serializer.serialize_bool(*value),
            Value::SmallInt(Some(value)) => serializer.serialize_i16(*value),
            Value::Int(Some(value)) => serializer.serialize_i32(*value),
            Value::BigInt(Some(value)) => serializer.serialize_i64(*value),
            Value::String(Some(value)) => serializer.serialize_str(value),
            Value::Bytes(Some(value)) => serializer.serialize_str(&STANDARD.encode(value)),
            Value::Uuid(Some(value)) => value.serialize(serializer),
            // Rows have no other variants than those of `Kind`.
            _ => serializer.serialize_none(),
        }
    }
}

/// None where a member is not of that kind.
fn value(kind: Kind, member: Json) -> Option<Value> {
    Some(match kind {
        Kind::Boolean => Value::Bool(unless_null(member, |member| member.as_bool())?),
        Kind::SmallInteger => Value::SmallInt(unless_null(member, integer)?),
        Kind::Integer => Value::Int(unless_null(member, integer)?),
        Kind::BigInteger => Value::BigInt(unless_null(member, integer)?),
        Kind::Text => Value::String(unless_null(member, text)?),
        Kind::Bytes => Value::Bytes(unless_null(member, |member| STANDARD.decode(text(member)?).ok())?),
        Kind::Uuid => Value::Uuid(unless_null(member, |member| text(member)?.parse().ok())?),
    })
}

/// `Some(None)` for null; none where `read` finds nothing of its kind.
fn unless_null<T>(member: Json, read: impl FnOnce(Json) -> Option<T>) -> Option<Option<T>> {
    if member.is_null() { Some(None) } else { read(member).map(Some) }
}

fn integer<T: TryFrom<i64>>(member: Json) -> Option<T> {
    T::try_from(member.as_i64()?).ok()
}

fn text(member: Json) -> Option<String> {
    match member {
        Json::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Column;

    fn table() -> Table {
        let kinds = [
            ("flag", Kind::Boolean),
            ("small", Kind::SmallInteger),
            ("middle", Kind::Integer),
            ("big", Kind::BigInteger),
            ("text", Kind::Text),
            ("bytes", Kind::Bytes),
            ("id", Kind::Uuid),
        ];
        let columns = kinds.map(|(name, kind)| Column { name: name.to_owned(), kind });
        Table { name: "things".to_owned(), columns: columns.to_vec() }
    }

    #[test]
    fn a_row_comes_back_from_its_line() {
        let nulls: Row = vec![
            Value::Bool(None),
            Value::SmallInt(None),
            Value::Int(None),
            Value::BigInt(None),
            Value::String(None),
            Value::Bytes(None),
            Value::Uuid(None),
        ];
        let extremes = |big: i64, small: i16, middle: i32| -> Row {
            vec![
                true.into(),
                small.into(),
                middle.into(),
                big.into(),
                "a\nb \"c\" \\ 🦀 \u{1}\u{7f}\u{2028} ñ".into(),
                Value::Bytes(Some((0..=255).collect())),
                uuid::Uuid::max().into(),
            ]
        };
        for row in [nulls, extremes(i64::MIN, i16::MIN, i32::MIN), extremes(i64::MAX, i16::MAX, i32::MAX)] {
            let mut line = Vec::new();
            table().write_line(&row, &mut line);
            assert!(!line.contains(&b'\n'));
            assert_eq!(table().read_line(&line), Some(row));
        }
    }

    #[test]
    fn what_is_no_row_of_the_table_is_refused() {
        let line = |flag: &str, small: &str, more: &str| {
            format!(
                r#"{{"flag":{flag},"small":{small},"middle":0,"big":0,"text":"","bytes":"","id":null{more}}}"#
            )
        };
        assert!(table().read_line(line("true", "1", "").as_bytes()).is_some());
        for wrong in [
            line("1", "1", ""),
            line("true", "32768", ""),
            line("true", "1.5", ""),
            line("true", "\"1\"", ""),
            line("true", "1", r#","more":1"#),
            line("true", "1", "")[1..].to_owned(),
            r#"{"flag":true}"#.to_owned(),
            "[]".to_owned(),
        ] {
            assert_eq!(table().read_line(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
