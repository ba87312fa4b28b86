//! The bytes beneath a socket. Anybody may write, in turns that the outbox gives; its own task alone reads.

use std::{
    io::{self, ErrorKind, IoSlice},
    task::{Context, Poll, ready},
};

use tokio::net::TcpStream;

use super::Decoder;

/// A connection that has become a WebSocket.
#[derive(Debug)]
pub(crate) struct Line(TcpStream);

impl Line {
    pub(crate) const fn new(stream: TcpStream) -> Self {
        Self(stream)
    }

    /// Writes what the kernel takes at once: none where it takes nothing now.
    pub(crate) fn try_write(&self, pieces: &[IoSlice<'_>]) -> io::Result<Option<usize>> {
        let written = match pieces {
            [piece] => self.0.try_write(piece),
            pieces => self.0.try_write_vectored(pieces),
        };
        match written {
            Ok(0) => Err(ErrorKind::WriteZero.into()),
            Ok(written) => Ok(Some(written)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Waits until the kernel may take something.
    pub(crate) fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll_write_ready(cx)
    }

    /// Reads what is there, once there is something. Zero is the end.
    pub(crate) fn poll_read(&self, cx: &mut Context<'_>, decoder: &mut Decoder) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.poll_read_ready(cx))?;
            match decoder.fill(|room| self.0.try_read_buf(room)) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                read => return Poll::Ready(read),
            }
        }
    }
}
