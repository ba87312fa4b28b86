//! Frames that come in, put together to messages (RFC 6455, 5 and 8).

use std::io;

use super::deflate::{self, Fault};

/// Bytes of a message that are read. The bound of what is accepted is lower: what has been read as a whole can still be
/// answered, while a connection that ends with something unread resets, and may take the close frame with it.
const MAX_READ: usize = 256 * 1024;
/// Bytes of a ping, pong or close at most (RFC 6455, 5.5).
const MAX_CONTROL: usize = 125;
/// What is read at a time, in bytes, where it is not known how much is missing.
const PIECE: usize = 2048;

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    Text(String),
    /// That many bytes.
    Binary(usize),
    Ping(Vec<u8>),
    Pong,
    /// With the code, where one was given.
    Close(Option<u16>),
}

/// What ends a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Violation {
    Protocol,
    NotUtf8,
    TooLarge,
}

/// Takes bytes and gives messages. Between two messages it has no memory.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    bytes: Vec<u8>,
    /// How many of them have been given.
    given: usize,
    begun: Option<Box<Begun>>,
    takes_compressed: bool,
    /// Nothing whole waits: more has to be read.
    is_dry: bool,
}

/// A message of which frames are missing.
#[derive(Debug)]
struct Begun {
    is_text: bool,
    is_compressed: bool,
    payload: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Head {
    is_final: bool,
    is_compressed: bool,
    kind: Kind,
    mask: [u8; 4],
    payload_at: usize,
    length: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Decoder {
    /// `takes_compressed` says whether that was agreed on in the handshake. `bytes` have come with the handshake.
    pub(crate) fn new(takes_compressed: bool, bytes: Vec<u8>) -> Self {
        Self { takes_compressed, bytes, ..Self::default() }
    }

    /// Whether a whole message may wait.
    pub(crate) fn may_have_more(&self) -> bool {
        !self.is_dry
    }

    /// Takes more bytes, from what appends them and says how many: there is room for what is missing, or for some. Where nothing came
    /// there is none kept.
    pub(crate) fn fill(&mut self, read: impl FnOnce(&mut Vec<u8>) -> io::Result<usize>) -> io::Result<usize> {
        let missing = match head(&self.bytes[self.given..]) {
            Ok(Some(head)) => (head.payload_at + head.length).saturating_sub(self.bytes.len() - self.given),
            _ => 0,
        };
        self.bytes.reserve(missing.clamp(PIECE, MAX_READ));
        let result = read(&mut self.bytes);
        self.is_dry = !matches!(result, Ok(1..));
        if self.bytes.is_empty() {
            self.bytes = Vec::new();
        }
        result
    }

    /// The next message; none while it is not all there.
    pub(crate) fn next(&mut self) -> Result<Option<Incoming>, Violation> {
        while let Some((head, payload)) = self.frame()? {
            if let Some(message) = self.take(head, payload)? {
                self.forget();
                return Ok(Some(message));
            }
        }
        self.forget();
        self.is_dry = true;
        Ok(None)
    }

    /// Drops what was given.
    fn forget(&mut self) {
        if self.given == self.bytes.len() {
            self.bytes = Vec::new();
        } else {
            self.bytes.drain(..self.given);
        }
        self.given = 0;
    }

    /// The next frame, with its payload unmasked.
    fn frame(&mut self) -> Result<Option<(Head, Vec<u8>)>, Violation> {
        let Some(head) = head(&self.bytes[self.given..])? else { return Ok(None) };
        if head.is_compressed && !self.takes_compressed {
            return Err(Violation::Protocol);
        }
        let begun = self.begun.as_ref().map_or(0, |begun| begun.payload.len());
        if begun + head.length > MAX_READ {
            return Err(Violation::TooLarge);
        }
        let at = self.given + head.payload_at;
        let Some(masked) = self.bytes.get(at..at + head.length) else { return Ok(None) };
        let mut payload = masked.to_vec();
        unmask(&mut payload, head.mask);
        self.given = at + head.length;
        Ok(Some((head, payload)))
    }

    fn take(&mut self, head: Head, payload: Vec<u8>) -> Result<Option<Incoming>, Violation> {
        match head.kind {
            Kind::Ping => return Ok(Some(Incoming::Ping(payload))),
            Kind::Pong => return Ok(Some(Incoming::Pong)),
            Kind::Close => return close(&payload).map(Some),
            Kind::Continuation => {
                let begun = self.begun.as_mut().ok_or(Violation::Protocol)?;
                begun.payload.extend(payload);
            }
            Kind::Text | Kind::Binary if self.begun.is_some() => return Err(Violation::Protocol),
            kind => {
                let (is_text, is_compressed) = (kind == Kind::Text, head.is_compressed);
                self.begun = Some(Box::new(Begun { is_text, is_compressed, payload }));
            }
        }
        match self.begun.take_if(|_| head.is_final) {
            Some(begun) => begun.end().map(Some),
            None => Ok(None),
        }
    }
}

impl Begun {
    fn end(self) -> Result<Incoming, Violation> {
        let payload = match self.is_compressed {
            true => deflate::decompress(self.payload, MAX_READ).map_err(|fault| match fault {
                Fault::Damaged => Violation::Protocol,
                Fault::TooLarge => Violation::TooLarge,
            })?,
            false => self.payload,
        };
        match self.is_text {
            true => String::from_utf8(payload).map(Incoming::Text).map_err(|_| Violation::NotUtf8),
            false => Ok(Incoming::Binary(payload.len())),
        }
    }
}

/// The head of a frame (RFC 6455, 5.2); none while it is not all there.
fn head(bytes: &[u8]) -> Result<Option<Head>, Violation> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    let (is_final, is_compressed) = (first & 0x80 != 0, first & 0x40 != 0);
    let kind = match first & 0x0F {
        0x0 => Kind::Continuation,
        0x1 => Kind::Text,
        0x2 => Kind::Binary,
        0x8 => Kind::Close,
        0x9 => Kind::Ping,
        0xA => Kind::Pong,
        _ => return Err(Violation::Protocol),
    };
    let is_control = matches!(kind, Kind::Close | Kind::Ping | Kind::Pong);
    let may_be_compressed = matches!(kind, Kind::Text | Kind::Binary);
    let is_masked = second & 0x80 != 0;
    if first & 0x30 != 0 || !is_masked || (is_compressed && !may_be_compressed) || (is_control && !is_final) {
        return Err(Violation::Protocol);
    }
    let (length, extended) = match second & 0x7F {
        126 => (rest.first_chunk().map(|bytes| u16::from_be_bytes(*bytes).into()), 2),
        127 => (rest.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)), 8),
        length => (Some(length.into()), 0),
    };
    let Some(length) = length else { return Ok(None) };
    let length = usize::try_from(length).map_err(|_| Violation::TooLarge)?;
    if is_control && length > MAX_CONTROL {
        return Err(Violation::Protocol);
    }
    if length > MAX_READ {
        return Err(Violation::TooLarge);
    }
    let mask = rest.get(extended..).and_then(|rest| rest.first_chunk::<4>());
    let payload_at = 2 + extended + 4;
    Ok(mask.map(|mask| Head { is_final, is_compressed, kind, mask: *mask, payload_at, length }))
}

/// Eight bytes at a time: one at a time takes several times as long.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = payload.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= mask;
    }
}

/// A goodbye (RFC 6455, 5.5.1 and 7.4).
fn close(payload: &[u8]) -> Result<Incoming, Violation> {
    let [high, low, reason @ ..] = payload else {
        return if payload.is_empty() { Ok(Incoming::Close(None)) } else { Err(Violation::Protocol) };
    };
    let code = u16::from_be_bytes([*high, *low]);
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Violation::Protocol);
    }
    match str::from_utf8(reason) {
        Ok(_) => Ok(Incoming::Close(Some(code))),
        Err(_) => Err(Violation::NotUtf8),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tungstenite::protocol::frame::{
        Frame, FrameHeader,
        coding::{Control, Data, OpCode},
    };

    use super::*;

    /// A frame as a client sends it, made by somebody else's hand.
    fn masked(kind: OpCode, is_final: bool, payload: &[u8]) -> Vec<u8> {
        let header =
            FrameHeader { is_final, opcode: kind, mask: Some([7, 200, 0, 99]), ..FrameHeader::default() };
        let mut bytes = Vec::new();
        let frame = Frame::from_payload(header, payload.to_vec().into());
        frame.format(&mut bytes).unwrap();
        bytes
    }

    fn text(payload: &[u8]) -> Vec<u8> {
        masked(OpCode::Data(Data::Text), true, payload)
    }

    /// All messages, and what ended them.
    fn read(bytes: &[u8], piece: usize) -> (Vec<Incoming>, Option<Violation>) {
        let mut decoder = Decoder::new(true, Vec::new());
        let mut messages = Vec::new();
        for piece in bytes.chunks(piece.max(1)) {
            let read = |room: &mut Vec<u8>| {
                room.extend(piece);
                Ok(piece.len())
            };
            decoder.fill(read).unwrap();
            loop {
                match decoder.next() {
                    Ok(Some(message)) => messages.push(message),
                    Ok(None) => break,
                    Err(violation) => return (messages, Some(violation)),
                }
            }
        }
        (messages, None)
    }

    #[test]
    fn nothing_is_kept_between_messages() {
        let mut decoder = Decoder::new(false, text(b"hello"));
        assert_eq!(decoder.next(), Ok(Some(Incoming::Text("hello".to_owned()))));
        assert_eq!((decoder.next(), decoder.bytes.capacity()), (Ok(None), 0));
        assert!(!decoder.may_have_more());
        decoder.fill(|_| Err(io::ErrorKind::WouldBlock.into())).unwrap_err();
        assert_eq!((decoder.may_have_more(), decoder.bytes.capacity()), (false, 0));
    }

    #[test]
    fn pieces_become_a_message_with_a_ping_between_them() {
        let mut bytes = masked(OpCode::Data(Data::Text), false, "mañ".as_bytes());
        bytes.extend(masked(OpCode::Control(Control::Ping), true, b"here?"));
        bytes.extend(masked(OpCode::Data(Data::Continue), false, b"a"));
        bytes.extend(masked(OpCode::Data(Data::Continue), true, b"na"));
        let expected = [Incoming::Ping(b"here?".to_vec()), Incoming::Text("mañana".to_owned())];
        for piece in 1..bytes.len() {
            assert_eq!(read(&bytes, piece), (expected.iter().map(copy).collect(), None), "{piece}");
        }
    }

    fn copy(message: &Incoming) -> Incoming {
        match message {
            Incoming::Text(text) => Incoming::Text(text.clone()),
            Incoming::Ping(said) => Incoming::Ping(said.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_breaks_the_protocol_is_named() {
        let continued = masked(OpCode::Data(Data::Continue), true, b"x");
        let twice = [masked(OpCode::Data(Data::Text), false, b"x"), text(b"y")].concat();
        let mut bare = text(b"x");
        bare[1] &= 0x7F;
        let mut reserved = text(b"x");
        reserved[0] |= 0x20;
        let mut unknown = text(b"x");
        unknown[0] = 0x83;
        let long_ping = masked(OpCode::Control(Control::Ping), true, &[0; 126]);
        let cut_ping = masked(OpCode::Control(Control::Ping), false, b"");
        let close = |payload: &[u8]| masked(OpCode::Control(Control::Close), true, payload);
        let rows = [
            (continued, Violation::Protocol),
            (twice, Violation::Protocol),
            (bare, Violation::Protocol),
            (reserved, Violation::Protocol),
            (unknown, Violation::Protocol),
            (long_ping, Violation::Protocol),
            (cut_ping, Violation::Protocol),
            (close(&[3]), Violation::Protocol),
            (close(&1005_u16.to_be_bytes()), Violation::Protocol),
            (close(&[3, 232, 0xFF]), Violation::NotUtf8),
            (text(&[0xC3]), Violation::NotUtf8),
            (text(&vec![b'x'; MAX_READ + 1]), Violation::TooLarge),
            (vec![0x81, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0], Violation::TooLarge),
        ];
        for (bytes, violation) in rows {
            assert_eq!(read(&bytes, 4096).1, Some(violation), "{:?}", &bytes[..bytes.len().min(12)]);
        }
        assert_eq!(read(&close(&1000_u16.to_be_bytes()), 4096).0, [Incoming::Close(Some(1000))]);
        assert_eq!(read(&close(&[]), 4096).0, [Incoming::Close(None)]);
    }

    #[test]
    fn fragments_count_together() {
        let mut bytes = masked(OpCode::Data(Data::Text), false, &vec![b'x'; MAX_READ]);
        bytes.extend(masked(OpCode::Data(Data::Continue), true, b"x"));
        assert_eq!(read(&bytes, 4096), (Vec::new(), Some(Violation::TooLarge)));
    }

    #[test]
    fn compressed_messages_need_to_be_agreed_on() {
        let long = "abc".repeat(100);
        let mut bytes = text(&deflate::compress(long.as_bytes()).unwrap());
        bytes[0] |= 0x40;
        assert_eq!(read(&bytes, 4096), (vec![Incoming::Text(long)], None));
        assert_eq!(Decoder::new(false, bytes).next(), Err(Violation::Protocol));
        let mut bomb = text(&deflate::compress(&vec![b'x'; MAX_READ + 1]).unwrap());
        bomb[0] |= 0x40;
        assert_eq!(read(&bomb, 4096).1, Some(Violation::TooLarge));
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same(texts in proptest::collection::vec("\\PC{0,200}", 1..6), piece in 1..300_usize) {
            let bytes: Vec<u8> = texts.iter().flat_map(|said| text(said.as_bytes())).collect();
            let expected: Vec<Incoming> = texts.into_iter().map(Incoming::Text).collect();
            prop_assert_eq!(read(&bytes, piece), (expected, None));
        }

        #[test]
        fn garbage_is_survived(garbage in proptest::collection::vec(any::<u8>(), 0..2000), piece in 1..300_usize) {
            read(&garbage, piece);
        }
    }
}
