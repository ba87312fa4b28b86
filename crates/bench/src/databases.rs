//! Databases to measure on: SQLite, and those of the servers that `with-services` has started.

use std::env;

use anyhow::Result;
use sea_orm::{ConnectionTrait, Database};
use uuid::Uuid;

use crate::server::Site;

/// Where messages can be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
    MariaDb,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::MariaDb];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
        }
    }

    /// The address of a new database; none where its server does not run.
    pub(crate) async fn make(self, site: &Site) -> Result<Option<String>> {
        let server = match self {
            Self::Sqlite => return Ok(Some(format!("sqlite://{}", site.path("other.db").display()))),
            Self::Postgres => env::var("TEST_POSTGRES_URL"),
            Self::MariaDb => env::var("TEST_MYSQL_URL"),
        };
        match server {
            Ok(server) => Ok(Some(make_database(&server).await?)),
            Err(_) => Ok(None),
        }
    }
}

/// A database on a server that goes with it.
async fn make_database(server: &str) -> Result<String> {
    let name = format!("bench_{}", Uuid::new_v4().simple());
    let admin = Database::connect(server).await?;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    admin.close().await?;
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    Ok(format!("{base}/{name}"))
}
