//! Frames that go out: encoded once, sent to many.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use super::deflate;

const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;
const FINAL: u8 = 0x80;
/// RSV1: the payload is compressed.
const COMPRESSED: u8 = 0x40;
/// Bytes of a payload below which compressing gains nothing.
const COMPRESSED_FROM: usize = 96;

/// A whole message as it goes over the wire. Clones share their bytes.
#[derive(Clone)]
pub(crate) struct Frame(Arc<Encoded>);

struct Encoded {
    plain: Box<[u8]>,
    /// The same compressed, made when the first socket wants it. None where it would not be shorter.
    compressed: OnceLock<Option<Box<[u8]>>>,
    /// Where the payload begins in `plain`.
    payload_at: usize,
}

impl Frame {
    pub(crate) fn text(text: &str) -> Self {
        Self::new(TEXT, text.as_bytes())
    }

    pub(crate) fn ping() -> Self {
        Self::new(PING, &[])
    }

    /// Answers a ping with what it said, 125 bytes at most.
    pub(crate) fn pong(said: &[u8]) -> Self {
        Self::new(PONG, said)
    }

    /// Says goodbye, with a reason of 123 bytes at most.
    pub(crate) fn close(code: u16, reason: &str) -> Self {
        Self::new(CLOSE, &[&code.to_be_bytes(), reason.as_bytes()].concat())
    }

    /// Answers a goodbye that named no code.
    pub(crate) fn close_without_code() -> Self {
        Self::new(CLOSE, &[])
    }

    fn new(kind: u8, payload: &[u8]) -> Self {
        let plain = encode(FINAL | kind, payload);
        let payload_at = plain.len() - payload.len();
        Self(Arc::new(Encoded { plain, compressed: OnceLock::new(), payload_at }))
    }

    /// What goes over the wire, to a socket that takes compressed frames or not.
    pub(crate) fn bytes(&self, is_compressing: bool) -> &[u8] {
        match self.compressed().filter(|_| is_compressing) {
            Some(compressed) => compressed,
            None => &self.0.plain,
        }
    }

    /// Bytes on the wire, uncompressed.
    pub(crate) fn len(&self) -> usize {
        self.0.plain.len()
    }

    fn compressed(&self) -> Option<&[u8]> {
        self.0.compressed.get_or_init(|| self.compress()).as_deref()
    }

    fn compress(&self) -> Option<Box<[u8]>> {
        let payload = self.payload();
        if self.0.plain[0] != FINAL | TEXT || payload.len() < COMPRESSED_FROM {
            return None;
        }
        let compressed = encode(FINAL | COMPRESSED | TEXT, &deflate::compress(payload)?);
        (compressed.len() < self.0.plain.len()).then_some(compressed)
    }

    /// What it says.
    #[cfg(test)]
    pub(crate) fn as_text(&self) -> &str {
        str::from_utf8(self.payload()).unwrap()
    }

    fn payload(&self) -> &[u8] {
        &self.0.plain[self.0.payload_at..]
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(self.payload()))
    }
}

impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        self.0.plain == other.0.plain
    }
}

impl Eq for Frame {}

/// One frame with its head (RFC 6455, 5.2), unmasked as a server's are.
fn encode(first: u8, payload: &[u8]) -> Box<[u8]> {
    let mut bytes = Vec::with_capacity(payload.len() + 10);
    bytes.push(first);
    match payload.len() {
        length @ ..=125 => bytes.push(length as u8),
        length @ ..=0xFFFF => {
            bytes.push(126);
            bytes.extend((length as u16).to_be_bytes());
        }
        length => {
            bytes.push(127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend_from_slice(payload);
    bytes.into()
}
