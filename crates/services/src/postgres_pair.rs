use std::path::Path;

use anyhow::Result;

use crate::{Options, Postgres, programs, words};

/// A PostgreSQL server with a replica that has everything that was committed: a commit waits for it.
#[derive(Debug)]
pub struct PostgresPair {
    primary: Postgres,
    replica: Postgres,
}

/// Commits wait for whichever replica there is.
const SYNCHRONOUS: &str = "echo \"synchronous_standby_names = '*'\" >>data/postgresql.conf";
/// Waits until commits do, and the replica has all from before: once new connections know of the replica, all processes have been
/// told, and with the end of a checkpoint the one has listened by which the others go.
const IN_FORCE: &str = "ask() { \"$0\" -XAt -h 127.0.0.1 -p \"$1\" -U postgres -c \"$2\" postgres; }; \
    until [ \"$(ask \"$1\" 'SHOW synchronous_standby_names')\" = '*' ]; do sleep 0.05; done; \
    ask \"$1\" CHECKPOINT; end=$(ask \"$1\" 'SELECT pg_current_wal_lsn()'); \
    until ask \"$1\" \"SELECT sync_state FROM pg_stat_replication WHERE flush_lsn >= '$end'\" | grep -qx sync; \
    do sleep 0.05; done";

impl PostgresPair {
    /// Starts both, with their folders in this one. Blocks until they serve.
    ///
    /// # Errors
    /// As [`Server::start`](crate::Server::start).
    pub fn start_in(base: &Path, options: &Options) -> Result<Self> {
        let primary = Postgres::start_in(base, options)?;
        let mut pair = Self { replica: Postgres::start_in(base, options)?, primary };
        pair.follow()?;
        Ok(pair)
    }

    /// The one that takes writes.
    pub fn primary(&mut self) -> &mut Postgres {
        &mut self.primary
    }

    /// Ends the primary as a crash would, and has the replica take its place. Blocks until that takes writes.
    ///
    /// # Errors
    /// Where it can't be promoted.
    pub fn fail_over(&mut self) -> Result<()> {
        self.primary.kill()?;
        let promote = words([&*programs::find_postgres("pg_ctl")?, "promote", "--wait", "-D", "data"]);
        self.replica.run(&promote)?;
        std::mem::swap(&mut self.primary, &mut self.replica);
        Ok(())
    }

    /// Makes a replica of the server that is no primary any more. Blocks until commits wait for it.
    ///
    /// # Errors
    /// Where the primary does not run.
    pub fn follow(&mut self) -> Result<()> {
        self.replica.kill()?;
        self.replica.run(&words(["rm", "-rf", "data"]))?;
        let port = self.primary.port().to_string();
        let place = ["--host=127.0.0.1", "--port", &port, "--username=charla", "--pgdata=data"];
        let how = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"];
        let copy = programs::find_postgres("pg_basebackup")?;
        self.replica.run(&words([copy.as_str()].into_iter().chain(place).chain(how)))?;
        self.replica.restart()?;
        self.primary.run(&words(["sh", "-c", SYNCHRONOUS]))?;
        self.primary.signal("HUP")?;
        self.primary.run(&words(["sh", "-c", IN_FORCE, &*programs::find_postgres("psql")?, &port]))
    }
}
