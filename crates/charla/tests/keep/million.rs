//! As much as a large server holds.

use charla_testing::DatabaseKind;

use super::{place::Place, rows::many};

/// Prints how fast each way is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes many minutes: for figures, run it with --release"]
async fn a_million_messages_there_and_back() {
    let places = [
        Place::new(DatabaseKind::Sqlite).await,
        Place::new(DatabaseKind::Postgres).await,
        Place::new(DatabaseKind::MariaDb).await,
        Place::new(DatabaseKind::Sqlite).await,
    ];
    let db = places[0].migrated().await;
    many(&db, 1_000_000).await;
    db.close().await.unwrap();
    for pair in places.windows(2) {
        let transfer = format!("transfer --from {} --to {}", pair[0].db.url, pair[1].db.url);
        let output = pair[0].charla(&transfer).command.output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        // It compares each table on both sides by their digests.
        let printed = String::from_utf8(output.stdout).unwrap();
        print!("{:?} to {:?}: {printed}", pair[0].db.kind, pair[1].db.kind);
        assert!(printed.starts_with("1000002 rows: "), "{printed}");
    }
}
