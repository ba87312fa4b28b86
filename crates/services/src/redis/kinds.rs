use std::{io, net::TcpStream, path::Path};

use anyhow::Result;

use super::greeted;
use crate::{Kind, Options, certificate, programs, words};

/// How to run Redis.
#[derive(Debug)]
pub enum RedisKind {}

/// How to run Redis with a password.
#[derive(Debug)]
pub enum LockedRedisKind {}

/// How to run Redis with TLS and a user.
#[derive(Debug)]
pub enum SecureRedisKind {}

pub(super) const USER: &str = "redis";
pub(super) const STOP_SIGNAL: &str = "KILL";

impl Kind for RedisKind {
    const NAME: &'static str = "Redis";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(Vec::new())
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        server(folder, &["--port", &port.to_string()])
    }

    fn ask(connection: TcpStream) -> io::Result<()> {
        greeted(connection, [b"+PONG\r\n"; 2])
    }

    fn url(port: u16) -> String {
        format!("redis://127.0.0.1:{port}/")
    }
}

impl Kind for LockedRedisKind {
    const NAME: &'static str = "Redis with a password";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(Vec::new())
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        server(folder, &["--port", &port.to_string(), "--requirepass", "s:ecret"])
    }

    fn ask(connection: TcpStream) -> io::Result<()> {
        greeted(connection, [b"-NOAUTH"; 2])
    }

    fn url(port: u16) -> String {
        format!("redis://:s%3Aecret@127.0.0.1:{port}/")
    }
}

impl Kind for SecureRedisKind {
    const NAME: &'static str = "Redis with TLS";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(vec![certificate::command()?])
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        let port = port.to_string();
        let tls = ["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no"];
        let files = ["--tls-cert-file", certificate::CERTIFICATE, "--tls-key-file", certificate::KEY];
        let users =
            ["--user", "default", "off", "--user", "charla", "on", ">s:ecret", "allchannels", "+@all"];
        server(folder, &[&tls[..], &files, &users].concat())
    }

    /// It answers in TLS alone, which is left to the clients: whether it listens must do.
    fn ask(_connection: TcpStream) -> io::Result<()> {
        Ok(())
    }

    fn url(port: u16) -> String {
        format!("rediss://charla:s%3Aecret@localhost:{port}/")
    }
}

pub(super) fn server(folder: &Path, options: &[&str]) -> Result<Vec<String>> {
    let program = programs::find("redis-server")?;
    let folder = folder.to_string_lossy();
    let place = ["--bind", "127.0.0.1", "--dir", &folder];
    let memory = ["--save", "", "--appendonly", "no"];
    Ok(words([program.as_str()].into_iter().chain(place).chain(memory).chain(options.iter().copied())))
}
