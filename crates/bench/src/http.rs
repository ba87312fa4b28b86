//! An HTTP client that costs next to nothing: one connection, one request at a time, answers with a `content-length`.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Bytes of an answer at most.
const MAX_ANSWER: usize = 1024 * 1024;

/// Bytes of the buffer to begin with.
const FIRST_BUFFER: usize = 16 * 1024;

/// One connection that is kept.
#[derive(Debug)]
pub(crate) struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
    head: String,
}

impl Http {
    /// Connects, to post JSON to `path` again and again.
    pub(crate) async fn open(address: SocketAddr, path: &str, access: &str) -> Result<Self> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {access}\r\n\
             Content-Type: application/json\r\nContent-Length: "
        );
        Self::connect(address, head).await
    }

    /// Connects, to ask for `path` again and again.
    pub(crate) async fn open_to_get(address: SocketAddr, path: &str, access: &str) -> Result<Self> {
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {access}\r\n\r\n");
        Self::connect(address, head).await
    }

    async fn connect(address: SocketAddr, head: String) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; FIRST_BUFFER], head })
    }

    /// Posts a body, and waits for the whole answer; its status.
    pub(crate) async fn post(&mut self, body: &str) -> Result<u16> {
        let request = format!("{}{}\r\n\r\n{body}", self.head, body.len());
        self.stream.write_all(request.as_bytes()).await.context("the connection broke")?;
        self.answer().await
    }

    /// Asks, and waits for the whole answer; its status.
    pub(crate) async fn get(&mut self) -> Result<u16> {
        self.stream.write_all(self.head.as_bytes()).await.context("the connection broke")?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<u16> {
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                ensure!(filled < MAX_ANSWER, "a long answer");
                self.buffer.resize(2 * filled, 0);
            }
            let count = self.stream.read(&mut self.buffer[filled..]).await.context("the connection broke")?;
            ensure!(count > 0, "the connection was closed");
            filled += count;
            if let Some(status) = whole_answer(&self.buffer[..filled])? {
                return Ok(status);
            }
        }
    }
}

/// The status, once head and body have come.
fn whole_answer(bytes: &[u8]) -> Result<Option<u16>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..end])?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("no status")?.parse()?;
    let length: usize = lines
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .context("no content-length")?
        .1
        .parse()?;
    Ok((bytes.len() >= end + 4 + length).then_some(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_with_its_last_byte() {
        let answer = b"HTTP/1.1 201 Created\r\ndate: x\r\nContent-Length: 3\r\n\r\nabc";
        for cut in 0..answer.len() {
            assert_eq!(whole_answer(&answer[..cut]).unwrap(), None, "{cut}");
        }
        assert_eq!(whole_answer(answer).unwrap(), Some(201));
        assert!(whole_answer(b"HTTP/1.1 204 No Content\r\n\r\n").is_err());
    }
}
