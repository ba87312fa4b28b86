//! The process that writes the baseline's frames: one thread, one `write` a socket, nothing else.
//!
//! It prints its port. The first connection steers it: `u32` sockets to come, `u32` bytes of a frame, the frame, all in
//! big-endian order; after that each `u32` says how often to write the frame to every socket.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
};

use anyhow::Result;

/// Writes until the steering connection ends.
pub(crate) fn run() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?.port());
    let (mut steering, _) = listener.accept()?;
    let count = read_u32(&mut steering)?;
    let mut frame = vec![0; usize::try_from(read_u32(&mut steering)?)?];
    steering.read_exact(&mut frame)?;
    let mut sockets: Vec<TcpStream> = Vec::new();
    for _ in 0..count {
        let (socket, _) = listener.accept()?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
    }
    while let Ok(rounds) = read_u32(&mut steering) {
        for _ in 0..rounds {
            for socket in &mut sockets {
                socket.write_all(&frame)?;
            }
        }
    }
    Ok(())
}

fn read_u32(steering: &mut TcpStream) -> Result<u32> {
    let mut bytes = [0; 4];
    steering.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}
