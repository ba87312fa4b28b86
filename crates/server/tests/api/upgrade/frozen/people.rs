//! Accounts, their sessions, what they have with each other, and what is mailed to them.

use sea_orm::Value;

use super::{
    ANA, BOB, FILE, MANY, MESSAGE, NOON, ROOM, Row, SESSION, id, long_text, no, no_id, no_number, no_text,
    number, row, text, yes,
};

pub(super) fn people() -> Vec<Row> {
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

pub(super) fn friends() -> Vec<Row> {
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

pub(super) fn mail() -> Vec<Row> {
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

pub(super) fn two_factor() -> Vec<Row> {
    const M: &str = "m0015_two_factor";
    let authenticator = [
        ("user_id", id(ANA)),
        ("secret", text("yP2b3tGkq0o-_u1RWl8TrLwVZ9hFzqQm0N4s6c7e8dA")),
        ("last_step", number(MANY)),
    ];
    let code = [("hash", text("n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")), ("user_id", id(ANA))];
    let pending = [
        ("hash", text("uU0nuZNNPgilLlLX2n2r-sSE7-N6U4DukIj3rOLvzek")),
        ("user_id", id(ANA)),
        ("password_digest", text("X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE")),
        ("expires_at", number(NOON)),
    ];
    vec![
        row(M, "authenticators", authenticator),
        row(M, "recovery_codes", code),
        row(M, "pending_sign_ins", pending),
    ]
}
pub(super) fn audit() -> Vec<Row> {
    const M: &str = "m0016_audit";
    vec![
        row(
            M,
            "audit_entries",
            [
                ("seq", number(1)),
                ("created_at", number(NOON)),
                ("actor_id", id(ANA)),
                ("action", text("role_changed")),
                ("target_type", text("user")),
                ("target_id", id(BOB)),
                ("details", text(r#"{"from":"member","room_id":"x","to":"admin"}"#)),
                ("address", text("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")),
                ("request_id", id(SESSION + 4)),
                ("hash", text(&"0f".repeat(32))),
            ],
        ),
        row(
            M,
            "audit_entries",
            [
                ("seq", number(MANY)),
                ("created_at", number(NOON)),
                ("actor_id", no_id()),
                ("action", text("password_set")),
                ("target_type", text("user")),
                ("target_id", id(ANA)),
                ("details", text("{}")),
                ("address", no_text()),
                ("request_id", no_id()),
                ("hash", text(&"f0".repeat(32))),
            ],
        ),
    ]
}

pub(super) fn sanctions() -> Vec<Row> {
    const M: &str = "m0018_sanctions";
    let of = |number: u128, kind: &str, ends_at: Value, lifted_at: Value| {
        row(
            M,
            "sanctions",
            [
                ("id", id(SESSION + number)),
                ("user_id", id(BOB)),
                ("kind", text(kind)),
                ("reason", text("¡No grites! 🎉")),
                ("created_by", id(ANA)),
                ("created_at", self::number(NOON)),
                ("ends_at", ends_at),
                ("lifted_at", lifted_at),
            ],
        )
    };
    vec![of(5, "mute", number(MANY), number(NOON + 1)), of(6, "ban", no_number(), no_number())]
}

pub(super) fn reports() -> Vec<Row> {
    const M: &str = "m0020_reports";
    let values = [
        ("id", id(SESSION + 8)),
        ("reporter_id", id(ANA)),
        ("target_id", id(MESSAGE)),
        ("user_id", id(BOB)),
        ("room_id", id(ROOM)),
        ("excerpt", text(&long_text())),
        ("reason", text("harassment")),
        ("note", text("¡Ay! 🎉")),
        ("created_at", number(NOON)),
        ("resolved_at", no_number()),
        ("resolved_by", no_id()),
        ("outcome", no_text()),
        ("resolution", text("")),
    ];
    vec![row(M, "reports", values)]
}
