//! Messages, what hangs on them, and how they are found.

use sea_orm::Value;

use super::{
    ANA, BOB, FILE, MANY, MESSAGE, NOON, REPLY, ROOM, Row, SEGMENT, derived, id, long_text, no_id, no_number,
    no_text, number, row, small, text,
};

pub(super) fn messages() -> Vec<Row> {
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

pub(super) fn files() -> Vec<Row> {
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

pub(super) fn reactions() -> Vec<Row> {
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

pub(super) fn search() -> Vec<Row> {
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

pub(super) fn replies() -> Vec<Row> {
    vec![derived(row("m0032_replies", "replies", [("user_id", id(ANA)), ("message_id", id(REPLY))]))]
}
