//! A thousand wrong passwords a second: how long everybody else's sign-in takes, and what memory that costs.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use charla_testing::PASSWORD;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, interval, timeout},
};

use super::{Findings, PATIENCE};
use crate::{cluster::Cluster, machine, options::RunOptions, person::Person};

/// What everybody else's sign-in may take.
const SIGNED_IN_WITHIN: Duration = Duration::from_secs(1);
/// Wrong passwords at a time, and how often that is: a thousand a second.
const VOLLEY: u32 = 10;
const BETWEEN_VOLLEYS: Duration = Duration::from_millis(10);
/// Between two sign-ins of others.
const BETWEEN_SIGN_INS: Duration = Duration::from_millis(250);
/// Wrong passwords that wait for their answer at most: this machine's sockets have an end too.
const UNANSWERED: usize = 5_000;
/// Who else signs in, in turn, each time from another network.
const PEOPLE: usize = 8;
/// MiB that the node may take at its highest.
const MEMORY: u64 = 256;

/// Where an attack comes from.
#[derive(Clone, Copy, Debug)]
enum From {
    OneAddress,
    Many,
}

/// Whether everybody else signed in in time, and the memory stayed bounded.
pub(crate) async fn run(options: &RunOptions, seconds: u64) -> Result<bool> {
    let mut cluster = Cluster::start(&options.of_nodes(1), &[]).await?;
    let node = &mut cluster.nodes[0];
    let address = node.address();
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Person::invite(number, &[format!("http://{address}")]).await?.username.clone());
    }
    node.terminate().await?;
    node.set("RATE_LIMITS", "on");
    node.set("TRUSTED_PROXIES", "127.0.0.0/8");
    node.start().await?;
    let mut findings = Findings::default();
    for from in [From::OneAddress, From::Many] {
        let (answers, times) = tokio::try_join!(
            attack(address, from, &people[0], Duration::from_secs(seconds)),
            sign_in(address, from, &people[1..], Duration::from_secs(seconds)),
        )?;
        println!("wrong passwords from {from:?}: {answers:?} by status");
        findings.hold_each("everybody else is signed in", times, SIGNED_IN_WITHIN);
    }
    let memory = machine::peak_memory(node.pid().await?)?;
    println!("highest memory {memory} MiB");
    ensure!(memory <= MEMORY, "{memory} MiB are more than {MEMORY}");
    Ok(findings.are_good())
}

/// Tries a thousand wrong passwords a second, for one who is there and for many who are not. Gives how many were answered how.
async fn attack(
    address: SocketAddr,
    from: From,
    victim: &str,
    lasts: Duration,
) -> Result<BTreeMap<u16, usize>> {
    let (begin, mut volleys) = (Instant::now(), interval(BETWEEN_VOLLEYS));
    let (mut tries, mut answers, mut number) = (JoinSet::new(), BTreeMap::new(), 0_u32);
    let mut count = |status: u16| *answers.entry(status).or_default() += 1;
    while begin.elapsed() < lasts {
        volleys.tick().await;
        for _ in 0..VOLLEY {
            ensure!(tries.len() < UNANSWERED, "{UNANSWERED} tries wait for their answer");
            let ip = match from {
                From::OneAddress => Ipv4Addr::new(203, 0, 113, 7),
                // A network of its own each.
                From::Many => Ipv4Addr::from_bits((100 << 24) + (number << 8)),
            };
            let name = if number.is_multiple_of(2) { victim.to_owned() } else { format!("nobody{number}") };
            tries.spawn(async move { login(address, ip, &name, "a wrong password").await });
            number += 1;
        }
        while let Some(status) = tries.try_join_next() {
            count(status??);
        }
    }
    while let Some(status) = tries.join_next().await {
        count(status??);
    }
    Ok(answers)
}

/// Signs the others in, one after the other, and gives how long each took.
async fn sign_in(
    address: SocketAddr,
    from: From,
    people: &[String],
    lasts: Duration,
) -> Result<Vec<Duration>> {
    let (start, mut beats) = (Instant::now(), interval(BETWEEN_SIGN_INS));
    let mut times = Vec::new();
    while start.elapsed() < lasts {
        beats.tick().await;
        let number = u32::try_from(times.len())?;
        let ip = Ipv4Addr::from_bits(((150 + from as u32) << 24) + (number << 8));
        let begin = Instant::now();
        let status = login(address, ip, &people[times.len() % people.len()], PASSWORD).await?;
        ensure!(status == 200, "sign-in {number} was answered with {status}");
        times.push(begin.elapsed());
    }
    Ok(times)
}

/// The status that a sign-in is answered with. A connection of its own each time, as an attacker has them.
async fn login(address: SocketAddr, ip: Ipv4Addr, name: &str, password: &str) -> Result<u16> {
    let body = json!({ "username": name, "password": password }).to_string();
    let request = format!(
        "POST /api/v1/auth/login/ HTTP/1.1\r\nHost: {address}\r\nX-Forwarded-For: {ip}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let exchange = async {
        let mut socket = TcpStream::connect(address).await?;
        socket.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await?;
        anyhow::Ok(answer)
    };
    let answer = timeout(PATIENCE, exchange).await.context("no answer")??;
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok());
    status.context("an answer that is no HTTP")?.parse().context("a status that is none")
}
