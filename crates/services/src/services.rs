use std::{str::FromStr, thread};

use anyhow::{Error, Result, anyhow, bail};

use crate::{Kind, MariaDb, Options, Postgres, Redis, S3, Server};

/// One of the servers that [`Services`] can start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    MariaDb,
    /// Redis.
    Redis,
    /// S3.
    S3,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Postgres, Self::MariaDb, Self::Redis, Self::S3];
}

impl FromStr for Service {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Ok(match name {
            "postgres" => Self::Postgres,
            "mariadb" => Self::MariaDb,
            "redis" => Self::Redis,
            "s3" => Self::S3,
            _ => bail!("there is no service {name:?}: take postgres, mariadb, redis or s3"),
        })
    }
}

/// Several servers together.
#[derive(Debug)]
pub struct Services {
    postgres: Option<Postgres>,
    mariadb: Option<MariaDb>,
    redis: Option<Redis>,
    s3: Option<S3>,
}

impl Services {
    /// Starts these servers side by side. If one fails, the others are stopped again.
    pub fn start(which: &[Service], options: &Options) -> Result<Self> {
        let wanted = |service| which.contains(&service);
        thread::scope(|scope| {
            let postgres = wanted(Service::Postgres).then(|| scope.spawn(|| Postgres::start(options)));
            let mariadb = wanted(Service::MariaDb).then(|| scope.spawn(|| MariaDb::start(options)));
            let redis = wanted(Service::Redis).then(|| scope.spawn(|| Redis::start(options)));
            let s3 = wanted(Service::S3).then(|| scope.spawn(|| S3::start(options)));
            let (postgres, mariadb, redis) = (joined(postgres), joined(mariadb), joined(redis));
            Ok(Self { postgres: postgres?, mariadb: mariadb?, redis: redis?, s3: joined(s3)? })
        })
    }

    /// The environment variables that tell tests about them: `TEST_POSTGRES_URL`, `TEST_POSTGRES_PID`, and the same
    /// with `MYSQL`, `REDIS` and `S3`.
    pub fn environment(&self) -> Vec<(String, String)> {
        let postgres = self.postgres.iter().flat_map(|server| variables("POSTGRES", server));
        let mariadb = self.mariadb.iter().flat_map(|server| variables("MYSQL", server));
        let redis = self.redis.iter().flat_map(|server| variables("REDIS", server));
        let s3 = self.s3.iter().flat_map(|server| variables("S3", server));
        postgres.chain(mariadb).chain(redis).chain(s3).collect()
    }
}

type Starting<'scope, T> = Option<thread::ScopedJoinHandle<'scope, Result<T>>>;

fn joined<T>(starting: Starting<'_, T>) -> Result<Option<T>> {
    let panicked = |_| Err(anyhow!("starting it panicked"));
    starting.map(|thread| thread.join().unwrap_or_else(panicked)).transpose()
}

fn variables<K: Kind>(name: &str, server: &Server<K>) -> [(String, String); 2] {
    [(format!("TEST_{name}_URL"), server.url()), (format!("TEST_{name}_PID"), server.pid().to_string())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_names() {
        assert_eq!("mariadb".parse::<Service>().unwrap(), Service::MariaDb);
        assert!("oracle".parse::<Service>().is_err());
    }

    #[test]
    fn nothing_wanted_is_nothing_started() {
        let services = Services::start(&[], &Options::default()).unwrap();
        assert!(services.environment().is_empty());
    }
}
