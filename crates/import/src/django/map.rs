//! What tables and columns are called: found, or said in a TOML file.

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::{detect, schema::Schema};

/// The name of a column; none where there is no such thing.
type Column = Option<String>;

/// Which tables and columns have what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Map {
    /// Tells this application from others that are imported.
    pub source: String,
    pub users: Users,
    pub chats: Vec<Chat>,
    pub ties: Vec<Ties>,
}

/// A map of which parts may be left out, to be found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    source: Option<String>,
    users: Option<Users>,
    chats: Option<Vec<Chat>>,
    ties: Option<Vec<Ties>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Users {
    pub table: String,
    pub id: String,
    pub username: String,
    pub password: Column,
    pub email: Column,
    pub display_name: Column,
    pub first_name: Column,
    pub last_name: Column,
    pub bio: Column,
    pub phone_number: Column,
    pub is_active: Column,
    pub is_superuser: Column,
    pub joined_at: Column,
    pub last_seen: Column,
}

/// A table of messages with the rooms they are in. Without rooms, they go from one person to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    pub messages: Messages,
    pub rooms: Option<Rooms>,
    pub members: Option<Members>,
    pub reads: Option<Reads>,
    pub reactions: Option<Reactions>,
    pub files: Option<Files>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    pub table: String,
    pub id: String,
    pub room: Column,
    pub sender: String,
    pub receiver: Column,
    pub content: String,
    pub created_at: String,
    pub edited_at: Column,
    pub is_edited: Column,
    pub is_deleted: Column,
    pub deleted_at: Column,
    pub reply_to: Column,
    pub is_read: Column,
    #[serde(default)]
    pub files: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rooms {
    pub table: String,
    pub id: String,
    pub name: Column,
    pub topic: Column,
    /// Whether its rooms of two people are their direct rooms, where `kind` does not say.
    #[serde(default)]
    pub direct: bool,
    /// Says `direct`, `private` or the like for what two have with each other.
    pub kind: Column,
    pub is_group: Column,
    pub is_public: Column,
    pub is_private: Column,
    pub is_active: Column,
    pub creator: Column,
    pub created_at: Column,
    /// People of the room who stand in its row.
    #[serde(default)]
    pub people: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Members {
    pub table: String,
    pub room: String,
    pub user: String,
    pub role: Column,
    pub is_admin: Column,
    pub joined_at: Column,
    pub last_read_at: Column,
    /// Leads to a message.
    pub last_read_message: Column,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    pub table: String,
    pub message: String,
    pub user: String,
    pub read_at: Column,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reactions {
    pub table: String,
    pub message: String,
    pub user: String,
    pub emoji: String,
    pub created_at: Column,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub table: String,
    pub message: String,
    pub file: String,
    pub name: Column,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ties {
    /// What a row is whose `status` does not say.
    pub kind: Kind,
    pub table: String,
    pub from: String,
    pub to: String,
    pub status: Column,
    pub created_at: Column,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Friends,
    Request,
    Block,
}

impl Given {
    /// With what it does not say found in the tables.
    ///
    /// # Errors
    /// Where that can't be found.
    pub(super) fn completed(self, schema: &Schema) -> anyhow::Result<Map> {
        let users = match self.users {
            Some(users) => users,
            None => {
                detect::users(schema).context("no table of users is found: say which it is in [users]")?
            }
        };
        let chats = match self.chats {
            Some(chats) => chats,
            None => detect::chats(schema, &users.table)?,
        };
        let ties = self.ties.unwrap_or_else(|| detect::ties(schema, &users.table));
        Ok(Map { source: self.source.unwrap_or_else(|| "django".to_owned()), users, chats, ties })
    }
}

impl Map {
    /// As the file of `--map` has it.
    ///
    /// # Errors
    /// Never, unless a name can't stand in TOML.
    pub fn to_toml(&self) -> anyhow::Result<String> {
        Ok(toml::to_string(self)?)
    }

    /// Tables and columns that the database does not have.
    pub(super) fn unknown(&self, schema: &Schema) -> Vec<String> {
        let value = serde_json::to_value(self).unwrap_or_default();
        let mut unknown = Vec::new();
        look(&value, schema, &mut unknown);
        unknown
    }
}

/// Every part with a table has nothing but columns of it beside, in `NOT_COLUMNS` what is none.
fn look(value: &serde_json::Value, schema: &Schema, unknown: &mut Vec<String>) {
    const NOT_COLUMNS: [&str; 3] = ["table", "kind", "direct"];
    if let Some(parts) = value.as_array() {
        return parts.iter().for_each(|part| look(part, schema, unknown));
    }
    let Some(part) = value.as_object() else { return };
    let Some(name) = part.get("table").and_then(|name| name.as_str()) else {
        return part.values().for_each(|part| look(part, schema, unknown));
    };
    let Some(table) = schema.0.get(name) else { return unknown.push(format!("table {name:?}")) };
    let is_tie = part.contains_key("from");
    for (role, columns) in part {
        if role == "table" || role == "direct" || (is_tie && NOT_COLUMNS.contains(&role.as_str())) {
            continue;
        }
        let columns = columns.as_array().cloned().unwrap_or_else(|| vec![columns.clone()]);
        let missing = columns.iter().filter_map(|column| column.as_str()).filter(|column| !table.has(column));
        unknown.extend(missing.map(|column| format!("column {column:?} in table {name:?}")));
    }
}
