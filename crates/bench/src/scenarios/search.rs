//! Searching: the time of a page of results through the HTTP door, in a database of many messages that `reindex` has indexed.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use charla_client::{Client, MessageSearch};
use charla_db::{
    Db,
    clock::{Clock, SystemClock},
    tables::{messages, rooms},
};
use charla_protocol::{
    auth::Register,
    rooms::{CreateRoom, History, Room, RoomType, Visibility},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};

use crate::{
    corpus::{Corpus, WORDS, word},
    databases::Kind,
    machine::Cores,
    options::Options,
    report::{Report, Target},
    server::Site,
    stats::{float, percentile_ms},
};

const NAME: &str = "searcher";
const PASSWORD: &str = "correct horse battery";
const ROOMS: usize = 10;
/// Searches of one repeat: the 99th percentile is the second-slowest.
const SEARCHES: u64 = 100;
/// Rows of a statement, and statements of a transaction.
const ROWS: (usize, u64) = (500, 20);

pub(crate) async fn run(options: &Options, cores: Cores, report: &mut Report) -> Result<()> {
    for kind in Kind::ALL {
        let site = Site::make(options, cores)?;
        if let Some(database) = kind.make(&site).await? {
            let site = site.with("DATABASE_URL", database.as_str());
            on(options, &site, &database, kind.name(), report).await.context(kind.name())?;
        }
    }
    Ok(())
}

async fn on(options: &Options, site: &Site, database: &str, name: &str, report: &mut Report) -> Result<()> {
    let server = site.start().await?;
    let rooms = invite(site).await?;
    server.stop().await?;
    fill(database, rooms, options.search).await?;
    let begin = Instant::now();
    site.run("reindex").await?;
    let rate = float(options.search) / begin.elapsed().as_secs_f64();
    report.add(format!("search, {name}: indexed by `reindex`"), "msg/s", rate);

    let server = site.start().await?;
    let client = Client::new(&site.url())?;
    client.login(NAME, PASSWORD).await?;
    for _ in 0..options.repeats {
        for (what, query) in QUERIES {
            let (times, found) = time(&client, query).await?;
            for percent in [50, 99] {
                let label = format!("search, {name}: {what}, p{percent}");
                report.add(label, "ms", percentile_ms(&times, percent));
            }
            report.add(format!("search, {name}: {what}, results on the first page"), "", found);
        }
    }
    report.aim(&format!("search, {name}: {RARE}, p99"), Target::AtMost(50.0));
    report.note(format!("{name}: {} messages to search in, in {ROOMS} rooms of one account", options.search));
    server.stop().await
}

const RARE: &str = "a rare word";

/// A query, in its nth form.
type Query = fn(u64) -> String;

const QUERIES: &[(&str, Query)] = &[
    (RARE, |n| format!("\"{}\"", word(WORDS - 1 - n))),
    ("a word in most messages", |n| format!("\"{}\"", word(n % 3))),
    ("two words", |n| format!("\"{}\" \"{}\"", word(20 + n), word(1_000 + n))),
    ("two letters of a word", |n| word(80 + n)[..2].to_owned()),
    ("five letters of a word", |n| word(8_000 + n)[..5].to_owned()),
    ("a phrase of common words", |n| format!("\"{} {}\"", word(n % 10), word(n / 10))),
    ("a word that nobody has said", |n| format!("\"{}x\"", word(n))),
];

/// How long each search took, and how many results their first pages had, on average.
async fn time(client: &Client, query: &Query) -> Result<(Vec<Duration>, f64)> {
    let (mut times, mut found) = (Vec::new(), 0);
    for n in 0..SEARCHES {
        let search = MessageSearch::of(query(n));
        let begin = Instant::now();
        let page = client.search_messages(&search).await?;
        times.push(begin.elapsed());
        found += page.results.len() as u64;
    }
    Ok((times, float(found) / float(SEARCHES)))
}

/// One account, with its rooms.
async fn invite(site: &Site) -> Result<Vec<Room>> {
    let client = Client::new(&site.url())?;
    let account = Register {
        username: NAME.to_owned(),
        email: format!("{NAME}@example.org"),
        password: PASSWORD.to_owned(),
        phone_number: None,
        display_name: None,
        invite: None,
    };
    client.register(&account).await?;
    let mut rooms = Vec::new();
    for number in 1..=ROOMS {
        let room = CreateRoom {
            name: format!("Room {number}"),
            room_type: RoomType::Group,
            visibility: Visibility::Private,
            topic: String::new(),
            history: History::All,
            participants: Vec::new(),
        };
        rooms.push(client.create_room(&room).await?);
    }
    Ok(rooms)
}

/// Puts the messages into the rooms, half of them into the first, a second apart.
async fn fill(database: &str, mut rooms: Vec<Room>, count: u64) -> Result<()> {
    let db = Db::connect(database, 1).await?;
    let mut corpus = Corpus::new();
    let mut now = SystemClock.now().millis() - 1_000 * i64::try_from(count)?;
    let mut left = usize::try_from(count)?;
    while left > 0 {
        let tx = db.begin().await?;
        for _ in 0..ROWS.1 {
            let rows: Vec<_> = (0..ROWS.0.min(left))
                .map(|_| {
                    now += 1_000;
                    let at = corpus.skewed(ROOMS);
                    row(&mut rooms[at], corpus.text(), now).into_active_model()
                })
                .collect();
            left -= rows.len();
            if !rows.is_empty() {
                messages::Entity::insert_many(rows).exec_without_returning(&tx).await?;
            }
        }
        tx.commit().await?;
    }
    let tx = db.begin().await?;
    for room in &rooms {
        rooms::Entity::update_many()
            .col_expr(rooms::Column::Revision, Expr::value(room.revision))
            .col_expr(rooms::Column::LastSeq, Expr::value(room.revision))
            .filter(rooms::Column::Id.eq(room.id.0))
            .exec(&tx)
            .await?;
    }
    tx.commit().await?;
    Ok(db.close().await?)
}

fn row(room: &mut Room, content: String, now: i64) -> messages::Model {
    room.revision += 1;
    messages::Model {
        id: SystemClock.id(),
        room_id: room.id.0,
        seq: room.revision,
        revision: room.revision,
        sender_id: room.created_by.map(|person| person.0).unwrap_or_default(),
        message_type: "text".to_owned(),
        content_html: format!("<p>{content}</p>\n"),
        content,
        system: None,
        reply_to_id: None,
        client_id: None,
        created_at: now,
        edited_at: None,
        deleted_at: None,
    }
}
