//! Finds what has what by how tables and columns are called, and where they lead.

use anyhow::bail;

use super::{
    map::{Chat, Files, Given, Kind, Map, Members, Messages, Reactions, Reads, Rooms, Ties, Users},
    schema::{Schema, Table},
};

/// Tables of Django itself and of what many projects install.
const NOT_OURS: [&str; 6] =
    ["django_", "auth_group", "auth_permission", "authtoken_", "socialaccount_", "token_blacklist_"];

const CONTENT: [&str; 9] =
    ["content", "text", "message", "body", "message_content", "msg", "contenido", "texto", "mensaje"];
const CREATED: [&str; 12] = [
    "created_at",
    "timestamp",
    "sent_at",
    "created",
    "date_created",
    "created_on",
    "time",
    "date_sent",
    "date",
    "date_added",
    "fecha",
    "fecha_creacion",
];
const FILES: [&str; 8] = ["file", "image", "attachment", "media", "upload", "document", "photo", "archivo"];
const ROOMS: [&str; 9] = ["room", "conver", "chat", "thread", "channel", "group", "dialog", "sala", "grupo"];
const SENDERS: [&str; 9] =
    ["sender", "author", "from_user", "user", "sent_by", "created_by", "owner", "remitente", "usuario"];
const RECEIVERS: [&str; 6] = ["receiver", "recipient", "to_user", "to", "destinatario", "receptor"];
const CREATORS: [&str; 8] =
    ["created_by", "creator", "owner", "admin", "host", "author", "creador", "administrator"];
/// What is between people and rooms without making them members.
const NO_MEMBERS: [&str; 14] = [
    "read",
    "message",
    "invit",
    "request",
    "ban",
    "block",
    "typing",
    "clear",
    "delet",
    "admin",
    "moderator",
    "notif",
    "online",
    "presence",
];

/// # Errors
/// Where there are no users or no chats.
pub(super) fn find(schema: &Schema) -> anyhow::Result<Map> {
    Given::default().completed(schema)
}

/// The table with passwords that most others lead to.
pub(super) fn users(schema: &Schema) -> Option<Users> {
    let led_to = |name: &str| {
        let leads = |table: &&Table| table.references.values().any(|to| to == name);
        schema.0.values().filter(leads).count()
    };
    let has_accounts = |table: &Table| table.has("password") && (table.has("username") || table.has("email"));
    let found = schema.0.iter().filter(|(_, table)| has_accounts(table));
    let (name, table) = found.max_by_key(|(name, table)| (led_to(name), table.has("last_login")))?;
    let first = |names: &[&str]| table.first(names);
    Some(Users {
        table: name.clone(),
        id: first(&["id", "user_id", "uuid", "uid"])?,
        username: first(&["username", "user_name", "email"])?,
        password: first(&["password"]),
        email: first(&["email"]),
        display_name: first(&["display_name", "full_name", "name", "nickname", "nombre"]),
        first_name: first(&["first_name"]),
        last_name: first(&["last_name"]),
        bio: first(&["bio", "about", "about_me", "description", "biografia"]),
        phone_number: first(&["phone_number", "phone", "mobile", "telefono"]),
        is_active: first(&["is_active"]),
        is_superuser: first(&["is_superuser", "is_admin"]),
        joined_at: first(&["date_joined", "created_at", "joined_at", "created"]),
        last_seen: first(&["last_seen", "last_activity", "last_online", "last_login"]),
    })
}

/// # Errors
/// Where there are none.
pub(super) fn chats(schema: &Schema, users: &str) -> anyhow::Result<Vec<Chat>> {
    let is_ours = |name: &str| name != users && !NOT_OURS.iter().any(|prefix| name.starts_with(prefix));
    let tables = schema.0.iter().filter(|(name, _)| is_ours(name));
    let chats: Vec<Chat> = tables.filter_map(|(name, table)| chat(schema, users, name, table)).collect();
    if chats.is_empty() {
        bail!("no table of messages is found: say in a file what it is called (--map)");
    }
    Ok(chats)
}

fn chat(schema: &Schema, users: &str, name: &str, table: &Table) -> Option<Chat> {
    let messages = messages(users, name, table)?;
    let rooms_table = messages.room.as_ref().and_then(|column| table.references.get(column));
    let members = rooms_table.and_then(|rooms| members(schema, users, rooms, name));
    let has_members = members.is_some();
    let rooms = rooms_table.and_then(|rooms| {
        let found = self::rooms(users, rooms, schema.0.get(rooms)?, has_members)?;
        Some(Rooms { direct: found.direct || messages.receiver.is_some(), ..found })
    });
    Some(Chat {
        rooms,
        members,
        reads: reads(schema, users, name),
        reactions: reactions(schema, users, name),
        files: files(schema, name),
        messages,
    })
}

fn messages(users: &str, name: &str, table: &Table) -> Option<Messages> {
    let plain = |names: &[&str]| table.first(names).filter(|column| !table.references.contains_key(column));
    let people = table.leading_to(users);
    let receiver = called(&people, &RECEIVERS);
    let sender = called(&people, &SENDERS).or_else(|| {
        people.iter().map(|name| (*name).to_owned()).find(|name| Some(name) != receiver.as_ref())
    })?;
    let leads_to_room = |(column, to): (&String, &String)| {
        let is_room = to != users && to != name && (has_word(column, &ROOMS) || has_word(to, &ROOMS));
        is_room.then(|| column.clone())
    };
    let room = table.references.iter().find_map(leads_to_room);
    let room = room.or_else(|| plain(&["room", "room_name", "group_name", "thread_name", "chat_id"]));
    if room.is_none() && receiver.is_none() {
        return None;
    }
    Some(Messages {
        table: name.to_owned(),
        id: table.first(&["id", "uuid", "message_id"])?,
        room,
        sender,
        receiver,
        content: plain(&CONTENT)?,
        created_at: plain(&CREATED)?,
        edited_at: plain(&["edited_at", "modified_at", "edit_timestamp"]),
        is_edited: plain(&["is_edited", "edited"]),
        is_deleted: plain(&["is_deleted", "deleted"]),
        deleted_at: plain(&["deleted_at"]),
        reply_to: table.leading_to(name).first().map(|column| (*column).to_owned()),
        is_read: plain(&["is_read", "read", "seen", "is_seen", "leido"]),
        files: FILES.iter().filter_map(|name| plain(&[*name])).collect(),
    })
}

fn rooms(users: &str, name: &str, table: &Table, has_members: bool) -> Option<Rooms> {
    let plain = |names: &[&str]| table.first(names).filter(|column| !table.references.contains_key(column));
    let people = table.leading_to(users);
    let creator = called(&people, &CREATORS);
    let mut pair: Vec<String> = people
        .iter()
        .map(|column| (*column).to_owned())
        .filter(|column| Some(column) != creator.as_ref())
        .collect();
    if pair.len() == 1 && !has_members {
        pair.extend(creator.clone());
    }
    if pair.len() < 2 {
        pair.clear();
    }
    let says_direct = ["conver", "private", "direct", "dialog", "personal", "onetoone", "thread"];
    Some(Rooms {
        table: name.to_owned(),
        id: table.first(&["id", "uuid", "room_id", "name", "slug"])?,
        name: plain(&["name", "title", "room_name", "nombre", "titulo", "slug"]),
        topic: plain(&["topic", "description", "descripcion"]),
        direct: !pair.is_empty() || has_word(model(name), &says_direct),
        kind: plain(&["room_type", "chat_type", "conversation_type", "type", "kind", "tipo"]),
        is_group: plain(&["is_group", "is_group_chat", "group_chat"]),
        is_public: plain(&["is_public", "public"]),
        is_private: plain(&["is_private", "private"]),
        is_active: plain(&["is_active", "active"]),
        creator,
        created_at: plain(&CREATED),
        people: pair,
    })
}

fn members(schema: &Schema, users: &str, rooms: &str, messages: &str) -> Option<Members> {
    let candidates = schema.0.iter().filter(|(name, table)| {
        *name != messages
            && *name != rooms
            && !table.leading_to(rooms).is_empty()
            && !table.leading_to(users).is_empty()
            && !has_word(model(name), &NO_MEMBERS)
    });
    let says_so = |name: &str| has_word(name, &["particip", "member", "user", "subscri", "miembro"]);
    let (name, table) = candidates.max_by_key(|(name, _)| says_so(model(name)))?;
    let plain = |names: &[&str]| table.first(names).filter(|column| !table.references.contains_key(column));
    Some(Members {
        table: name.clone(),
        room: table.leading_to(rooms).first().map(|column| (*column).to_owned())?,
        user: table.leading_to(users).first().map(|column| (*column).to_owned())?,
        role: plain(&["role", "rol", "member_type"]),
        is_admin: plain(&["is_admin", "admin", "is_moderator"]),
        joined_at: plain(&["joined_at", "date_joined", "created_at", "joined", "timestamp"]),
        last_read_at: plain(&["last_read_at", "last_seen_at", "last_viewed_at", "last_read", "last_seen"]),
        last_read_message: table.leading_to(messages).first().map(|column| (*column).to_owned()),
    })
}

/// The first table that leads both to messages and to users and of which `pick` makes something.
fn between<T>(
    schema: &Schema,
    users: &str,
    messages: &str,
    pick: impl Fn(&str, &Table, String, String) -> Option<T>,
) -> Option<T> {
    schema.0.iter().filter(|(name, _)| *name != messages).find_map(|(name, table)| {
        let message = (*table.leading_to(messages).first()?).to_owned();
        let user = (*table.leading_to(users).first()?).to_owned();
        pick(name, table, message, user)
    })
}

fn reads(schema: &Schema, users: &str, messages: &str) -> Option<Reads> {
    between(schema, users, messages, |name, table, message, user| {
        let says_so = has_word(model(name), &["read", "seen", "receipt", "leid", "visto"]);
        let read_at = table.first(&["read_at", "seen_at", "timestamp", "created_at"]);
        says_so.then(|| Reads { table: name.to_owned(), message, user, read_at })
    })
}

fn reactions(schema: &Schema, users: &str, messages: &str) -> Option<Reactions> {
    between(schema, users, messages, |name, table, message, user| {
        let emoji = table.first(&["emoji", "reaction", "reaction_type"])?;
        let created_at = table.first(&CREATED);
        Some(Reactions { table: name.to_owned(), message, user, emoji, created_at })
    })
}

fn files(schema: &Schema, messages: &str) -> Option<Files> {
    schema.0.iter().filter(|(name, _)| *name != messages).find_map(|(name, table)| {
        let message = (*table.leading_to(messages).first()?).to_owned();
        let file = table.first(&FILES).filter(|column| !table.references.contains_key(column))?;
        Some(Files {
            table: name.clone(),
            message,
            file,
            name: table.first(&["file_name", "filename", "name"]),
        })
    })
}

/// Friendships, requests and blocks.
pub(super) fn ties(schema: &Schema, users: &str) -> Vec<Ties> {
    let tie = |(name, table): (&String, &Table)| {
        let people = table.leading_to(users);
        let [first, second] = people.first_chunk()?;
        let kind = if has_word(model(name), &["block", "bloque"]) {
            Kind::Block
        } else if !has_word(name, &["friend", "contact", "amig", "amist"]) {
            return None;
        } else if has_word(model(name), &["request", "solicit", "invit"]) {
            Kind::Request
        } else {
            Kind::Friends
        };
        let plain =
            |names: &[&str]| table.first(names).filter(|column| !table.references.contains_key(column));
        let from = called(&people, &["from_user", "sender", "requester", "blocker", "user1", "user", "from"]);
        let from = from.unwrap_or_else(|| (*first).to_owned());
        let other = if from == *first { second } else { first };
        Some(Ties {
            kind,
            table: name.clone(),
            from,
            to: (*other).to_owned(),
            status: plain(&["status", "state", "estado", "is_accepted", "accepted", "is_active"]),
            created_at: plain(&CREATED),
        })
    };
    schema.0.iter().filter_map(tie).collect()
}

/// The column of the first of these names, as itself or as the key that Django makes of it.
fn called(columns: &[&str], names: &[&str]) -> Option<String> {
    let is = |column: &str, name: &str| column == name || column.strip_suffix("_id") == Some(name);
    names
        .iter()
        .find_map(|name| columns.iter().find(|column| is(column, name)))
        .map(|column| (*column).to_owned())
}

/// The name of a table without that of its application.
fn model(table: &str) -> &str {
    table.split_once('_').map_or(table, |(_, model)| model)
}

/// Whether one of these words stands in a name; a thread is nothing that was read.
fn has_word(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    let without_threads = name.replace("thread", "");
    words
        .iter()
        .any(|word| if *word == "read" { without_threads.contains(word) } else { name.contains(word) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables with their columns; `>` says where one leads.
    fn schema(tables: &[(&str, &str)]) -> Schema {
        let table = |columns: &str| {
            let mut table = Table::default();
            for column in columns.split_whitespace() {
                let (name, to) = column.split_once('>').unwrap_or((column, ""));
                table.columns.push(name.to_owned());
                if !to.is_empty() {
                    table.references.insert(name.to_owned(), to.to_owned());
                }
            }
            table
        };
        Schema(tables.iter().map(|(name, columns)| ((*name).to_owned(), table(columns))).collect())
    }

    const USER: (&str, &str) = (
        "auth_user",
        "id username password email first_name last_name is_active is_superuser date_joined last_login",
    );
    const SESSION: (&str, &str) = ("django_session", "session_key session_data expire_date");

    #[test]
    fn conversations_of_two() {
        let map = find(&schema(&[
            ("login_user", "id username password email phone_number is_active date_joined"),
            ("chats_conversation", "id created_at"),
            ("chats_conversation_participants", "id conversation_id>chats_conversation user_id>login_user"),
            (
                "chats_message",
                "id conversation_id>chats_conversation sender_id>login_user content timestamp is_read",
            ),
            SESSION,
        ]))
        .unwrap();
        assert_eq!(map.users.table, "login_user");
        assert_eq!(map.users.phone_number.as_deref(), Some("phone_number"));
        let [chat] = map.chats.as_slice() else { panic!("{map:?}") };
        assert!(chat.rooms.as_ref().unwrap().direct);
        assert_eq!(chat.members.as_ref().unwrap().table, "chats_conversation_participants");
        assert_eq!(
            (chat.messages.sender.as_str(), chat.messages.created_at.as_str()),
            ("sender_id", "timestamp")
        );
        assert_eq!(chat.messages.is_read.as_deref(), Some("is_read"));
        assert!(map.unknown(&schema(&[USER])).len() > 3);
    }

    #[test]
    fn public_rooms_and_private_ones_of_friends() {
        let map = find(&schema(&[
            ("account_customuser", "id username password email profile_image date_joined last_login"),
            ("globalchat_publicchatroom", "id title"),
            (
                "globalchat_publicchatroom_users",
                "id publicchatroom_id>globalchat_publicchatroom customuser_id>account_customuser",
            ),
            (
                "globalchat_publicroomchatmessage",
                "id user_id>account_customuser room_id>globalchat_publicchatroom timestamp content",
            ),
            ("chat_privatechatroom", "id user1_id>account_customuser user2_id>account_customuser is_active"),
            (
                "chat_roomchatmessage",
                "id user_id>account_customuser room_id>chat_privatechatroom timestamp content",
            ),
            (
                "friend_friendrequest",
                "id sender_id>account_customuser receiver_id>account_customuser is_active timestamp",
            ),
            (
                "account_customuser_friends",
                "id from_customuser_id>account_customuser to_customuser_id>account_customuser",
            ),
        ]))
        .unwrap();
        let [private, public] = map.chats.as_slice() else { panic!("{map:?}") };
        assert_eq!(private.rooms.as_ref().unwrap().people, ["user1_id", "user2_id"]);
        assert_eq!(public.rooms.as_ref().unwrap().name.as_deref(), Some("title"));
        assert_eq!(public.members.as_ref().unwrap().user, "customuser_id");
        let kinds: Vec<(Kind, &str)> = map.ties.iter().map(|ties| (ties.kind, ties.table.as_str())).collect();
        assert_eq!(
            kinds,
            [(Kind::Friends, "account_customuser_friends"), (Kind::Request, "friend_friendrequest")]
        );
        assert_eq!(map.ties[0].from, "from_customuser_id");
    }

    #[test]
    fn rooms_without_members_and_messages_without_rooms() {
        let map = find(&schema(&[
            USER,
            ("chat_room", "id name"),
            (
                "chat_message",
                "id room_id>chat_room sender_id>auth_user receiver_id>auth_user content timestamp",
            ),
            ("inbox_message", "id from_user_id>auth_user to_user_id>auth_user body created_at read"),
        ]))
        .unwrap();
        let [rooms, inbox] = map.chats.as_slice() else { panic!("{map:?}") };
        assert!(rooms.rooms.as_ref().unwrap().direct && rooms.members.is_none());
        assert_eq!(rooms.messages.receiver.as_deref(), Some("receiver_id"));
        assert!(inbox.rooms.is_none());
        assert_eq!(
            (inbox.messages.sender.as_str(), inbox.messages.content.as_str()),
            ("from_user_id", "body")
        );
    }

    #[test]
    fn what_surrounds_messages() {
        let map = find(&schema(&[
            USER,
            ("chat_thread", "id name room_type is_active created_by_id>auth_user created_at"),
            ("chat_threadmember", "id thread_id>chat_thread user_id>auth_user role joined_at last_read_at"),
            ("chat_clearedhistory", "id thread_id>chat_thread user_id>auth_user at"),
            (
                "chat_message",
                "id thread_id>chat_thread author_id>auth_user text image created_at is_edited is_deleted reply_to_id>chat_message",
            ),
            ("chat_messageread", "id message_id>chat_message user_id>auth_user read_at"),
            ("chat_messagereaction", "id message_id>chat_message user_id>auth_user emoji created_at"),
            ("chat_attachment", "id message_id>chat_message file file_name"),
        ]))
        .unwrap();
        let [chat] = map.chats.as_slice() else { panic!("{map:?}") };
        let members = chat.members.as_ref().unwrap();
        assert_eq!((members.table.as_str(), members.role.as_deref()), ("chat_threadmember", Some("role")));
        assert_eq!(members.last_read_at.as_deref(), Some("last_read_at"));
        assert_eq!(chat.reads.as_ref().unwrap().table, "chat_messageread");
        assert_eq!(chat.reactions.as_ref().unwrap().emoji, "emoji");
        assert_eq!(chat.files.as_ref().unwrap().name.as_deref(), Some("file_name"));
        assert_eq!(chat.messages.reply_to.as_deref(), Some("reply_to_id"));
        assert_eq!(chat.messages.files, ["image"]);
        let rooms = chat.rooms.as_ref().unwrap();
        assert_eq!(
            (rooms.creator.as_deref(), rooms.kind.as_deref()),
            (Some("created_by_id"), Some("room_type"))
        );
        assert!(rooms.people.is_empty());
    }

    #[test]
    fn a_map_is_read_as_it_is_printed() {
        let tables = schema(&[
            USER,
            ("chat_room", "id name"),
            ("chat_message", "id room_id>chat_room user_id>auth_user text date"),
        ]);
        let map = find(&tables).unwrap();
        let printed = map.to_toml().unwrap();
        let given: Given = toml::from_str(&printed).unwrap();
        assert_eq!(given.completed(&tables).unwrap(), map, "{printed}");
        let renamed: Given = toml::from_str("source = \"second\"").unwrap();
        assert_eq!(renamed.completed(&tables).unwrap(), Map { source: "second".to_owned(), ..map });
        assert!(toml::from_str::<Given>("[user]\ntable = \"x\"").is_err());
        assert!(find(&schema(&[USER])).is_err());
    }
}
