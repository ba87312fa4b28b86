use std::{
    fs,
    io::{self, Read},
    net::TcpStream,
    path::Path,
};

use anyhow::{Context, Result};

use crate::{Options, Server, certificate, server::Kind, words};

/// A mail server that keeps what it takes in files: [`Server::folder`]`/mail/<domain of the sender>/*.eml`. Recipients whose
/// name begins with `refused` are turned away, those with `later` the first time.
pub type Smtp = Server<SmtpKind>;

/// The same, which takes mail only after STARTTLS and signing in, as `charla` with `s:ecret`. Its certificate, for the name
/// `localhost`, is [`Server::folder`]`/certificate.pem`.
pub type SecureSmtp = Server<SecureSmtpKind>;

/// How to run the mail server.
#[derive(Debug)]
pub enum SmtpKind {}

/// How to run the mail server with TLS.
#[derive(Debug)]
pub enum SecureSmtpKind {}

/// Debian's own: it knows the packages that Debian brings.
const PYTHON: &str = "/usr/bin/python3";
const SCRIPT: &str = "smtp.py";

impl Kind for SmtpKind {
    const NAME: &'static str = "the mail server";
    const USER: &'static str = "nobody";
    const STOP_SIGNAL: &'static str = "KILL";

    fn prepare(folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        write_script(folder)?;
        Ok(Vec::new())
    }

    fn command(_folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        Ok(words([PYTHON, SCRIPT, &port.to_string()]))
    }

    fn ask(connection: TcpStream) -> io::Result<()> {
        greeted(connection)
    }

    fn url(port: u16) -> String {
        format!("smtp://127.0.0.1:{port}")
    }
}

impl Kind for SecureSmtpKind {
    const NAME: &'static str = "the mail server with TLS";
    const USER: &'static str = "nobody";
    const STOP_SIGNAL: &'static str = "KILL";

    fn prepare(folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        write_script(folder)?;
        Ok(vec![certificate::command()?])
    }

    fn command(folder: &Path, port: u16, options: &Options) -> Result<Vec<String>> {
        let mut command = SmtpKind::command(folder, port, options)?;
        command.push(certificate::CERTIFICATE.to_owned());
        Ok(command)
    }

    fn ask(connection: TcpStream) -> io::Result<()> {
        greeted(connection)
    }

    fn url(port: u16) -> String {
        format!("smtp://charla:s%3Aecret@localhost:{port}?tls=starttls")
    }
}

fn write_script(folder: &Path) -> Result<()> {
    fs::write(folder.join(SCRIPT), include_str!("smtp.py"))
        .context("the mail server's program can't be written")
}

fn greeted(mut connection: TcpStream) -> io::Result<()> {
    let mut greeting = [0; 4];
    connection.read_exact(&mut greeting)?;
    if &greeting == b"220 " { Ok(()) } else { Err(io::Error::other("it does not greet")) }
}
