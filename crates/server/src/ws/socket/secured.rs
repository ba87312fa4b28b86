//! TLS beneath a socket, for whoever lets people reach a node without a proxy. A lock stands around the session: the hub writes
//! while the socket's task reads.

use std::io::{self, ErrorKind, IoSlice, Read, Write};

use parking_lot::Mutex;
use rustls::ServerConnection;
use tokio::net::TcpStream;

/// A connection and what encrypts it.
#[derive(Debug)]
pub(crate) struct Secured {
    stream: TcpStream,
    session: Mutex<ServerConnection>,
}

impl Secured {
    pub(super) const fn new(stream: TcpStream, session: ServerConnection) -> Self {
        Self { stream, session: Mutex::new(session) }
    }

    pub(super) const fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Encrypts as much as the session takes, once the kernel has all from before.
    ///
    /// # Errors
    /// `WouldBlock` where it has not; those of the connection.
    pub(super) fn try_write(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut session = self.session.lock();
        self.flush(&mut session)?;
        let taken = session.writer().write_vectored(pieces)?;
        match self.flush(&mut session) {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(taken),
        }
    }

    /// Whether something encrypted waits for the kernel.
    pub(super) fn is_waiting(&self) -> bool {
        self.session.lock().wants_write()
    }

    /// Gives the kernel what is encrypted.
    ///
    /// # Errors
    /// `WouldBlock` where it does not take all; those of the connection.
    pub(super) fn try_flush(&self) -> io::Result<()> {
        self.flush(&mut self.session.lock())
    }

    fn flush(&self, session: &mut ServerConnection) -> io::Result<()> {
        while session.wants_write() {
            if session.write_tls(&mut Kernel(&self.stream))? == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }

    /// Takes from the kernel what is there, and decrypts it; the end too, which shows when that is read.
    ///
    /// # Errors
    /// `WouldBlock` where there is nothing; `InvalidData` where it is no TLS; those of the connection.
    pub(super) fn decrypt(&self) -> io::Result<()> {
        let mut session = self.session.lock();
        session.read_tls(&mut Kernel(&self.stream))?;
        let processed = session.process_new_packets();
        // Answers of the session's own, an alert among them.
        let flushed = self.flush(&mut session);
        processed.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        match flushed {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }

    /// Adds what is decrypted, as far as there is room. Zero is the end.
    ///
    /// # Errors
    /// `WouldBlock` where there is nothing; `UnexpectedEof` where the connection broke off.
    pub(super) fn read_decrypted(&self, room: &mut Vec<u8>) -> io::Result<usize> {
        let (filled, free) = (room.len(), room.capacity() - room.len());
        room.resize(filled + free, 0);
        let read = self.session.lock().reader().read(&mut room[filled..]);
        room.truncate(filled + read.as_ref().map_or(0, |read| *read));
        read
    }
}

/// The connection as the session reads and writes it: at once, or `WouldBlock`.
struct Kernel<'a>(&'a TcpStream);

impl Read for Kernel<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for Kernel<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.try_write(buffer)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(pieces)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
