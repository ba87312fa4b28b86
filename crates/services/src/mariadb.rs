use std::{
    fs,
    io::{self, Read},
    net::TcpStream,
    path::Path,
};

use anyhow::Result;

use crate::{Options, Server, programs, server::Kind, words};

/// A MariaDB server. Its URL names no database, but a user that may create some.
pub type MariaDb = Server<MariaDbKind>;

/// How to run MariaDB.
#[derive(Debug)]
pub enum MariaDbKind {}

/// Executed at every start, before the first connection is taken.
const USERS: &str = "\
CREATE USER IF NOT EXISTS 'charla'@'127.0.0.1' IDENTIFIED BY 'charla';
GRANT ALL ON *.* TO 'charla'@'127.0.0.1';
";

/// The version of the protocol, with which a server greets a client that it will serve.
const GREETING: u8 = 10;

impl Kind for MariaDbKind {
    const NAME: &'static str = "MariaDB";
    const USER: &'static str = "mysql";
    const STOP_SIGNAL: &'static str = "KILL";

    fn prepare(folder: &Path, options: &Options) -> Result<Vec<Vec<String>>> {
        fs::write(folder.join("users.sql"), USERS)?;
        let mut install = words([&programs::find("mariadb-install-db")?, "--no-defaults", "--skip-test-db"]);
        install.extend(settings(folder, options));
        Ok(vec![install])
    }

    fn command(folder: &Path, port: u16, options: &Options) -> Result<Vec<String>> {
        let mut command = words([&programs::find("mariadbd")?, "--no-defaults"]);
        command.extend(settings(folder, options));
        command.extend(words([
            "--bind-address=127.0.0.1",
            &format!("--port={port}"),
            &format!("--socket={}", folder.join("socket").display()),
            &format!("--pid-file={}", folder.join("pid").display()),
            &format!("--init-file={}", folder.join("users.sql").display()),
            &format!("--secure-file-priv={}", folder.display()),
            "--skip-name-resolve",
            "--skip-log-bin",
            "--max-connections=500",
            "--character-set-server=utf8mb4",
        ]));
        Ok(command)
    }

    fn ask(mut connection: TcpStream) -> io::Result<()> {
        // Three bytes of length and a number come before the body of each packet.
        let mut head = [0; 5];
        connection.read_exact(&mut head)?;
        let [.., first] = head;
        let refused = || io::Error::other(format!("it begins with {first} instead of a greeting"));
        if first == GREETING { Ok(()) } else { Err(refused()) }
    }

    fn url(port: u16) -> String {
        format!("mysql://charla:charla@127.0.0.1:{port}/")
    }
}

/// What holds while the data is made as well.
fn settings(folder: &Path, options: &Options) -> Vec<String> {
    let safety = if options.durable {
        ["--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=ON", "--innodb-log-file-size=96M"]
    } else {
        ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF", "--innodb-log-file-size=32M"]
    };
    let mut settings = words([
        &format!("--datadir={}", folder.join("data").display()),
        &format!("--tmpdir={}", folder.display()),
        "--innodb-buffer-pool-size=128M",
        "--key-buffer-size=1M",
        "--aria-pagecache-buffer-size=8M",
    ]);
    settings.extend(words(safety));
    settings
}
