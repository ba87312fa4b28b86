//! Throw-away databases: a file of its own for SQLite, a database of its own on a throw-away server for the others.

use std::{path::PathBuf, sync::OnceLock};

use charla_db::Db;
use charla_services::{MariaDb, Options, Postgres};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
    MariaDb,
}

impl DatabaseKind {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::MariaDb];
}

/// A database of a test's own. It goes with the test, or with the server that `with-services` started.
#[derive(Debug)]
pub struct TestDb {
    pub url: String,
    pub kind: DatabaseKind,
    folder: TempDir,
}

impl TestDb {
    /// Makes an empty database.
    ///
    /// # Panics
    /// Where the database server can't be started or reached.
    pub async fn create(kind: DatabaseKind) -> Self {
        match kind {
            DatabaseKind::Sqlite => sqlite(),
            DatabaseKind::Postgres => {
                on_server(kind, server_url("TEST_POSTGRES_URL", &POSTGRES, start_postgres)).await
            }
            DatabaseKind::MariaDb => {
                on_server(kind, server_url("TEST_MYSQL_URL", &MARIADB, start_mariadb)).await
            }
        }
    }

    /// The `STORAGE_URL` of a folder that goes with the database.
    pub fn storage_url(&self) -> String {
        format!("file://{}", self.folder.path().join("media").display())
    }

    /// The `DATA_DIR`: a folder that goes with the database.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Connects to it.
    ///
    /// # Panics
    /// Where it can't be reached.
    pub async fn connect(&self) -> Db {
        Db::connect(&self.url, 8).await.expect("the test's database is there")
    }
}

/// Sorts as a dictionary does, as most databases out there do: what relies on the order has to say so.
const LANGUAGE_ORDER: &str = " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'";

static POSTGRES: OnceLock<(Postgres, String)> = OnceLock::new();
static MARIADB: OnceLock<(MariaDb, String)> = OnceLock::new();

fn start_postgres() -> (Postgres, String) {
    let server = Postgres::start(&Options::default()).expect("PostgreSQL can be started");
    let url = server.url();
    (server, url)
}

fn start_mariadb() -> (MariaDb, String) {
    let server = MariaDb::start(&Options::default()).expect("MariaDB can be started");
    let url = server.url();
    (server, url)
}

/// The server that `with-services` has started, else one of this process, which ends with it.
fn server_url<S>(variable: &str, own: &'static OnceLock<(S, String)>, start: fn() -> (S, String)) -> String {
    std::env::var(variable).unwrap_or_else(|_| own.get_or_init(start).1.clone())
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn sqlite() -> TestDb {
    let folder = folder();
    let url = format!("sqlite://{}", folder.path().join("charla.db").display());
    TestDb { url, kind: DatabaseKind::Sqlite, folder }
}

async fn on_server(kind: DatabaseKind, server: String) -> TestDb {
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let admin = Database::connect(&server).await.expect("the database server can be reached");
    let order = if kind == DatabaseKind::Postgres { LANGUAGE_ORDER } else { "" };
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}{order}"))
        .await
        .expect("a database can be made");
    admin.close().await.expect("the connection can be closed");
    let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
    TestDb { url: format!("{base}/{name}"), kind, folder: folder() }
}
