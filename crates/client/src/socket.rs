//! One WebSocket connection, frame by frame.

mod handshake;

use std::time::Instant;

use charla_protocol::{
    RoomId,
    actions::ClientFrame,
    events::{Event, Hello, ServerFrame},
};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{
        self, Message, Utf8Bytes,
        protocol::{
            CloseFrame,
            frame::{
                Frame,
                coding::{CloseCode, Data, OpCode},
            },
        },
    },
};

pub use handshake::{Credentials, SocketOptions};

use crate::{Client, Error, Result, http::wants_refresh};

/// Which socket: of all the account's rooms, or of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// `/ws/`
    All,
    /// `/ws/chat/{room_id}/`
    Room(RoomId),
}

/// What came over a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    Frame(ServerFrame),
    /// An event of a type that this client does not know, or with data that it can't read: to be ignored.
    Unknown {
        kind: String,
        /// Why it can't be read.
        reason: String,
    },
    /// The end, with the server's close code; none where it gave none.
    Closed {
        code: Option<u16>,
        reason: String,
    },
}

/// An open WebSocket. Pings are answered while [`next`](Self::next) waits.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_heard: Instant,
}

impl Client {
    /// Opens a socket with this client's credentials. Refreshes the tokens once if they are no longer good.
    ///
    /// # Errors
    /// A refused handshake is [`Error::Problem`] or [`Error::Status`].
    pub async fn socket(&self, door: Door) -> Result<Socket> {
        let generation = self.0.tokens.generation();
        match self.socket_with(door, &SocketOptions::of(self)).await {
            Err(error) if wants_refresh(&error) && self.can_refresh() => {
                self.renew(generation, error).await?;
                self.socket_with(door, &SocketOptions::of(self)).await
            }
            other => other,
        }
    }

    /// Opens a socket just as the options say.
    ///
    /// # Errors
    /// A refused handshake is [`Error::Problem`] or [`Error::Status`].
    pub async fn socket_with(&self, door: Door, options: &SocketOptions) -> Result<Socket> {
        let path = match door {
            Door::All => "/ws/".to_owned(),
            Door::Room(id) => format!("/ws/chat/{id}/"),
        };
        // In memory of its own: TLS is large.
        let stream = Box::pin(handshake::open(self, &path, options)).await?;
        Ok(Socket { stream, last_heard: Instant::now() })
    }
}

impl Socket {
    /// The next event, or the end. After the end, and after an error, there is nothing more to come.
    ///
    /// Safe to drop while it waits: nothing is lost.
    ///
    /// # Errors
    /// [`Error::Socket`] where the connection breaks, [`Error::Decode`] for a text that is no frame at all.
    pub async fn next(&mut self) -> Result<Incoming> {
        match self.next_message().await? {
            Some(Message::Text(text)) => read_frame(&text),
            Some(Message::Close(frame)) => Ok(closed(frame)),
            Some(other) => {
                Ok(Incoming::Unknown { kind: "binary".to_owned(), reason: format!("{} bytes", other.len()) })
            }
            None => Ok(closed(None)),
        }
    }

    /// The next frame's text as it came, unread; none at the end.
    ///
    /// # Errors
    /// [`Error::Socket`]
    pub async fn next_text(&mut self) -> Result<Option<Utf8Bytes>> {
        loop {
            match self.next_message().await? {
                Some(Message::Text(text)) => return Ok(Some(text)),
                Some(Message::Close(_)) | None => return Ok(None),
                Some(_) => {}
            }
        }
    }

    /// The next event that is the `hello`, which comes first.
    ///
    /// # Errors
    /// [`Error::Ended`] where something else comes first.
    pub async fn hello(&mut self) -> Result<Hello> {
        match self.next().await? {
            Incoming::Frame(ServerFrame { event: Event::Hello(hello), .. }) => Ok(*hello),
            other => Err(Error::Ended(format!("instead of hello came {other:?}"))),
        }
    }

    /// When the last bytes came, a ping included.
    pub fn last_heard(&self) -> Instant {
        self.last_heard
    }

    /// Sends an action.
    ///
    /// # Errors
    /// [`Error::Socket`]
    pub async fn send(&mut self, frame: &ClientFrame) -> Result<()> {
        let text = serde_json::to_string(frame).map_err(|error| Error::decode(error, b""))?;
        self.send_raw(Message::text(text)).await
    }

    /// Sends any text.
    ///
    /// # Errors
    /// [`Error::Socket`]
    pub async fn send_text(&mut self, text: impl Into<String>) -> Result<()> {
        self.send_raw(Message::text(text.into())).await
    }

    /// Sends a binary frame.
    ///
    /// # Errors
    /// [`Error::Socket`]
    pub async fn send_binary(&mut self, bytes: impl Into<bytes::Bytes>) -> Result<()> {
        self.send_raw(Message::binary(bytes.into())).await
    }

    /// Sends a text frame of bytes that may be broken UTF-8.
    ///
    /// # Errors
    /// [`Error::Socket`]
    pub async fn send_text_bytes(&mut self, bytes: impl Into<bytes::Bytes>) -> Result<()> {
        self.send_raw(Message::Frame(Frame::message(bytes.into(), OpCode::Data(Data::Text), true))).await
    }

    /// Sends any WebSocket message, pings and hand-made frames included.
    ///
    /// # Errors
    /// [`Error::Socket`]
    pub async fn send_raw(&mut self, message: Message) -> Result<()> {
        Ok(self.stream.send(message).await?)
    }

    /// Closes with 1000 and does not wait for the answer.
    ///
    /// # Errors
    /// [`Error::Socket`]
    pub async fn close(&mut self) -> Result<()> {
        Ok(self
            .stream
            .close(Some(CloseFrame { code: CloseCode::Normal, reason: Utf8Bytes::default() }))
            .await?)
    }

    /// The stream itself, to be split or counted by a benchmark.
    pub fn into_inner(self) -> WebSocketStream<MaybeTlsStream<TcpStream>> {
        self.stream
    }

    /// The next message that is no ping and no pong; none at the end.
    async fn next_message(&mut self) -> Result<Option<Message>> {
        loop {
            let message = match self.stream.next().await.transpose() {
                Ok(message) => message,
                Err(tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed) => {
                    return Ok(None);
                }
                Err(error) => return Err(error.into()),
            };
            self.last_heard = Instant::now();
            if !matches!(message, Some(Message::Ping(_) | Message::Pong(_))) {
                return Ok(message);
            }
        }
    }
}

fn closed(frame: Option<CloseFrame>) -> Incoming {
    match frame {
        Some(frame) => Incoming::Closed { code: Some(frame.code.into()), reason: frame.reason.to_string() },
        None => Incoming::Closed { code: None, reason: String::new() },
    }
}

/// Reads a frame. What has a type that is not known is told apart from what is no frame.
pub fn read_frame(text: &str) -> Result<Incoming> {
    #[derive(Deserialize)]
    struct Typed {
        #[serde(rename = "type")]
        kind: String,
    }
    match serde_json::from_str::<ServerFrame>(text) {
        Ok(frame) => Ok(Incoming::Frame(frame)),
        Err(reason) => match serde_json::from_str::<Typed>(text) {
            Ok(Typed { kind }) => Ok(Incoming::Unknown { kind, reason: reason.to_string() }),
            Err(error) => Err(Error::decode(error, text.as_bytes())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_event_is_no_failure_and_rubbish_is_one() {
        let unknown =
            read_frame(r#"{"type": "fireworks", "room_id": null, "data": {"colour": "red"}}"#).unwrap();
        assert!(matches!(unknown, Incoming::Unknown { kind, .. } if kind == "fireworks"));
        assert!(read_frame("[]").is_err());
        assert!(read_frame("{").is_err());
    }

    #[test]
    fn a_known_event_is_read_whatever_members_it_has_besides() {
        let text = r#"{"type": "pong", "room_id": null, "data": {"new": 1}, "other": 2}"#;
        let Incoming::Frame(frame) = read_frame(text).unwrap() else { panic!("not read") };
        assert!(matches!(frame.event, Event::Pong(_)));
    }
}
