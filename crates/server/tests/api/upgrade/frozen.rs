//! What each release has left behind: rows as the migration that makes their table knows them. Never edited, only added to.

use sea_orm::Value;
use uuid::Uuid;

/// A row that is put in right after its migration.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) migration: &'static str,
    pub(super) table: &'static str,
    pub(super) values: Vec<(&'static str, Value)>,
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
    [people(), rooms(), messages(), files(), friends(), reactions(), mail(), room_extras(), search()]
        .into_iter()
        .flatten()
        .collect()
}

fn people() -> Vec<Row> {
    const M: &str = "m0001_people";
    vec![
        row(
            M,
            "users",
            [
                ("id", id(ANA)),
                ("username", text("José")),
                ("username_key", text("josé")),
                ("email", text("Jose@example.org")),
                ("email_key", text("jose@example.org")),
                ("email_verified_at", number(NOON + 1)),
                ("password_hash", text("$argon2id$…")),
                ("display_name", text("José 🎉")),
                ("display_name_key", text("jose")),
                ("bio", text("日本語\nעברית")),
                ("phone_number", text("+34600123456")),
                ("avatar_id", id(FILE)),
                ("language", text("es")),
                ("direct_messages", text("everyone")),
                ("show_last_seen", yes()),
                ("send_read_receipts", no()),
                ("is_active", yes()),
                ("is_staff", no()),
                ("is_superuser", yes()),
                ("date_joined", number(NOON)),
                ("last_seen", number(NOON + 2)),
                ("deleted_at", no_number()),
            ],
        ),
        row(
            M,
            "users",
            [
                ("id", id(BOB)),
                ("username", text("deleted")),
                ("username_key", text("deleted")),
                ("email", no_text()),
                ("email_key", no_text()),
                ("email_verified_at", no_number()),
                ("password_hash", text("")),
                ("display_name", text("")),
                ("display_name_key", text("")),
                ("bio", text("")),
                ("phone_number", no_text()),
                ("avatar_id", no_id()),
                ("language", no_text()),
                ("direct_messages", text("friends")),
                ("show_last_seen", no()),
                ("send_read_receipts", yes()),
                ("is_active", no()),
                ("is_staff", yes()),
                ("is_superuser", no()),
                ("date_joined", number(NOON)),
                ("last_seen", no_number()),
                ("deleted_at", number(NOON + 3)),
            ],
        ),
        row(
            M,
            "sessions",
            [
                ("id", id(SESSION)),
                ("user_id", id(ANA)),
                ("refresh_id", id(SESSION + 100)),
                ("user_agent", text("Mozilla/5.0 (ü)")),
                ("ip_address", text("2001:db8::1")),
                ("created_at", number(NOON)),
                ("last_used_at", number(NOON + 1)),
                ("expires_at", number(NOON + 2)),
                ("ended_at", no_number()),
            ],
        ),
        row(M, "server_state", [("name", text("setup_token")), ("value", text("a hash of it"))]),
    ]
}

fn rooms() -> Vec<Row> {
    const M: &str = "m0002_rooms";
    vec![
        row(
            M,
            "rooms",
            [
                ("id", id(ROOM)),
                ("room_type", text("group")),
                ("visibility", text("private")),
                ("history", text("joined")),
                ("name", text("Café ☕")),
                ("name_key", text("cafe ☕")),
                ("slug", text("cafe")),
                ("topic", text("Para hablar\nde todo")),
                ("avatar_id", id(FILE)),
                ("created_by", id(ANA)),
                ("is_active", yes()),
                ("created_at", number(NOON)),
                ("revision", number(MANY)),
                ("member_count", number(1)),
                ("last_message_id", id(REPLY)),
                ("last_seq", number(2)),
                ("last_activity_at", number(NOON + 9)),
                ("direct_key", no_text()),
            ],
        ),
        row(
            M,
            "rooms",
            [
                ("id", id(DIRECT)),
                ("room_type", text("direct")),
                ("visibility", text("private")),
                ("history", text("all")),
                ("name", no_text()),
                ("name_key", text("")),
                ("slug", text("")),
                ("topic", text("")),
                ("avatar_id", no_id()),
                ("created_by", no_id()),
                ("is_active", no()),
                ("created_at", number(NOON)),
                ("revision", number(0)),
                ("member_count", number(0)),
                ("last_message_id", no_id()),
                ("last_seq", number(0)),
                ("last_activity_at", number(NOON)),
                (
                    "direct_key",
                    text("0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8e:0192f0c1-7c1e-7b5e-9d3c-2f1a5b6c7d8f"),
                ),
            ],
        ),
        row(
            M,
            "room_members",
            [
                ("room_id", id(ROOM)),
                ("user_id", id(ANA)),
                ("role", small(3)),
                ("joined_at", number(NOON)),
                ("joined_seq", number(1)),
                ("hidden_seq", number(0)),
                ("last_read_seq", number(MANY)),
                ("last_read_message_id", id(MESSAGE)),
                ("last_read_at", number(NOON + 5)),
                ("notify", text("mentions")),
                ("muted_until", number(NOON + 6)),
                ("pinned", yes()),
            ],
        ),
    ]
}

fn messages() -> Vec<Row> {
    const M: &str = "m0003_messages";
    vec![
        row(
            M,
            "messages",
            [
                ("id", id(MESSAGE)),
                ("room_id", id(ROOM)),
                ("seq", number(1)),
                ("revision", number(3)),
                ("sender_id", id(ANA)),
                ("message_type", text("text")),
                ("content", Value::from(long_text())),
                ("content_html", text("<p>¡Hola!</p>")),
                ("system", no_text()),
                ("reply_to_id", no_id()),
                ("client_id", text("Client-1")),
                ("created_at", number(NOON)),
                ("edited_at", number(NOON + 4)),
                ("deleted_at", no_number()),
            ],
        ),
        row(
            M,
            "messages",
            [
                ("id", id(REPLY)),
                ("room_id", id(ROOM)),
                ("seq", number(2)),
                ("revision", number(4)),
                ("sender_id", id(BOB)),
                ("message_type", text("system")),
                ("content", text("")),
                ("content_html", text("")),
                ("system", text(r#"{"event":"room_renamed"}"#)),
                ("reply_to_id", id(MESSAGE)),
                ("client_id", no_text()),
                ("created_at", number(NOON + 1)),
                ("edited_at", no_number()),
                ("deleted_at", number(NOON + 2)),
            ],
        ),
        row(
            M,
            "message_versions",
            [
                ("message_id", id(MESSAGE)),
                ("replaced_by", number(3)),
                ("content", text("¡Ola! 👩‍👩‍👧")),
                ("created_at", number(NOON)),
            ],
        ),
        row(
            M,
            "read_steps",
            [("room_id", id(ROOM)), ("user_id", id(ANA)), ("seq", number(1)), ("read_at", number(NOON + 5))],
        ),
    ]
}

fn files() -> Vec<Row> {
    const M: &str = "m0004_files";
    vec![
        row(
            M,
            "files",
            [
                ("id", id(FILE)),
                ("uploader_id", id(ANA)),
                ("purpose", text("attachment")),
                ("message_id", id(MESSAGE)),
                ("position", small(9)),
                ("name", text("Año 2026 – 写真.png")),
                ("size", number(MANY)),
                ("content_type", text("image/png")),
                ("width", Value::from(100_000_i32)),
                ("height", Value::from(1_i32)),
                ("thumbhash", text("1QcSHQRnh493V4dIh4eXh1h4kJUI")),
                ("created_at", number(NOON)),
            ],
        ),
        row(
            M,
            "files",
            [
                ("id", id(FILE + 100)),
                ("uploader_id", id(BOB)),
                ("purpose", text("avatar")),
                ("message_id", no_id()),
                ("position", small(0)),
                ("name", text("")),
                ("size", number(0)),
                ("content_type", text("application/octet-stream")),
                ("width", Value::Int(None)),
                ("height", Value::Int(None)),
                ("thumbhash", no_text()),
                ("created_at", number(NOON)),
            ],
        ),
    ]
}

fn friends() -> Vec<Row> {
    const M: &str = "m0005_friends";
    let pair = [("low_id", id(ANA)), ("high_id", id(BOB)), ("created_at", number(NOON + 5))];
    let block = [("blocker_id", id(BOB)), ("blocked_id", id(ANA)), ("created_at", number(NOON + 6))];
    vec![
        row(M, "friendships", pair),
        row(
            M,
            "friend_requests",
            [
                ("id", id(SESSION + 1)),
                ("low_id", id(ANA)),
                ("high_id", id(BOB)),
                ("sender_id", id(BOB)),
                ("receiver_id", id(ANA)),
                ("created_at", number(NOON + 4)),
            ],
        ),
        row(M, "blocks", block),
    ]
}

fn reactions() -> Vec<Row> {
    const M: &str = "m0006_reactions";
    vec![row(
        M,
        "reactions",
        [
            ("message_id", id(MESSAGE)),
            ("emoji", text("👩🏽‍🚀")),
            ("user_id", id(ANA)),
            ("created_at", number(NOON + 7)),
        ],
    )]
}

fn mail() -> Vec<Row> {
    const M: &str = "m0008_mail";
    vec![
        row(
            M,
            "mails",
            [
                ("id", id(SESSION + 2)),
                ("kind", text("sign_in")),
                ("user_id", id(ANA)),
                ("address", text("José@example.org")),
                ("language", text("es")),
                ("facts", text(r#"{"device":"Mozilla/5.0 (ü) 🎉"}"#)),
                ("attempts", Value::from(3_i32)),
                ("created_at", number(NOON)),
                ("due_at", number(MANY)),
            ],
        ),
        row(
            M,
            "mails",
            [
                ("id", id(SESSION + 3)),
                ("kind", text("reset")),
                ("user_id", no_id()),
                ("address", text("nobody@example.org")),
                ("language", text("en")),
                ("facts", text("{}")),
                ("attempts", Value::from(0_i32)),
                ("created_at", number(NOON)),
                ("due_at", number(NOON)),
            ],
        ),
        row(
            M,
            "link_tokens",
            [
                ("hash", text("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")),
                ("purpose", text("verify")),
                ("user_id", id(ANA)),
                ("email_key", text("jose@example.org")),
                ("created_at", number(NOON)),
                ("expires_at", number(MANY)),
            ],
        ),
    ]
}

fn room_extras() -> Vec<Row> {
    const M: &str = "m0009_room_extras";
    vec![
        row(
            M,
            "invites",
            [
                ("id", id(FILE + 200)),
                ("code_hash", text("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")),
                ("code", text("AbC-_dEfGhIjKlMnOpQrStUv")),
                ("room_id", id(ROOM)),
                ("created_by", id(ANA)),
                ("created_at", number(NOON)),
                ("expires_at", number(NOON + 8)),
                ("max_uses", number(1_000_000)),
                ("uses", number(3)),
            ],
        ),
        row(
            M,
            "invites",
            [
                ("id", id(FILE + 201)),
                ("code_hash", text("47deQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")),
                ("code", text("aBc-_dEfGhIjKlMnOpQrStUv")),
                ("room_id", no_id()),
                ("created_by", id(BOB)),
                ("created_at", number(NOON)),
                ("expires_at", no_number()),
                ("max_uses", no_number()),
                ("uses", number(0)),
            ],
        ),
        row(
            M,
            "pins",
            [
                ("message_id", id(MESSAGE)),
                ("room_id", id(ROOM)),
                ("pinned_by", id(ANA)),
                ("pinned_at", number(NOON + 8)),
            ],
        ),
        row(
            M,
            "drafts",
            [
                ("user_id", id(ANA)),
                ("room_id", id(ROOM)),
                ("content", Value::from(long_text())),
                ("reply_to_id", id(MESSAGE)),
                ("updated_at", number(NOON + 9)),
            ],
        ),
        row(
            M,
            "mentions",
            [
                ("message_id", id(MESSAGE)),
                ("user_id", id(0)),
                ("position", small(100)),
                ("room_id", id(ROOM)),
                ("seq", number(MANY)),
                ("sender_id", id(BOB)),
            ],
        ),
    ]
}

fn search() -> Vec<Row> {
    const M: &str = "m0010_search";
    let bytes = |bytes: &[u8]| Value::from(bytes.to_vec());
    vec![
        row(M, "search_rooms", [("room_id", id(ROOM)), ("revision", number(1))]),
        row(
            M,
            "search_segments",
            [
                ("id", id(SEGMENT)),
                ("room_id", id(ROOM)),
                ("number", number(0)),
                ("oldest", number(NOON)),
                ("newest", number(NOON + 1)),
                // Slot 1, at noon.
                ("times", bytes(&[1, 0, 0xF6, 0xA0, 0xD2, 0xF3, 0xF9, 0x62])),
            ],
        ),
        row(
            M,
            "search_words",
            [("segment_id", id(SEGMENT)), ("word", text("日本")), ("hits", bytes(&[1, 0, 0xFF, 0x03]))],
        ),
        row(
            M,
            "search_words",
            [("segment_id", id(SEGMENT)), ("word", text(":has:link")), ("hits", bytes(&[0x80; 128]))],
        ),
    ]
}

fn row<const N: usize>(
    migration: &'static str,
    table: &'static str,
    values: [(&'static str, Value); N],
) -> Row {
    Row { migration, table, values: values.into() }
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
