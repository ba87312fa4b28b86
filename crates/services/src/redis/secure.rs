//! Servers that talk to each other by TLS alone, with one certificate, and ask their clients for a password.

use std::{io, net::TcpStream, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use super::{
    RedisKind, SecureRedisCluster, SecureRedisSentinels, Told, cluster,
    kinds::{STOP_SIGNAL, USER, server},
    say,
};
use crate::{Kind, Options, certificate, programs, words};

/// How to run a node of a cluster with TLS and a user.
#[derive(Debug)]
pub enum SecureClusterNodeKind {}

/// How to run a master or a replica with TLS and a user.
#[derive(Debug)]
pub enum SecureMemberKind {}

/// How to run a Sentinel with TLS.
#[derive(Debug)]
pub enum SecureSentinelKind {}

const SIGN_IN: (&str, &str) = ("charla", "s:ecret");
const USERS: [&str; 8] = ["--user", "default", "off", "--user", "charla", "on", ">s:ecret", "allchannels"];

impl SecureRedisCluster {
    /// As [`url`](Self::url), with the certificate that clients have to trust.
    pub fn trusted_url(&self) -> Result<String> {
        Ok(format!("{}?ca={}", self.url(), own(certificate::CERTIFICATE)?))
    }
}

impl SecureRedisSentinels {
    /// As [`url`](Self::url), with the certificate that clients have to trust.
    pub fn trusted_url(&self) -> Result<String> {
        Ok(format!("{}?ca={}", self.url(), own(certificate::CERTIFICATE)?))
    }
}

impl Kind for SecureClusterNodeKind {
    const NAME: &'static str = "a node of a Redis cluster with TLS";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(Vec::new())
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        let tls = tls(port, "--tls-cluster")?;
        let cluster = cluster::options(port);
        let options = tls.iter().chain(&cluster).map(String::as_str).chain(USERS).chain(["+@all"]);
        server(folder, &options.collect::<Vec<_>>())
    }

    /// It answers in TLS alone, which is left to the clients: whether it listens must do.
    fn ask(_connection: TcpStream) -> io::Result<()> {
        Ok(())
    }

    fn url(port: u16) -> String {
        format!("rediss-cluster://127.0.0.1:{port}")
    }
}

impl Kind for SecureMemberKind {
    const NAME: &'static str = "Redis with TLS and a replica";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(Vec::new())
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        let tls = tls(port, "--tls-replication")?;
        let (user, password) = SIGN_IN;
        let master = ["--masteruser", user, "--masterauth", password];
        let options = tls.iter().map(String::as_str).chain(master).chain(USERS).chain(["+@all"]);
        server(folder, &options.collect::<Vec<_>>())
    }

    /// It answers in TLS alone, which is left to the clients: whether it listens must do.
    fn ask(_connection: TcpStream) -> io::Result<()> {
        Ok(())
    }

    fn url(port: u16) -> String {
        format!("rediss://127.0.0.1:{port}/")
    }
}

impl Kind for SecureSentinelKind {
    const NAME: &'static str = "a Redis Sentinel with TLS";
    const USER: &'static str = USER;
    const STOP_SIGNAL: &'static str = STOP_SIGNAL;

    fn prepare(_folder: &Path, _options: &Options) -> Result<Vec<Vec<String>>> {
        Ok(vec![words(["touch", "sentinel.conf"])])
    }

    fn command(folder: &Path, port: u16, _options: &Options) -> Result<Vec<String>> {
        let tls = tls(port, "--tls-replication")?;
        let options = tls.iter().map(String::as_str).chain(["--sentinel"]);
        let mut command = server(folder, &options.collect::<Vec<_>>())?;
        command.insert(1, folder.join("sentinel.conf").to_string_lossy().into_owned());
        Ok(command)
    }

    /// It answers in TLS alone, which is left to the clients: whether it listens must do.
    fn ask(_connection: TcpStream) -> io::Result<()> {
        Ok(())
    }

    fn url(port: u16) -> String {
        format!("rediss-sentinel://127.0.0.1:{port}/charla")
    }
}

impl Told for SecureClusterNodeKind {
    const SCHEME: &'static str = "rediss";
    const SIGN_IN: Option<(&'static str, &'static str)> = Some(SIGN_IN);

    fn say(port: u16, command: &str) -> Result<String> {
        say_by_tls(port, Self::SIGN_IN, command)
    }
}

impl Told for SecureMemberKind {
    const SCHEME: &'static str = "rediss";
    const SIGN_IN: Option<(&'static str, &'static str)> = Some(SIGN_IN);

    fn say(port: u16, command: &str) -> Result<String> {
        say_by_tls(port, Self::SIGN_IN, command)
    }
}

impl Told for SecureSentinelKind {
    const SCHEME: &'static str = "rediss";
    const SIGN_IN: Option<(&'static str, &'static str)> = None;

    fn say(port: u16, command: &str) -> Result<String> {
        say_by_tls(port, Self::SIGN_IN, command)
    }
}

impl Told for RedisKind {
    const SCHEME: &'static str = "redis";
    const SIGN_IN: Option<(&'static str, &'static str)> = None;

    fn say(port: u16, command: &str) -> Result<String> {
        say(port, command)
    }
}

fn say_by_tls(port: u16, sign_in: Option<(&str, &str)>, command: &str) -> Result<String> {
    let mut client = Command::new(programs::find("redis-cli")?);
    client.args(["-e", "-h", "127.0.0.1", "-p", &port.to_string()]);
    client.args(["--tls", "--cacert", &own(certificate::CERTIFICATE)?]);
    if let Some((user, password)) = sign_in {
        client.args(["--no-auth-warning", "--user", user, "--pass", password]);
    }
    let output = client.args(command.split(' ')).output().context("redis-cli can't be started")?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(
        output.status.success(),
        "{command:?} is refused: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(text.trim_end().to_owned())
}

/// TLS on this port alone, and among the servers by this option.
fn tls(port: u16, among: &str) -> Result<Vec<String>> {
    let (port, certificate, key) = (port.to_string(), own(certificate::CERTIFICATE)?, own(certificate::KEY)?);
    let place = ["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no", among, "yes"];
    let files = ["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &certificate];
    Ok(words(place.into_iter().chain(files)))
}

fn own(file: &str) -> Result<String> {
    Ok(certificate::shared(USER, STOP_SIGNAL)?.join(file).to_string_lossy().into_owned())
}
