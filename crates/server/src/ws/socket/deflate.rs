//! `permessage-deflate` (RFC 7692) without context takeover: each message stands for itself, so that one that goes to many is
//! compressed once, and no socket keeps a window (some 300 kB).

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// What ends each flushed block, and is left out on the wire (RFC 7692, 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];

thread_local! {
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
    static DECOMPRESS: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// A message compressed; none where it does not get shorter.
pub(super) fn compress(message: &[u8]) -> Option<Vec<u8>> {
    COMPRESS.with_borrow_mut(|compress| {
        compress.reset();
        let mut compressed = Vec::with_capacity(message.len());
        let status = compress.compress_vec(message, &mut compressed, FlushCompress::Sync).ok()?;
        // Full before all was in: as long as the message itself.
        let is_whole = status == Status::Ok && compressed.len() < compressed.capacity();
        (is_whole && compressed.ends_with(&TAIL)).then(|| {
            compressed.truncate(compressed.len() - TAIL.len());
            compressed
        })
    })
}

/// Why a message could not be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Damaged,
    TooLarge,
}

/// A message of `most` bytes at most.
pub(super) fn decompress(mut compressed: Vec<u8>, most: usize) -> Result<Vec<u8>, Fault> {
    compressed.extend(TAIL);
    DECOMPRESS.with_borrow_mut(|decompress| {
        decompress.reset(false);
        let mut message = Vec::new();
        loop {
            message.reserve(compressed.len().max(256));
            let read = decompress.total_in() as usize;
            let (before_in, before_out) = (read, message.len());
            let status = decompress
                .decompress_vec(&compressed[read..], &mut message, FlushDecompress::Sync)
                .map_err(|_| Fault::Damaged)?;
            if message.len() > most {
                return Err(Fault::TooLarge);
            }
            let read = decompress.total_in() as usize;
            let has_moved = read > before_in || message.len() > before_out;
            match status {
                // The last block of a stream; what may stand behind it is the tail.
                Status::StreamEnd => return Ok(message),
                _ if message.len() < message.capacity() && read == compressed.len() => return Ok(message),
                _ if has_moved => {}
                _ => return Err(Fault::Damaged),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_bomb_is_bounded() {
        let bomb = compress(&vec![b'a'; 10_000_000]).unwrap();
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        assert_eq!(decompress(bomb.clone(), 1_000_000), Err(Fault::TooLarge));
        assert_eq!(decompress(bomb, 10_000_000).unwrap().len(), 10_000_000);
    }

    #[test]
    fn what_does_not_get_shorter_stays() {
        assert_eq!(compress(b"x"), None);
    }

    proptest! {
        #[test]
        fn what_was_compressed_comes_back(message in "(message|sender|[a-e \"{}:,]){200,2000}") {
            let compressed = compress(message.as_bytes()).unwrap();
            prop_assert!(compressed.len() < message.len());
            prop_assert_eq!(decompress(compressed, message.len()).unwrap(), message.as_bytes());
        }

        #[test]
        fn garbage_is_survived(garbage in proptest::collection::vec(any::<u8>(), 0..2000)) {
            if let Ok(message) = decompress(garbage, 10_000) {
                prop_assert!(message.len() <= 10_000);
            }
        }
    }
}
