//! A folder with a database of its own, in which the program is run.

use std::process::Stdio;

use charla_db::Db;
use charla_testing::{DatabaseKind, TestDb};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::home::{Charla, Home, Ran};

pub(crate) struct Place {
    pub(crate) home: Home,
    pub(crate) db: TestDb,
    /// The `STORAGE_URL`, where it is not the default.
    pub(crate) storage: String,
}

impl Place {
    pub(crate) async fn new(kind: DatabaseKind) -> Self {
        Self { home: Home::new(), db: TestDb::create(kind).await, storage: String::new() }
    }

    /// A command line with the settings of this place.
    pub(crate) fn charla(&self, arguments: &str) -> Charla {
        self.home
            .charla(arguments)
            .env("DATABASE_URL", &self.db.url)
            .env("STORAGE_URL", &self.storage)
            .env("RATE_LIMITS", "off")
            .env("RUST_LOG", "error")
    }

    pub(crate) async fn run(&self, arguments: &str) -> Ran {
        self.charla(arguments).run().await
    }

    /// Runs a command line up to where it says that, on standard error, and kills it there.
    pub(crate) async fn kill_at(&self, arguments: &str, saying: &str) {
        let mut charla = self.charla(arguments);
        let mut child = charla.command.stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.starts_with(saying) {
                child.kill().await.unwrap();
                return;
            }
        }
        panic!("it has not said {saying:?}");
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }

    /// The database with its tables.
    pub(crate) async fn migrated(&self) -> Db {
        let db = self.db.connect().await;
        db.migrate().await.unwrap();
        db
    }
}
