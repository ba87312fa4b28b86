use std::{
    fs,
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
};

use anyhow::Result;

use crate::{Options, Server, programs, server::Kind, words};

/// A PostgreSQL server. Its URL is that of the database `postgres` and of a role that may make tables there, and databases.
pub type Postgres = Server<PostgresKind>;

/// How to run PostgreSQL.
#[derive(Debug)]
pub enum PostgresKind {}

/// Nobody but the role of the tests gets in, and that one without the cost of checking a password everybody knows.
const ACCESS_RULES: &str =
    "host all,replication charla 127.0.0.1/32 trust\nhost postgres postgres 127.0.0.1/32 trust\n";
/// Since version 15 a role has to be allowed to make tables where it is no owner.
const ROLES: &str = "CREATE ROLE charla LOGIN CREATEDB REPLICATION PASSWORD 'charla';\nGRANT CREATE ON SCHEMA public TO charla;\n";

/// Read by the server once, at its start: `postgres --single` takes its statements from standard input.
const MAKE_ROLES: &str = r#"exec "$0" --single -D data postgres <roles.sql"#;

impl Kind for PostgresKind {
    const NAME: &'static str = "PostgreSQL";
    const USER: &'static str = "postgres";
    const STOP_SIGNAL: &'static str = "QUIT";

    fn prepare(folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        fs::write(folder.join("access.conf"), ACCESS_RULES)?;
        fs::write(folder.join("roles.sql"), ROLES)?;
        let initdb = programs::find_postgres("initdb")?;
        let server = programs::find_postgres("postgres")?;
        Ok(vec![
            words([
                &initdb,
                "--pgdata=data",
                "--username=postgres",
                "--auth=reject",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--no-instructions",
            ]),
            words(["sh", "-c", MAKE_ROLES, &server]),
        ])
    }

    fn command(folder: &Path, port: u16, options: &Options) -> Result<Vec<String>> {
        let mut command = words([&programs::find_postgres("postgres")?, "-D", "data"]);
        let mut set = |setting: String| command.extend(["-c".to_owned(), setting]);
        set("listen_addresses=127.0.0.1".to_owned());
        set(format!("port={port}"));
        set("unix_socket_directories=".to_owned());
        set(format!("hba_file={}", folder.join("access.conf").display()));
        set("max_connections=300".to_owned());
        // In its folder, and not in /dev/shm, where it would stay after a crash.
        set("dynamic_shared_memory_type=mmap".to_owned());
        let safety = if options.durable { "on" } else { "off" };
        for name in ["fsync", "synchronous_commit", "full_page_writes"] {
            set(format!("{name}={safety}"));
        }
        Ok(command)
    }

    fn ask(mut connection: TcpStream) -> io::Result<()> {
        connection.write_all(&startup_message())?;
        read_until_ready(&mut connection)?;
        connection.write_all(&[b'X', 0, 0, 0, 4])
    }

    fn url(port: u16) -> String {
        format!("postgres://charla:charla@127.0.0.1:{port}/postgres")
    }
}

/// The first message of a client: its length, the protocol's version 3.0, and who wants to go where.
fn startup_message() -> Vec<u8> {
    let body = [&[0, 3, 0, 0], b"user\0charla\0database\0postgres\0\0".as_slice()].concat();
    let length = u32::try_from(body.len() + 4).unwrap_or_default();
    [length.to_be_bytes().as_slice(), &body].concat()
}

/// Reads messages (a letter, a length that counts itself, a body) up to "ready for query".
fn read_until_ready(connection: &mut impl Read) -> io::Result<()> {
    loop {
        let mut head = [0; 5];
        connection.read_exact(&mut head)?;
        let [letter, length @ ..] = head;
        let length = u64::from(u32::from_be_bytes(length).saturating_sub(4));
        let mut body = Vec::new();
        connection.take(length).read_to_end(&mut body)?;
        match letter {
            b'Z' => return Ok(()),
            b'E' => return Err(io::Error::other(String::from_utf8_lossy(&body).replace('\0', " "))),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_startup_message_counts_itself() {
        let message = startup_message();
        assert_eq!(message[..8], [0, 0, 0, 39, 0, 3, 0, 0]);
        assert_eq!(message.len(), 39);
    }

    #[test]
    fn is_ready_after_ready_for_query_alone() {
        let ready = [b"R\0\0\0\x08\0\0\0\0".as_slice(), b"Z\0\0\0\x05I"].concat();
        assert!(read_until_ready(&mut ready.as_slice()).is_ok());
        assert!(read_until_ready(&mut &ready[..9]).is_err());
        let error = read_until_ready(&mut b"E\0\0\0\x0cSFATAL\0\0".as_slice()).unwrap_err();
        assert_eq!(error.to_string().trim_end(), "SFATAL");
    }
}
