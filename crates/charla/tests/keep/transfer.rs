//! A database carried from one kind to another, and back.

use charla_testing::DatabaseKind;

use super::{
    place::Place,
    rows::{all_of, awkward, many},
};

async fn carry(from: &Place, to: &Place) -> String {
    from.run(&format!("transfer --from {} --to {}", from.db.url, to.db.url)).await.succeeded()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_comes_back_as_it_was() {
    let places = [
        Place::new(DatabaseKind::Sqlite).await,
        Place::new(DatabaseKind::Postgres).await,
        Place::new(DatabaseKind::MariaDb).await,
        Place::new(DatabaseKind::Sqlite).await,
    ];
    let db = places[0].migrated().await;
    awkward(&db).await;
    let before = all_of(&db).await;
    db.close().await.unwrap();
    for pair in places.windows(2) {
        let printed = carry(&pair[0], &pair[1]).await;
        assert!(printed.ends_with(" a second, and equal.\n"), "{printed}");
        let db = pair[1].db.connect().await;
        let after = all_of(&db).await;
        for (table, rows) in &before {
            assert!(rows == &after[table], "{table} on {:?}: {:?}", pair[1].db.kind, after[table]);
        }
        db.close().await.unwrap();
    }
}

/// From each kind to each other: the one that writes is not the one that reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_begun_anew() {
    for (from, to) in [
        (DatabaseKind::Postgres, DatabaseKind::Sqlite),
        (DatabaseKind::Sqlite, DatabaseKind::MariaDb),
        (DatabaseKind::MariaDb, DatabaseKind::Postgres),
    ] {
        let (from, to) = (Place::new(from).await, Place::new(to).await);
        let db = from.migrated().await;
        many(&db, 20_000).await;
        db.close().await.unwrap();
        let transfer = format!("transfer --from {} --to {}", from.db.url, to.db.url);
        from.kill_at(&transfer, "rows: 10 %").await;
        let message = to.run("serve").await.failed();
        assert!(message.contains("the database is not whole: `charla transfer` has begun"), "{message}");
        // Nor is it carried on from there.
        let other = Place::new(DatabaseKind::Sqlite).await;
        let message = to.run(&format!("transfer --from {} --to {}", to.db.url, other.db.url)).await.failed();
        assert!(message.starts_with("--from: the database is not whole"), "{message}");
        assert!(carry(&from, &to).await.starts_with("20002 rows: "));
        to.charla("serve").serve().await;
    }
}
