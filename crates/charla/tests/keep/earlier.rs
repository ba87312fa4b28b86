//! A backup of an earlier version.

use std::collections::{HashMap, HashSet};

use charla_db::records::{Digest, Table};
use charla_testing::{DatabaseKind, PASSWORD};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::Value;

use super::{
    archives::{entries, lines, rewrite},
    place::Place,
};

/// Migrations of then.
const STEPS: u32 = 10;

/// The columns of each table, as the migrations of then have made them.
async fn columns_of_then() -> HashMap<String, HashSet<String>> {
    let then = Place::new(DatabaseKind::Sqlite).await;
    let db = then.db.connect().await;
    db.migrate_steps(Some(STEPS)).await.unwrap();
    let sql =
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'";
    let rows = db.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let mut tables: HashMap<String, HashSet<String>> = HashMap::new();
    for row in rows {
        let table = tables.entry(row.try_get_by_index(0).unwrap()).or_default();
        table.insert(row.try_get_by_index(1).unwrap());
    }
    db.close().await.unwrap();
    tables
}

/// Makes of a backup what an earlier version would have made.
async fn as_of_then(whole: &str, old: &str) {
    let there = columns_of_then().await;
    let all = entries(whole);
    let mut manifest = lines_of_manifest(&all);
    manifest["migrations"].as_array_mut().unwrap().truncate(usize::try_from(STEPS).unwrap());
    let mut files: HashMap<String, Vec<u8>> = HashMap::new();
    let tables = manifest["tables"].as_array_mut().unwrap();
    tables.retain(|table| there.contains_key(table["name"].as_str().unwrap()));
    for entry in tables {
        let mut table: Table = serde_json::from_value(entry.clone()).unwrap();
        table.columns.retain(|column| there[&table.name].contains(&column.name));
        let name = format!("tables/{}.jsonl", table.name);
        let (mut digest, mut bytes) = (Digest::default(), Vec::new());
        for mut row in lines(&all, &name) {
            row.as_object_mut().unwrap().retain(|column, _| there[&table.name].contains(column));
            let begin = bytes.len();
            table.write_line(&table.read_line(row.to_string().as_bytes()).unwrap(), &mut bytes);
            digest.add(&bytes[begin..]);
            bytes.push(b'\n');
        }
        let mut digest = serde_json::to_value(digest).unwrap();
        let mut kept = serde_json::to_value(&table).unwrap();
        kept.as_object_mut().unwrap().append(digest.as_object_mut().unwrap());
        *entry = kept;
        files.insert(name, bytes);
    }
    rewrite(whole, old, |name, bytes| match name {
        "manifest.json" => Some(manifest.to_string().into_bytes()),
        _ if name.starts_with("tables/") => files.get(name).cloned(),
        _ => Some(bytes),
    });
}

fn lines_of_manifest(all: &[(String, Vec<u8>)]) -> Value {
    let (_, bytes) = all.iter().find(|(name, _)| name == "manifest.json").unwrap();
    serde_json::from_slice(bytes).unwrap()
}

#[tokio::test]
async fn is_restored_and_brought_up_to_date() {
    let from = Place::new(DatabaseKind::Sqlite).await;
    let command = "createsuperuser --username root --password-stdin";
    from.charla(command).input(PASSWORD).run().await.succeeded();
    let (whole, old) = (from.path("whole.zip"), from.path("old.zip"));
    from.run(&format!("backup {whole}")).await.succeeded();
    as_of_then(&whole, &old).await;
    for kind in DatabaseKind::ALL {
        let to = Place::new(kind).await;
        to.run(&format!("restore {old}")).await.succeeded();
        assert_eq!(to.run("migrate").await.succeeded(), "The database is up to date.\n");
        to.charla("serve").serve().await.client().login("root", PASSWORD).await.unwrap();
    }
}
