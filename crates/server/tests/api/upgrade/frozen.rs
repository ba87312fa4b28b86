//! What each release has left behind: rows as the migration that makes their table knows them. Never edited, only added to.

mod messages;
mod people;
mod rooms;

use sea_orm::Value;
use uuid::Uuid;

/// A row that is put in right after its migration, or that the migration derives from others.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) migration: &'static str,
    pub(super) table: &'static str,
    pub(super) values: Vec<(&'static str, Value)>,
    pub(super) is_derived: bool,
}

const ANA: u128 = 0x0192_f0c1_7c1e_7b5e_9d3c_2f1a_5b6c_7d8e;
const BOB: u128 = ANA + 1;
const ROOM: u128 = ANA + 2;
const DIRECT: u128 = ANA + 3;
const MESSAGE: u128 = ANA + 4;
const REPLY: u128 = ANA + 5;
const FILE: u128 = ANA + 6;
const SESSION: u128 = ANA + 7;
const SEGMENT: u128 = ANA + 8;
const NOON: i64 = 1_700_000_000_123;
/// Past what 32 bits hold, and all that 53 do.
const MANY: i64 = 9_007_199_254_740_993;

/// The rows in the order in which they can be put in.
pub(super) fn rows() -> Vec<Row> {
    [
        people::people(),
        rooms::rooms(),
        messages::messages(),
        messages::files(),
        people::friends(),
        messages::reactions(),
        people::mail(),
        rooms::room_extras(),
        messages::search(),
        rooms::clearings(),
        rooms::read_marks(),
        rooms::imports(),
        people::two_factor(),
        people::audit(),
        people::sanctions(),
        people::reports(),
        messages::replies(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn row<const N: usize>(
    migration: &'static str,
    table: &'static str,
    values: [(&'static str, Value); N],
) -> Row {
    Row { migration, table, values: values.into(), is_derived: false }
}

fn derived(row: Row) -> Row {
    Row { is_derived: true, ..row }
}

fn id(number: u128) -> Value {
    Uuid::from_u128(number).into()
}

fn no_id() -> Value {
    Value::Uuid(None)
}

fn text(text: &str) -> Value {
    text.into()
}

fn no_text() -> Value {
    Value::String(None)
}

/// More than MySQL's `TEXT` holds.
fn long_text() -> String {
    "¡Hola! 🎉 ".repeat(8_000)
}

fn number(number: i64) -> Value {
    number.into()
}

fn no_number() -> Value {
    Value::BigInt(None)
}

fn small(number: i16) -> Value {
    number.into()
}

fn yes() -> Value {
    true.into()
}

fn no() -> Value {
    false.into()
}
