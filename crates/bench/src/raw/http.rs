//! The process that gives the ready answer of the pages' baseline: one read, one write, nothing else.
//!
//! It prints its port. What the first connection says until it is closed for writing is the answer to every request of the others.

use std::{net::Ipv4Addr, process::Stdio, sync::Arc};

use anyhow::{Context, Result};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    process::Child,
};

use crate::{machine::Cores, server::on_core};

/// Answers until it is killed.
pub(crate) async fn run() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?.port());
    let (mut steering, _) = listener.accept().await?;
    let mut answer = Vec::new();
    steering.read_to_end(&mut answer).await?;
    let answer: Arc<[u8]> = answer.into();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream, Arc::clone(&answer)));
    }
}

async fn serve(mut stream: TcpStream, answer: Arc<[u8]>) -> Result<()> {
    let (mut head, mut filled) = (vec![0; 4096], 0);
    loop {
        let count = stream.read(&mut head[filled..]).await?;
        if count == 0 {
            return Ok(());
        }
        filled += count;
        // A request has no body, and the next one waits for its answer.
        if head[..filled].ends_with(b"\r\n\r\n") {
            stream.write_all(&answer).await?;
            filled = 0;
        }
    }
}

/// The process, seen from the load.
#[derive(Debug)]
pub(crate) struct RawHttp {
    /// Killed when it is dropped.
    _child: Child,
    pub(crate) pid: u32,
    pub(crate) address: std::net::SocketAddr,
}

impl RawHttp {
    /// Starts it on the server's core, with the body that it gives.
    pub(crate) async fn start(cores: Cores, body: &[u8]) -> Result<Self> {
        let mut child = on_core(cores.server, &std::env::current_exe()?)
            .arg("raw-http")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the baseline's HTTP server can't be started")?;
        let pid = child.id().context("it has no process id")?;
        let mut port = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut port).await?;
        let address = (Ipv4Addr::LOCALHOST, port.trim().parse().context("no port")?).into();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut steering = TcpStream::connect(address).await?;
        steering.write_all(&[head.as_bytes(), body].concat()).await?;
        steering.shutdown().await?;
        Ok(Self { _child: child, pid, address })
    }
}
