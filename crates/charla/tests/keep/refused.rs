//! Where nothing is written: what is not empty, and what is in use.

use charla_testing::{DatabaseKind, PASSWORD};

use super::{home::Home, place::Place};

async fn with_root(kind: DatabaseKind) -> Place {
    let place = Place::new(kind).await;
    let command = "createsuperuser --username root --password-stdin";
    place.charla(command).input(PASSWORD).run().await.succeeded();
    place
}

async fn is_left_alone(kind: DatabaseKind) {
    let from = with_root(kind).await;
    let path = from.path("whole.zip");
    from.run(&format!("backup {path}")).await.succeeded();

    let message = from.run(&format!("restore {path}")).await.failed();
    assert!(
        message.starts_with("DATABASE_URL: the database is not empty, there are rows in users"),
        "{message}"
    );
    let other = with_root(kind).await;
    let transfer = format!("transfer --from {} --to {}", from.db.url, other.db.url);
    let message = from.run(&transfer).await.failed();
    assert!(message.starts_with("--to: the database is not empty, there are rows in users"), "{message}");

    let used =
        if kind == DatabaseKind::Sqlite { "the database is open elsewhere" } else { "others are connected" };
    let to = Place::new(kind).await;
    let server = to.charla("serve").serve().await;
    let message = to.run(&format!("restore {path}")).await.failed();
    assert!(message.starts_with("DATABASE_URL: ") && message.contains(used), "{message}");
    let message = to.run(&format!("transfer --from {} --to {}", from.db.url, to.db.url)).await.failed();
    assert!(message.starts_with("--to: ") && message.contains(used), "{message}");
    let message = to.run(&format!("transfer --from {} --to {}", to.db.url, other.db.url)).await.failed();
    assert!(message.starts_with("--from: ") && message.contains(used), "{message}");
    drop(server);
    // What a start has left is nothing.
    to.run(&format!("restore {path}")).await.succeeded();
    to.charla("serve").serve().await.client().login("root", PASSWORD).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    is_left_alone(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    is_left_alone(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_mariadb() {
    is_left_alone(DatabaseKind::MariaDb).await;
}

#[tokio::test]
async fn files_of_another_server_are_left_alone() {
    let from = Home::new();
    from.make_root(PASSWORD).await;
    let path = from.path().join("whole.zip").display().to_string();
    from.run(&format!("backup {path}")).await.succeeded();
    let to = Place::new(DatabaseKind::Sqlite).await;
    std::fs::create_dir_all(to.path("data/media")).unwrap();
    to.home.write("data/media/another", "");
    let message = to.run(&format!("restore {path}")).await.failed();
    assert!(message.starts_with("STORAGE_URL: the storage is not empty, there is another"), "{message}");
}

#[tokio::test]
async fn what_is_no_database_of_this_version_is_not_read() {
    let place = Place::new(DatabaseKind::Sqlite).await;
    assert_eq!(place.run("backup x.zip").await.failed(), "DATABASE_URL: there is nothing in the database");
    let db = place.db.connect().await;
    db.migrate_steps(Some(3)).await.unwrap();
    db.close().await.unwrap();
    for (command, setting) in [
        ("backup x.zip".to_owned(), "DATABASE_URL"),
        ("export x.zip".to_owned(), "DATABASE_URL"),
        (format!("transfer --from {} --to sqlite://y.db", place.db.url), "--from"),
    ] {
        let message = place.run(&command).await.failed();
        assert!(
            message.starts_with(&format!("{setting}: the database is of an earlier version")),
            "{message}"
        );
    }
    let message = place.run("transfer --from sqlite://nowhere.db --to sqlite://y.db").await.failed();
    assert_eq!(message, "--from: there is no such file");
    let message = place.run("transfer --from nonsense://hunter2 --to sqlite://y.db").await.failed();
    assert!(
        message.contains("--from: the value: write sqlite://path") && !message.contains("hunter2"),
        "{message}"
    );
    assert!(place.run("transfer --from sqlite://x.db").await.misunderstood().contains("--to"));
    assert!(!place.home.path().join("x.zip").exists());
}
