//! Rooms, who is in them, and what grows around them.

use sea_orm::Value;

use super::{
    ANA, BOB, DIRECT, FILE, MANY, MESSAGE, NOON, REPLY, ROOM, Row, derived, id, long_text, no, no_id,
    no_number, no_text, number, row, small, text, yes,
};

pub(super) fn rooms() -> Vec<Row> {
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
        row(
            M,
            "room_members",
            [
                ("room_id", id(ROOM)),
                ("user_id", id(BOB)),
                ("role", small(1)),
                ("joined_at", number(NOON)),
                ("joined_seq", number(1)),
                ("hidden_seq", number(0)),
                ("last_read_seq", number(7)),
                ("last_read_message_id", id(REPLY)),
                ("last_read_at", number(NOON + 5)),
                ("notify", text("mentions")),
                ("muted_until", number(NOON + 6)),
                ("pinned", yes()),
            ],
        ),
    ]
}

pub(super) fn room_extras() -> Vec<Row> {
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

pub(super) fn clearings() -> Vec<Row> {
    const M: &str = "m0011_clearings";
    vec![row(M, "clearings", [("room_id", id(ROOM)), ("user_id", id(BOB)), ("seq", number(MANY))])]
}

/// Bob has read from 2 to 7. Ana keeps to herself how far she has read.
pub(super) fn read_marks() -> Vec<Row> {
    let mark = |seq, readers| {
        row(
            "m0013_read_marks",
            "read_marks",
            [("room_id", id(ROOM)), ("seq", number(seq)), ("readers", number(readers))],
        )
    };
    vec![derived(mark(1, -1)), derived(mark(7, 1))]
}

pub(super) fn imports() -> Vec<Row> {
    const M: &str = "m0014_imports";
    vec![row(M, "imported", [("id", id(DIRECT)), ("imported_at", number(NOON + 10))])]
}
