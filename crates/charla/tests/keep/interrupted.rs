//! A restore that was killed leaves nothing that serves, and is begun anew.

use charla_testing::DatabaseKind;

use super::{
    place::Place,
    rows::{all_of, many},
};

const MESSAGES: i64 = 20_000;

async fn is_begun_anew(kind: DatabaseKind) {
    let from = Place::new(DatabaseKind::Sqlite).await;
    let db = from.migrated().await;
    many(&db, MESSAGES).await;
    let before = all_of(&db).await;
    db.close().await.unwrap();
    let path = from.path("whole.zip");
    from.run(&format!("backup {path}")).await.succeeded();

    let to = Place::new(kind).await;
    for saying in ["rows: 10 %", "comparing: 10 %"] {
        to.kill_at(&format!("restore {path}"), saying).await;
        for command in
            ["serve", "migrate", "createsuperuser --username root --password-stdin", "backup x.zip"]
        {
            let message = to.charla(command).input("a password of some length").run().await.failed();
            let told = "DATABASE_URL: the database is not whole: `charla restore` has begun to fill it";
            assert!(message.starts_with(told), "{saying}, {command}: {message}");
        }
    }
    to.run(&format!("restore {path}")).await.succeeded();
    let db = to.db.connect().await;
    assert!(all_of(&db).await == before);
    db.close().await.unwrap();
    to.charla("serve").serve().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    is_begun_anew(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    is_begun_anew(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_mariadb() {
    is_begun_anew(DatabaseKind::MariaDb).await;
}
