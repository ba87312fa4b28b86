//! The process that writes the baseline's frames: one task, one write a socket, nothing else.
//!
//! It prints its port. The first connection steers it: `u32` sockets to come, `u32` bytes of a frame, the frame, all in
//! big-endian order; after that each `u32` says how often to write the frame to every socket.

use std::net::Ipv4Addr;

use anyhow::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Writes until the steering connection ends.
pub(crate) async fn run() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?.port());
    let (mut steering, _) = listener.accept().await?;
    let count = steering.read_u32().await?;
    let mut frame = vec![0; usize::try_from(steering.read_u32().await?)?];
    steering.read_exact(&mut frame).await?;
    let mut sockets: Vec<TcpStream> = Vec::new();
    for _ in 0..count {
        let (socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
    }
    while let Ok(rounds) = steering.read_u32().await {
        for _ in 0..rounds {
            for socket in &mut sockets {
                socket.write_all(&frame).await?;
            }
        }
    }
    Ok(())
}
