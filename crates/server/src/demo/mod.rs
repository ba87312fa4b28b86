//! `charla serve --demo`: a community to look at, in an empty database. Everybody in it is made up, and so is what they say.

mod compose;
mod conversations;
mod friends;
mod ids;
mod people;
mod pictures;
mod reading;
mod rooms;
mod schedule;
mod script;
mod timeline;

use anyhow::{Context, bail};
use charla_db::{queries, tables::files::Copy};

use self::{
    compose::{Composed, compose},
    people::{PASSWORD, PEOPLE},
};
use crate::{App, auth::Precedence, files, storage::Content};

/// What has been made, and how to get in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub people: usize,
    pub rooms: usize,
    pub messages: usize,
    pub images: usize,
    /// The username of the administrator.
    pub administrator: &'static str,
    /// All usernames, the administrator's first.
    pub usernames: Vec<&'static str>,
    /// Everybody's.
    pub password: &'static str,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { people, rooms, messages, images, administrator, usernames, password } = self;
        writeln!(f, "  The demo: {people} people, {rooms} rooms, {messages} messages, {images} images.")?;
        writeln!(
            f,
            "  Sign in as {administrator} (administrator) with the password {password}, or as anybody else:"
        )?;
        for names in usernames.get(1..).unwrap_or_default().chunks(8) {
            writeln!(f, "    {}", names.join(", "))?;
        }
        writeln!(
            f,
            "  Each sees Charla in their own language: {administrator} in Spanish, oliver in English."
        )?;
        writeln!(f, "  Everybody has that password: don't open this server to others.")
    }
}

/// Fills an empty database with a community: people, rooms, messages of the last weeks, pictures. The same each time, but for the
/// times, which lie before the clock's.
///
/// # Errors
/// Where there is an account already, and what the database or the file storage reports; then nothing has been added to the
/// database.
pub async fn fill(app: &App) -> anyhow::Result<Summary> {
    refuse_unless_empty(app).await?;
    let mut hashes = Vec::with_capacity(PEOPLE.len());
    for _ in PEOPLE {
        let hash = app.passwords.hash(PASSWORD, Precedence::Known).await;
        hashes.push(
            hash.map_err(|error| anyhow::anyhow!("a password can't be hashed: {}", error.code.as_str()))?,
        );
    }
    let now = app.clock.now();
    // Drawing and rendering keep a core busy for a while.
    let Composed { community, files: pictures } =
        tokio::task::spawn_blocking(move || compose(hashes, now)).await??;
    let summary = Summary {
        people: community.users.len(),
        rooms: community.rooms.len(),
        messages: community.messages.len(),
        images: community.messages.iter().filter(|message| message.message_type == "image").count(),
        administrator: PEOPLE[0].username,
        usernames: PEOPLE.iter().map(|person| person.username).collect(),
        password: PASSWORD,
    };
    for (file, bytes) in pictures {
        let label = files::label(&file, Copy::Whole).context("a picture has a type")?;
        let stored = app.storage.put(file.id, Copy::Whole, Content::Bytes(bytes), &label).await;
        stored.context("the demo's pictures can't be stored")?;
    }
    let tx = app.db.begin().await?;
    queries::demo::insert(&tx, community).await.context("the demo can't be stored")?;
    tx.commit().await?;
    Ok(summary)
}

/// The names of the demo are unique in the database: of two nodes that come here at once, one fails.
async fn refuse_unless_empty(app: &App) -> anyhow::Result<()> {
    let accounts = queries::users::count(app.db.read()).await?;
    if accounts > 0 {
        bail!(
            "the demo needs an empty database, and this one has {accounts} accounts: leave out --demo, or set DATABASE_URL"
        );
    }
    Ok(())
}
