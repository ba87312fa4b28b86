//! Rows put straight into a database, and all that a database has.

use std::collections::BTreeMap;

use charla_db::{
    Db, records,
    tables::{
        files, message_versions, messages, reactions, room_members, rooms, search_segments, search_words,
        server_state, sessions, users,
    },
};
use futures_util::TryStreamExt;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// The lines of all rows, by table.
pub(crate) async fn all_of(db: &Db) -> BTreeMap<String, Vec<String>> {
    let tx = db.snapshot_unhurried().await.unwrap();
    let mut all = BTreeMap::new();
    for table in records::tables() {
        let rows: Vec<records::Row> = records::rows(&tx, &table).await.unwrap().try_collect().await.unwrap();
        let line = |row: &records::Row| {
            let mut line = Vec::new();
            table.write_line(row, &mut line);
            String::from_utf8(line).unwrap()
        };
        let mut lines: Vec<String> = rows.iter().map(line).collect();
        lines.sort();
        all.insert(table.name.clone(), lines);
    }
    all
}

async fn insert<A>(db: &Db, rows: Vec<A>)
where
    A: ActiveModelTrait + Send,
{
    let tx = db.begin().await.unwrap();
    for rows in rows.chunks(500) {
        <A::Entity as EntityTrait>::insert_many(rows.to_vec()).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn user(id: Uuid, name: &str) -> users::Model {
    users::Model {
        id,
        username: name.to_owned(),
        username_key: name.to_owned(),
        email: None,
        email_key: None,
        email_verified_at: None,
        password_hash: String::new(),
        display_name: String::new(),
        display_name_key: String::new(),
        bio: String::new(),
        phone_number: None,
        avatar_id: None,
        language: None,
        direct_messages: "everyone".to_owned(),
        show_last_seen: true,
        send_read_receipts: false,
        is_active: true,
        is_staff: false,
        is_superuser: false,
        date_joined: 0,
        last_seen: None,
        deleted_at: None,
        two_factor_at: None,
        muted_until: None,
        banned_until: None,
        owner_id: None,
    }
}

fn room(id: Uuid) -> rooms::Model {
    rooms::Model {
        id,
        room_type: "group".to_owned(),
        visibility: "private".to_owned(),
        history: "all".to_owned(),
        name: None,
        name_key: String::new(),
        slug: String::new(),
        topic: String::new(),
        avatar_id: None,
        created_by: None,
        is_active: true,
        created_at: 0,
        revision: 0,
        member_count: 0,
        last_message_id: None,
        last_seq: 0,
        last_activity_at: 0,
        direct_key: None,
        slow_mode: 0,
    }
}

fn message(id: Uuid, seq: i64, content: String) -> messages::Model {
    messages::Model {
        id,
        room_id: Uuid::from_u128(1),
        seq,
        revision: seq,
        sender_id: Uuid::from_u128(1),
        message_type: "text".to_owned(),
        content_html: format!("<p>{content}</p>"),
        content,
        system: None,
        reply_to_id: None,
        client_id: None,
        created_at: seq,
        edited_at: None,
        deleted_at: None,
    }
}

/// Fills a database with one person, one room, and so many messages.
pub(crate) async fn many(db: &Db, count: i64) {
    insert(db, vec![user(Uuid::from_u128(1), "ana").into_active_model()]).await;
    insert(db, vec![room(Uuid::from_u128(1)).into_active_model()]).await;
    const AT_ONCE: i64 = 50_000;
    for begin in (0..count).step_by(usize::try_from(AT_ONCE).unwrap()) {
        let row = |n: i64| {
            let content =
                format!("message {n}: what people say to each other is about as long as this, 🦀 at times");
            let id =
                Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n.unsigned_abs()));
            messages::Model { client_id: Some(format!("client-{n}")), ..message(id, n + 1, content) }
                .into_active_model()
        };
        insert(db, (begin..count.min(begin + AT_ONCE)).map(row).collect()).await;
    }
}

/// Fills a database with what databases differ about.
pub(crate) async fn awkward(db: &Db) {
    let id = Uuid::from_u128;
    let emoji = "👩‍👩‍👧‍👦🏳️‍🌈é\u{301}\u{fffd}\u{10ffff}\u{1}\t\r\n\\'\"`%_$1?:x--";
    let full = users::Model {
        email: Some("Ñandú@Exámple.org".to_owned()),
        email_key: Some("ñandú@exámple.org".to_owned()),
        email_verified_at: Some(i64::MIN),
        bio: emoji.to_owned(),
        display_name: "  spaces around  ".to_owned(),
        avatar_id: Some(Uuid::max()),
        language: Some("es".to_owned()),
        is_active: false,
        is_superuser: true,
        date_joined: i64::MAX,
        last_seen: Some(i64::MAX),
        deleted_at: Some(0),
        ..user(Uuid::max(), "full")
    };
    let case = [user(id(2), "name"), user(id(3), "Name"), user(id(4), "námé"), full];
    insert(db, case.map(IntoActiveModel::into_active_model).to_vec()).await;
    let full = rooms::Model {
        name: Some(emoji.to_owned()),
        topic: "'; DROP TABLE rooms; --".to_owned(),
        revision: i64::MAX,
        slow_mode: i32::MAX,
        ..room(id(2))
    };
    insert(db, vec![room(id(1)).into_active_model(), full.into_active_model()]).await;
    let member = room_members::Model {
        room_id: id(1),
        user_id: id(2),
        role: i16::MIN,
        joined_at: 0,
        joined_seq: -1,
        hidden_seq: i64::MIN,
        last_read_seq: i64::MAX,
        last_read_message_id: None,
        last_read_at: None,
        notify: String::new(),
        muted_until: None,
        pinned: true,
    };
    insert(db, vec![member.into_active_model()]).await;
    let session = sessions::Model {
        id: id(1),
        user_id: id(2),
        refresh_id: Uuid::nil(),
        user_agent: String::new(),
        ip_address: None,
        created_at: 0,
        last_used_at: 0,
        expires_at: 0,
        ended_at: None,
        token_hash: Some("h".repeat(64)),
        scopes: Some(String::new()),
    };
    insert(db, vec![session.into_active_model()]).await;
    let texts = [
        String::new(),
        " ".to_owned(),
        emoji.to_owned(),
        "🦀".repeat(10_000),
        "line\n".repeat(200_000),
        "null".to_owned(),
    ];
    let said = texts.iter().zip(1..).map(|(text, seq)| messages::Model {
        system: Some(r#"{"event":"room_renamed","user":null,"name":"\u0000 is escaped"}"#.to_owned()),
        reply_to_id: Some(Uuid::max()),
        client_id: Some(format!("{emoji}{seq}")),
        created_at: i64::MIN,
        edited_at: Some(i64::MAX),
        deleted_at: Some(-1),
        ..message(id(seq), i64::MAX - i64::try_from(seq).unwrap(), text.clone())
    });
    let said = said.chain([message(id(100), i64::MIN, "all null".to_owned())]);
    insert(db, said.map(IntoActiveModel::into_active_model).collect()).await;
    let version = |text: &String, n: i64| message_versions::Model {
        message_id: id(1),
        replaced_by: n,
        content: text.clone(),
        created_at: n,
    };
    let versions = texts.iter().zip(0..).map(|(text, n)| version(text, n).into_active_model());
    insert(db, versions.collect()).await;
    let reaction = |emoji: &str| reactions::Model {
        message_id: id(1),
        emoji: emoji.to_owned(),
        user_id: id(2),
        created_at: 0,
    };
    insert(db, ["👍", "👍🏽", "a", "A", "á"].map(|emoji| reaction(emoji).into_active_model()).to_vec()).await;
    let file = files::Model {
        width: Some(i32::MIN),
        height: Some(i32::MAX),
        position: i16::MAX,
        size: i64::MAX,
        name: emoji.to_owned(),
        ..files::Model::blank(id(1), id(2), files::Purpose::Discarded, 0)
    };
    insert(db, vec![file.into_active_model()]).await;
    let bytes: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    let segment = search_segments::Model {
        id: id(1),
        room_id: id(1),
        number: i64::MIN,
        oldest: 0,
        newest: 0,
        times: bytes.clone(),
    };
    insert(db, vec![segment.into_active_model()]).await;
    let word = |word: &str, hits: &[u8]| search_words::Model {
        segment_id: id(1),
        word: word.to_owned(),
        hits: hits.to_vec(),
    };
    let words = [word("日本", &bytes), word("", &[]), word("ÿ", &[0]), word("y", &[255])];
    insert(db, words.map(IntoActiveModel::into_active_model).to_vec()).await;
    let state = server_state::Model { name: "anything".to_owned(), value: emoji.to_owned() };
    insert(db, vec![state.into_active_model()]).await;
}
