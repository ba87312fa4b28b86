//! A WebSocket client that costs next to nothing: the load must not be what is measured.
//!
//! It finds where frames end and what kind of event they hold, without reading the JSON. Its own frames are masked with
//! zeros, which leaves them as they are. It trusts the server: no checks of UTF-8, no fragments. What is compressed stays so.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// Bytes of a socket's buffer to begin with; it grows with the largest frame.
const BUFFER: usize = 4 * 1024;
/// Bytes of a frame at most: more than a `hello` ever has here.
const MAX_FRAME: usize = 4 * 1024 * 1024;
/// Where the type of an event begins: behind the room's id, or behind `null`.
const TYPE_BEHIND_ROOM: usize = r#"{"room_id":"00000000-0000-0000-0000-000000000000","type":""#.len();
const TYPE_BEHIND_NULL: usize = r#"{"room_id":null,"type":""#.len();

/// The opcode of a text frame with the first reserved bit set (RFC 7692, 6).
const COMPRESSED_TEXT: u8 = 0x41;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Hello,
    Message,
    Ack,
    Error,
    Resync,
    /// Another event.
    Event,
    /// An event that is compressed: whatever it may be.
    Packed,
    Ping,
    Close,
}

/// One frame, still in the buffer.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) kind: Kind,
    pub(crate) payload: &'a [u8],
}

/// One socket.
#[derive(Debug)]
pub(crate) struct Wire {
    read: OwnedReadHalf,
    write: Option<OwnedWriteHalf>,
    buffer: Vec<u8>,
    /// What has come and was not taken yet.
    filled: std::ops::Range<usize>,
}

impl Wire {
    /// Takes a connection that is past its handshake.
    pub(crate) fn new(stream: TcpStream) -> Self {
        let (read, write) = stream.into_split();
        Self { read, write: Some(write), buffer: vec![0; BUFFER], filled: 0..0 }
    }

    /// Opens `/ws/`, and waits for `hello`.
    pub(crate) async fn open(address: SocketAddr, access: &str) -> Result<Self> {
        Self::open_with(address, access, "").await
    }

    /// The same where events may be compressed.
    pub(crate) async fn open_packed(address: SocketAddr, access: &str) -> Result<Self> {
        Self::open_with(address, access, "Sec-WebSocket-Extensions: permessage-deflate\r\n").await
    }

    async fn open_with(address: SocketAddr, access: &str, headers: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET /ws/ HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             {headers}Authorization: Bearer {access}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut wire = Self::new(stream);
        wire.skip_head().await?;
        let frame = wire.next().await?;
        ensure!(matches!(frame.kind, Kind::Hello | Kind::Packed), "instead of hello came {:?}", frame.kind);
        Ok(wire)
    }

    async fn skip_head(&mut self) -> Result<()> {
        loop {
            let head = &self.buffer[self.filled.clone()];
            if let Some(end) = head.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                ensure!(head.starts_with(b"HTTP/1.1 101"), "refused: {}", String::from_utf8_lossy(head));
                self.filled.start += end + 4;
                return Ok(());
            }
            self.fill().await?;
        }
    }

    /// The next frame that has come as a whole, if one has.
    pub(crate) fn pop(&mut self) -> Result<Option<Frame<'_>>> {
        let Some((opcode, head, length)) = header(&self.buffer[self.filled.clone()]) else { return Ok(None) };
        ensure!(length <= MAX_FRAME, "a frame of {length} bytes");
        if self.filled.len() < head + length {
            return Ok(None);
        }
        let begin = self.filled.start + head;
        self.filled.start = begin + length;
        let payload = &self.buffer[begin..begin + length];
        let kind = match opcode {
            COMPRESSED_TEXT => Kind::Packed,
            0x1 => event_kind(payload),
            0x8 => Kind::Close,
            0x9 => Kind::Ping,
            _ => bail!("a frame of the kind {opcode}"),
        };
        Ok(Some(Frame { kind, payload }))
    }

    /// Waits for more bytes.
    pub(crate) async fn fill(&mut self) -> Result<()> {
        if self.filled.is_empty() {
            self.filled = 0..0;
        } else if self.filled.end == self.buffer.len() {
            self.buffer.copy_within(self.filled.clone(), 0);
            self.filled = 0..self.filled.len();
            if self.filled.end == self.buffer.len() {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
        }
        let count = self.read.read(&mut self.buffer[self.filled.end..]).await.context("the socket broke")?;
        ensure!(count > 0, "the socket was closed");
        self.filled.end += count;
        Ok(())
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> Result<Frame<'_>> {
        while !self.has_frame() {
            self.fill().await?;
        }
        self.pop()?.context("a frame")
    }

    fn has_frame(&self) -> bool {
        header(&self.buffer[self.filled.clone()])
            .is_some_and(|(_, head, length)| length > MAX_FRAME || self.filled.len() >= head + length)
    }

    /// Takes the way out: others may send then, and this socket no longer answers pings.
    pub(crate) fn take_writer(&mut self) -> Result<OwnedWriteHalf> {
        self.write.take().context("somebody else sends already")
    }

    /// Sends frames made by [`put_text`].
    pub(crate) async fn send(&mut self, frames: &[u8]) -> Result<()> {
        match &mut self.write {
            Some(write) => write.write_all(frames).await.context("the socket broke"),
            None => Ok(()),
        }
    }

    /// Answers a ping.
    pub(crate) async fn pong(&mut self) -> Result<()> {
        self.send(&[0x8A, 0x80, 0, 0, 0, 0]).await
    }
}

/// Appends a text frame as clients send it.
#[expect(clippy::cast_possible_truncation, reason = "compared before")]
pub(crate) fn put_text(frames: &mut Vec<u8>, text: &[u8]) {
    match text.len() {
        length @ ..=125 => frames.extend([0x81, 0x80 | length as u8]),
        length => {
            debug_assert!(length <= usize::from(u16::MAX), "a frame of the load is short");
            frames.extend([0x81, 0x80 | 126]);
            frames.extend((length as u16).to_be_bytes());
        }
    }
    frames.extend([0; 4]);
    frames.extend(text);
}

/// A text frame as servers send it.
#[expect(clippy::cast_possible_truncation, reason = "compared before")]
pub(crate) fn server_frame(text: &[u8]) -> Vec<u8> {
    let mut frame = match text.len() {
        length @ ..=125 => vec![0x81, length as u8],
        length => [[0x81, 126], (length as u16).to_be_bytes()].concat(),
    };
    frame.extend(text);
    frame
}

/// Opcode with the reserved bits, bytes of the header, and bytes of the payload; none where the header has not come as a whole.
fn header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    let opcode = first & 0x7F;
    match second & 0x7F {
        126 => {
            let length = bytes.get(2..4)?.try_into().ok().map(u16::from_be_bytes)?;
            Some((opcode, 4, length.into()))
        }
        127 => {
            let length = bytes.get(2..10)?.try_into().ok().map(u64::from_be_bytes)?;
            Some((opcode, 10, usize::try_from(length).unwrap_or(usize::MAX)))
        }
        length => Some((opcode, 2, length.into())),
    }
}

fn event_kind(text: &[u8]) -> Kind {
    // `"room_id":n`ull or `"room_id":"`….
    let begin = if text.get(11) == Some(&b'n') { TYPE_BEHIND_NULL } else { TYPE_BEHIND_ROOM };
    let name = text.get(begin..).unwrap_or_default();
    let is = |kind: &[u8]| name.starts_with(kind);
    match () {
        () if is(b"message\"") => Kind::Message,
        () if is(b"ack\"") => Kind::Ack,
        () if is(b"error\"") => Kind::Error,
        () if is(b"resync\"") => Kind::Resync,
        () if is(b"hello\"") => Kind::Hello,
        () => Kind::Event,
    }
}

#[cfg(test)]
mod tests {
    use charla_protocol::{
        ErrorCode, RoomId, Timestamp,
        events::{Ack, Empty, ErrorData, Event, ServerFrame},
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn events_are_told_apart_as_the_server_writes_them() {
        let ack = Ack {
            client_id: "x".to_owned(),
            id: None,
            revision: None,
            created_at: Timestamp::from_millis(0),
        };
        let error = ErrorData {
            action: None,
            client_id: None,
            code: ErrorCode::NotFound,
            detail: String::new(),
            errors: None,
            retry_after: None,
            until: None,
        };
        for (event, kind) in [
            (Event::Ack(ack), Kind::Ack),
            (Event::Error(error), Kind::Error),
            (Event::Resync(Empty {}), Kind::Resync),
            (Event::Pong(Empty {}), Kind::Event),
        ] {
            for room_id in [None, Some(RoomId(Uuid::nil()))] {
                let frame = ServerFrame { room_id, event: event.clone() };
                assert_eq!(event_kind(&serde_json::to_vec(&frame).unwrap()), kind, "{frame:?}");
            }
        }
        let message = r#"{"room_id":"00000000-0000-0000-0000-000000000000","type":"message","data":{}}"#;
        assert_eq!(event_kind(message.as_bytes()), Kind::Message);
        assert_eq!(event_kind(b"{}"), Kind::Event);
    }

    #[test]
    fn lengths_of_every_form_are_read() {
        for length in [0, 125, 126, 60_000] {
            let frame = server_frame(&vec![b'x'; length]);
            let head = frame.len() - length;
            assert_eq!(header(&frame), Some((1, head, length)));
            assert_eq!(header(&frame[..1]), None);
        }
        assert_eq!(header(&[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Some((1, 10, 65_536)));
    }
}
