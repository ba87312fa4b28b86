//! Who may do what: every documented operation, asked by everybody, as it stands in `table.txt`.

mod body;
mod scene;
mod table;

use std::{collections::BTreeSet, fmt::Write, sync::Arc};

use charla_testing::{DatabaseKind, TestServer};
use reqwest::Method;
use serde_json::Value;

use scene::{Cast, Place, Scene};
use table::{Row, Section};

const TABLE: &str = include_str!("table.txt");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_do_what_the_table_says_and_a_refusal_changes_nothing() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let sections = table::read(TABLE);
    let mut wrong = String::new();
    for section in &sections {
        let cast = Arc::new(Cast::meet(&server).await);
        let mut scene = Scene::set(&server, cast, section.place).await;
        for row in &section.rows {
            let found = ask_everybody(&server, &mut scene, section, row).await;
            if found != row.statuses {
                let name = &section.place;
                writeln!(wrong, "{name:?} {row}: expected {:?}, found {found:?}", row.statuses).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_has_its_row() {
    let server = TestServer::start(DatabaseKind::Sqlite).await;
    let document = server.anonymous().request(Method::GET, "/api/openapi.json", None).await.unwrap();
    let document: Value = document.json().unwrap();
    let sections = table::read(TABLE);
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let places: BTreeSet<Place> = sections
                .iter()
                .filter(|section| section.rows.iter().any(|row| row.is(&method.to_uppercase(), path)))
                .map(|section| section.place)
                .collect();
            let of_rooms = path.starts_with("/api/v1/chat/rooms/{id}/");
            let missing = if of_rooms {
                Place::ROOMS.iter().any(|room| !places.contains(room))
            } else {
                places.is_empty()
            };
            assert!(!missing, "{method} {path} is only in {places:?}");
        }
    }
}

/// Each column's status. What may have changed something is followed by a place made anew.
async fn ask_everybody(server: &TestServer, scene: &mut Scene, section: &Section, row: &Row) -> Vec<u16> {
    let mut statuses = Vec::new();
    for who in &section.columns {
        let before = scene.snapshot(server).await;
        let status = scene.ask(who, row).await;
        if status >= 400 {
            let after = scene.snapshot(server).await;
            assert_eq!(before, after, "{row} by {who} was refused, and changed something");
        } else if row.method != "GET" {
            *scene = scene.renew(server, section.place).await;
        }
        statuses.push(status);
    }
    statuses
}
