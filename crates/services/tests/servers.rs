//! Each server starts, answers, comes back from a crash on the same address, and leaves nothing behind.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use charla_services::{
    Kind, LockedRedisKind, MariaDbKind, Options, PostgresKind, Redis, RedisCluster, RedisKind,
    SecureRedisKind, SecureSmtpKind, Server, SmtpKind,
};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn postgres_comes_back_from_a_crash() -> Result<()> {
    comes_back_from_a_crash::<PostgresKind>(&Options { durable: true })
}

#[test]
fn mariadb_comes_back_from_a_crash() -> Result<()> {
    comes_back_from_a_crash::<MariaDbKind>(&Options { durable: true })
}

#[test]
fn redis_comes_back_from_a_crash() -> Result<()> {
    comes_back_from_a_crash::<RedisKind>(&Options { durable: false })?;
    comes_back_from_a_crash::<LockedRedisKind>(&Options { durable: false })?;
    comes_back_from_a_crash::<SecureRedisKind>(&Options { durable: false })
}

#[test]
fn a_cluster_comes_back_from_the_crash_of_a_node() -> Result<()> {
    let mut cluster = RedisCluster::start(&Options::default())?;
    cluster.nodes()[2].kill()?;
    cluster.nodes()[2].restart()?;
    cluster.wait()
}

#[test]
fn a_paused_server_answers_when_it_goes_on() -> Result<()> {
    let mut redis = Redis::start(&Options::default())?;
    redis.pause()?;
    let stat = format!("/proc/{}/stat", redis.pid());
    let begin = Instant::now();
    while !fs::read_to_string(&stat)?.contains(") T ") {
        assert!(begin.elapsed() < PATIENCE, "it still runs");
        thread::yield_now();
    }
    redis.resume()?;
    assert_eq!(redis.say("PING")?, "+PONG");
    redis.pause()?;
    redis.restart()?;
    assert_eq!(redis.say("ECHO back")?, "back");
    Ok(())
}

#[test]
fn the_mail_servers_come_back_from_a_crash() -> Result<()> {
    comes_back_from_a_crash::<SmtpKind>(&Options { durable: false })?;
    comes_back_from_a_crash::<SecureSmtpKind>(&Options { durable: false })
}

fn comes_back_from_a_crash<K: Kind>(options: &Options) -> Result<()> {
    let mut server = Server::<K>::start(options)?;
    let (first, url, folder) = (server.pid(), server.url(), folder_of(&server)?);
    server.kill()?;
    assert!(!runs(first));
    server.restart()?;
    let second = server.pid();
    assert_ne!(second, first);
    assert_eq!((server.url(), folder_of(&server)?), (url, folder.clone()));
    drop(server);
    assert!(!runs(second));
    assert!(!folder.exists());
    Ok(())
}

/// Servers work in their folder or in one below it.
fn folder_of<K: Kind>(server: &Server<K>) -> Result<PathBuf> {
    let place = fs::read_link(format!("/proc/{}/cwd", server.pid()))?;
    let is_ours = |folder: &&Path| folder.to_string_lossy().contains("/charla-services-");
    Ok(place.ancestors().filter(is_ours).last().context("the server is elsewhere")?.to_owned())
}

fn runs(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}
