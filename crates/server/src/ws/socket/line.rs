//! The bytes beneath a socket. Anybody may write, in turns that the outbox gives; its own task alone reads.

use std::{
    io::{self, ErrorKind, IoSlice},
    task::{Context, Poll, ready},
};

use rustls::ServerConnection;
use tokio::net::TcpStream;

use super::{Decoder, secured::Secured};

/// A connection that has become a WebSocket.
#[derive(Debug)]
pub(crate) enum Line {
    Plain(TcpStream),
    Secured(Box<Secured>),
}

impl Line {
    pub(crate) const fn plain(stream: TcpStream) -> Self {
        Self::Plain(stream)
    }

    pub(crate) fn secured(stream: TcpStream, session: ServerConnection) -> Self {
        Self::Secured(Box::new(Secured::new(stream, session)))
    }

    /// Writes what can be taken at once: none where nothing can now. With TLS, what is taken may wait here for the kernel:
    /// see [`Line::is_waiting`].
    pub(crate) fn try_write(&self, pieces: &[IoSlice<'_>]) -> io::Result<Option<usize>> {
        let written = match (self, pieces) {
            (Self::Plain(stream), [piece]) => stream.try_write(piece),
            (Self::Plain(stream), pieces) => stream.try_write_vectored(pieces),
            (Self::Secured(secured), pieces) => secured.try_write(pieces),
        };
        match written {
            Ok(0) => Err(ErrorKind::WriteZero.into()),
            Ok(written) => Ok(Some(written)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether something that was taken waits for the kernel.
    pub(crate) fn is_waiting(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Secured(secured) => secured.is_waiting(),
        }
    }

    /// Gives the kernel what waits for it: whether it took all.
    pub(crate) fn try_flush(&self) -> io::Result<bool> {
        let flushed = match self {
            Self::Plain(_) => Ok(()),
            Self::Secured(secured) => secured.try_flush(),
        };
        match flushed {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Waits until the kernel may take something.
    pub(crate) fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_write_ready(cx)
    }

    /// Reads what is there, once there is something. Zero is the end.
    pub(crate) fn poll_read(&self, cx: &mut Context<'_>, decoder: &mut Decoder) -> Poll<io::Result<usize>> {
        loop {
            let read = match self {
                Self::Plain(stream) => {
                    ready!(stream.poll_read_ready(cx))?;
                    decoder.fill(|room| stream.try_read_buf(room))
                }
                Self::Secured(secured) => {
                    // What is decrypted already may be all that comes.
                    match decoder.fill(|room| secured.read_decrypted(room)) {
                        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                        read => return Poll::Ready(read),
                    }
                    ready!(self.stream().poll_read_ready(cx))?;
                    secured.decrypt().and_then(|()| decoder.fill(|room| secured.read_decrypted(room)))
                }
            };
            match read {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                read => return Poll::Ready(read),
            }
        }
    }

    const fn stream(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Secured(secured) => secured.stream(),
        }
    }
}
