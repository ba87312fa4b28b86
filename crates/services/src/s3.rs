use std::{
    fs,
    io::{self, Read, Write},
    net::TcpStream,
    path::Path,
};

use anyhow::Result;

use crate::{Options, Server, programs, server::Kind, words};

/// The one bucket there is, and who may use it.
const BUCKET: &str = "charla";
const KEY: &str = "charla-test-key";
const SECRET: &str = "charla-test-secret";

/// An S3 server (s3s-fs) with one bucket.
pub type S3 = Server<S3Kind>;

/// How to run an S3 server.
#[derive(Debug)]
pub enum S3Kind {}

impl Kind for S3Kind {
    const NAME: &'static str = "S3";
    /// It is installed where its user has programs of their own.
    const USER: &'static str = "root";
    const STOP_SIGNAL: &'static str = "KILL";

    fn prepare(folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        fs::create_dir_all(folder.join("data").join(BUCKET))?;
        Ok(Vec::new())
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        let program = programs::find("s3s-fs")?;
        let (port, data) = (port.to_string(), folder.join("data"));
        let place = ["--host", "127.0.0.1", "--port", &port];
        let account = ["--access-key", KEY, "--secret-key", SECRET];
        let data = data.to_string_lossy();
        Ok(words([program.as_str()].into_iter().chain(place).chain(account).chain([&*data])))
    }

    fn ask(mut connection: TcpStream) -> io::Result<()> {
        connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 5];
        connection.read_exact(&mut answer)?;
        if &answer == b"HTTP/" { Ok(()) } else { Err(io::Error::other("it does not speak HTTP")) }
    }

    fn url(port: u16) -> String {
        format!("s3://{KEY}:{SECRET}@{BUCKET}?endpoint=http://127.0.0.1:{port}")
    }
}
