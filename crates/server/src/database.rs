//! The way to the database, and what to look at where there is none.

use anyhow::{Context, bail};
use charla_db::{Db, Unreachable};
use url::Url;

use crate::config::Config;

/// Connects to the database, with at most `max_connections` for reading.
///
/// # Errors
/// Where it can't be reached, in one line with the setting to look at, and where it is not whole.
pub async fn connect(config: &Config, max_connections: u32) -> anyhow::Result<Db> {
    let db = reach("DATABASE_URL", &config.database_url, max_connections).await?;
    check_whole(&db, "DATABASE_URL").await?;
    Ok(db)
}

/// Connects to the database at an address that `setting` gives, whole or not.
///
/// # Errors
/// Where it can't be reached, in one line with the setting.
pub async fn reach(setting: &str, url: &str, max_connections: u32) -> anyhow::Result<Db> {
    if let Err(reason) = charla_db::reach(url).await {
        let (place, remedy) = (place(url), remedy(&reason));
        bail!("{setting}: the database can't be reached{place}: {reason}; {remedy}");
    }
    Db::connect(url, max_connections)
        .await
        .with_context(|| format!("{setting}: the database can't be opened"))
}

/// Refuses a database of which only a part is there.
///
/// # Errors
/// What has begun to fill it, in one line with the setting.
pub async fn check_whole(db: &Db, setting: &str) -> anyhow::Result<()> {
    match db.unfinished().await.with_context(|| format!("{setting}: the database can't be read"))? {
        None => Ok(()),
        Some(what) => bail!(
            "{setting}: the database is not whole: `charla {what}` has begun to fill it, and has not come to its end; run that again"
        ),
    }
}

/// What to look at.
pub(crate) const fn remedy(reason: &Unreachable) -> &'static str {
    match reason {
        Unreachable::NoWay(_) => "look whether the server runs there, and at host and port",
        Unreachable::Refused(_) => "look at user, password and the name of the database",
    }
}

/// Where a database server is and what is asked of it, without the password.
pub(crate) fn place(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return String::new() };
    let port = url.port().unwrap_or(if url.scheme() == "mysql" { 3306 } else { 5432 });
    let (host, name) = (url.host_str().unwrap_or_default(), url.path().trim_start_matches('/'));
    format!(" at {host}:{port} (database {name:?}, user {:?})", url.username())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_told_without_the_password() {
        for (url, expected) in [
            ("postgres://ana:hunter2@db.lan/chat", " at db.lan:5432 (database \"chat\", user \"ana\")"),
            (
                "mysql://ana:hunter2@[::1]:3307/chat?x=hunter2",
                " at [::1]:3307 (database \"chat\", user \"ana\")",
            ),
            ("mysql://db.lan", " at db.lan:3306 (database \"\", user \"\")"),
        ] {
            assert_eq!(place(url), expected);
        }
    }
}
