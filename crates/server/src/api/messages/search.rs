//! `GET /api/v1/chat/messages/search/`: finding messages.

use axum::extract::State;
use charla_db::{
    queries,
    search::{self, Filter, Has, Position, Search},
};
use charla_permissions::Permission;
use charla_protocol::{
    List, RoomId, Timestamp, UserId,
    messages::{FoundMessage, MessageHas},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{
    page,
    problems::{Missing, TooOften},
};
use crate::{
    App,
    auth::{Caller, ClientInfo},
    error::{Error, FieldError, Result},
    extract::Query,
    text,
    wording::Worded,
};

const PATH: &str = "/api/v1/chat/messages/search/";
/// Characters of a query at most.
const MAX_QUERY: usize = 500;
/// Words, phrases and operators of a query at most.
const MAX_TERMS: usize = 32;
/// Words in all of them, and characters of scripts without spaces: each is looked for at each place of a text.
const MAX_WORDS: usize = 64;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Words in any order, the last one may go on; `"phrases"`; `-without`; `from:ana`, `from:me`, `in:room`, `has:file`,
    /// `has:image`, `has:link`, `before:2026-01-31`, `after:2026-01-31`. May be empty where there are other parameters.
    #[serde(default)]
    #[param(max_length = 500)]
    q: String,
    /// In this room alone.
    room: Option<RoomId>,
    /// From this person alone.
    sender: Option<UserId>,
    /// Said earlier than that.
    before: Option<Timestamp>,
    /// Said later than that.
    after: Option<Timestamp>,
    /// With that.
    #[param(inline)]
    has: Option<MessageHas>,
    /// Results of a page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// Where the page lies: taken from `next` or `previous`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

/// The caller's messages that say what is sought, newest first. Case and accents do not count.
///
/// A page may hold fewer results than asked for, or none, and lead on all the same. A query without anything to look for
/// finds nothing. [What can be typed](/api/docs/search/).
#[utoipa::path(get, operation_id = "search_messages", path = "/api/v1/chat/messages/search/", tag = "messages", params(Asked), security(("bearer" = []), ("cookie" = [])),
    responses((status = 200, body = List<FoundMessage>), Missing, TooOften))]
pub(super) async fn search(
    State(app): State<App>,
    caller: Caller,
    client: ClientInfo,
    Query(asked): Query<Asked>,
) -> Result<Worded<List<FoundMessage>>> {
    app.limits.search(caller.id())?;
    let ask = page::ask::<Position>(asked.limit, asked.cursor.as_deref())?;
    let parameters = asked.parameters(ask.limit);
    let search = asked.search(&app, &caller).await?;
    let db = app.db.read();
    let found = search::find(db, caller.id(), &search, ask).await?;
    let (rows, highlights): (Vec<_>, Vec<_>) =
        found.hits.into_iter().map(|hit| (hit.row, hit.highlight)).unzip();
    let messages = queries::assemble::messages(db, rows, caller.user.viewer()).await?;
    let results = messages.into_iter().zip(highlights);
    let results = results.map(|(message, highlight)| FoundMessage { message, highlight }).collect();
    Ok(Worded(page::list(&client, PATH, results, found.ends, &parameters)))
}

impl Asked {
    /// What leads to the neighbours of a page, besides the cursor.
    fn parameters(&self, limit: u64) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("q", self.q.clone()), ("limit", limit.to_string())];
        parameters.extend(self.room.map(|room| ("room", room.to_string())));
        parameters.extend(self.sender.map(|sender| ("sender", sender.to_string())));
        parameters.extend(self.before.map(|before| ("before", before.to_string())));
        parameters.extend(self.after.map(|after| ("after", after.to_string())));
        parameters.extend(self.has.map(|has| ("has", has.as_str().to_owned())));
        parameters
    }

    /// What is sought, as far as the caller may ask for it.
    async fn search(self, app: &App, caller: &Caller) -> Result<Search> {
        let query = parse(&self.q)?;
        let db = app.db.read();
        if let Some(room) = self.room {
            let access = queries::access::load(db, room, caller.id(), caller.user.is_staff).await?;
            access.check(Permission::ReadMessages)?;
        }
        if let Some(sender) = self.sender {
            queries::users::find(db, sender).await?.ok_or_else(Error::not_found)?;
        }
        let mut filter = Filter {
            rooms: self.room.map(|room| [room.0].into()),
            senders: self.sender.map(|sender| [sender.0].into()),
            before: self.before.map(Timestamp::millis),
            after: self.after.map(Timestamp::millis),
            has: self.has.map(has).into_iter().collect(),
        };
        filter.add(db, caller.id(), &query).await?;
        Ok(Search { query, filter })
    }
}

fn parse(typed: &str) -> Result<search::Query> {
    let typed = text::clean_line(&typed.replace(['\t', '\n'], " "));
    if typed.chars().count() > MAX_QUERY {
        return Err(Error::fields(vec![FieldError::new("q", "too_long").with("max", MAX_QUERY)]));
    }
    let query = search::Query::parse(&typed);
    if query.count() > MAX_TERMS {
        return Err(Error::fields(vec![FieldError::new("q", "too_many").with("max", MAX_TERMS)]));
    }
    if query.length() > MAX_WORDS {
        return Err(Error::fields(vec![FieldError::new("q", "too_many").with("max", MAX_WORDS)]));
    }
    Ok(query)
}

const fn has(what: MessageHas) -> Has {
    match what {
        MessageHas::File => Has::File,
        MessageHas::Image => Has::Image,
        MessageHas::Link => Has::Link,
    }
}
