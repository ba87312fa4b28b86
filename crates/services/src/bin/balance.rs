//! Hands the connections that come to an address to several servers in turn; one that turns them away is left out.

use std::{env, future, net::SocketAddr};

use anyhow::{Context, Result, ensure};
use charla_services::Proxy;

const USAGE: &str = "usage: balance ADDRESS SERVER…";

#[tokio::main]
async fn main() -> Result<()> {
    let addresses: Result<Vec<SocketAddr>, _> = env::args().skip(1).map(|address| address.parse()).collect();
    let mut addresses = addresses.context(USAGE)?;
    ensure!(addresses.len() > 1, USAGE);
    let servers = addresses.split_off(1);
    let _proxy = Proxy::start_at(addresses[0], servers).await?;
    future::pending().await
}
