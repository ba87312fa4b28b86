//! What a proxy does to the connections through it.

use std::{io::ErrorKind, time::Duration};

use anyhow::Result;
use charla_services::{Cut, Passage, Proxy, Weather};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};

/// Far longer than anything takes that is to happen.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long nothing has to happen.
const SILENCE: Duration = Duration::from_millis(150);

/// A proxy, and the two ends of a connection through it.
struct Way {
    proxy: Proxy,
    near: TcpStream,
    far: TcpStream,
    listener: TcpListener,
}

impl Way {
    async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let proxy = Proxy::start(listener.local_addr()?).await?;
        let near = TcpStream::connect(proxy.address()).await?;
        let (far, _) = listener.accept().await?;
        let mut way = Self { proxy, near, far, listener };
        way.passes().await?;
        Ok(way)
    }

    async fn passes(&mut self) -> Result<()> {
        self.near.write_all(b"there").await?;
        assert_eq!(read(&mut self.far, 5).await?, b"there");
        self.far.write_all(b"and back").await?;
        assert_eq!(read(&mut self.near, 8).await?, b"and back");
        Ok(())
    }
}

async fn read(end: &mut TcpStream, bytes: usize) -> Result<Vec<u8>> {
    let mut buffer = vec![0; bytes];
    timeout(PATIENCE, end.read_exact(&mut buffer)).await??;
    Ok(buffer)
}

async fn is_silent(end: &mut TcpStream) -> bool {
    timeout(SILENCE, end.read_u8()).await.is_err()
}

fn passage(passage: Passage) -> Weather {
    Weather { passage, ..Weather::default() }
}

#[tokio::test]
async fn an_end_is_passed_on_and_the_other_direction_stays() -> Result<()> {
    let mut way = Way::open().await?;
    way.near.shutdown().await?;
    assert_eq!(timeout(PATIENCE, way.far.read(&mut [0])).await??, 0);
    way.far.write_all(b"late").await?;
    assert_eq!(read(&mut way.near, 4).await?, b"late");
    Ok(())
}

#[tokio::test]
async fn a_cut_is_an_end_or_a_reset() -> Result<()> {
    let mut way = Way::open().await?;
    way.proxy.cut(Cut::Finish);
    assert_eq!(timeout(PATIENCE, way.near.read(&mut [0])).await??, 0);
    assert_eq!(timeout(PATIENCE, way.far.read(&mut [0])).await??, 0);

    let mut way = Way::open().await?;
    way.proxy.cut(Cut::Reset);
    for end in [&mut way.near, &mut way.far] {
        let error = timeout(PATIENCE, end.read(&mut [0])).await?.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }
    Ok(())
}

#[tokio::test]
async fn a_hole_holds_everything_until_it_is_open() -> Result<()> {
    let mut way = Way::open().await?;
    way.proxy.set(passage(Passage::Hole));
    way.near.write_all(b"held").await?;
    assert!(is_silent(&mut way.far).await);
    let mut fresh = TcpStream::connect(way.proxy.address()).await?;
    fresh.write_all(b"x").await?;
    way.proxy.set(Weather::default());
    assert_eq!(read(&mut way.far, 4).await?, b"held");
    let (mut other, _) = timeout(PATIENCE, way.listener.accept()).await??;
    assert_eq!(read(&mut other, 1).await?, b"x");
    way.passes().await
}

#[tokio::test]
async fn a_closed_way_turns_new_connections_away_alone() -> Result<()> {
    let mut way = Way::open().await?;
    way.proxy.set(passage(Passage::Closed));
    let mut fresh = TcpStream::connect(way.proxy.address()).await?;
    let read = timeout(PATIENCE, fresh.read(&mut [0])).await?;
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    way.passes().await
}

#[tokio::test]
async fn a_vanished_connection_is_silent_for_good_and_new_ones_are_well() -> Result<()> {
    let mut way = Way::open().await?;
    way.proxy.vanish();
    // It takes a moment to be so; what is written after that is lost.
    tokio::time::sleep(SILENCE).await;
    way.near.write_all(b"lost").await?;
    assert!(is_silent(&mut way.far).await && is_silent(&mut way.near).await);
    way.near = TcpStream::connect(way.proxy.address()).await?;
    (way.far, _) = way.listener.accept().await?;
    assert_eq!(way.proxy.connections(), 2);
    way.passes().await
}

#[tokio::test]
async fn a_cut_comes_after_so_many_bytes() -> Result<()> {
    let mut way = Way::open().await?;
    way.proxy.cut_after(7);
    // Decided by another task: what is written before is not counted.
    tokio::time::sleep(SILENCE).await;
    way.far.write_all(b"0123456789").await?;
    assert_eq!(read(&mut way.near, 7).await?, b"0123456");
    let error = timeout(PATIENCE, way.near.read(&mut [0])).await?.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    Ok(())
}

#[tokio::test]
async fn a_slow_way_takes_its_time() -> Result<()> {
    let mut way = Way::open().await?;
    let latency = Duration::from_millis(100);
    way.proxy.set(Weather { latency, ..Weather::default() });
    let begin = Instant::now();
    way.passes().await?;
    assert!(begin.elapsed() >= 2 * latency);

    way.proxy.set(Weather { bytes_per_s: Some(100_000), ..Weather::default() });
    let begin = Instant::now();
    way.near.write_all(&[7; 30_000]).await?;
    read(&mut way.far, 30_000).await?;
    // The last piece is given before it is paid for.
    assert!(begin.elapsed() >= Duration::from_millis(180), "{:?}", begin.elapsed());
    Ok(())
}

#[tokio::test]
async fn connections_take_turns_between_servers_and_pass_by_one_that_is_down() -> Result<()> {
    let (one, other) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
    let proxy = Proxy::start_before(vec![one.local_addr()?, other.local_addr()?]).await?;
    let first = TcpStream::connect(proxy.address()).await?;
    timeout(PATIENCE, one.accept()).await??;
    let second = TcpStream::connect(proxy.address()).await?;
    timeout(PATIENCE, other.accept()).await??;
    drop(one);
    let third = TcpStream::connect(proxy.address()).await?;
    timeout(PATIENCE, other.accept()).await??;
    drop((first, second, third));
    Ok(())
}
