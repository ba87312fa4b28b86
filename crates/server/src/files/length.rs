//! How long a recording is.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    time::Duration,
};

use lofty::{
    config::{ParseOptions, ParsingMode},
    file::{AudioFile, FileType},
    probe::Probe,
};

/// Bytes that may be read to find out, a byte read twice counting twice.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// Reads and steps that may be taken for it.
const MOST_STEPS: u32 = 100_000;
/// What is longer is not believed.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// Milliseconds; none where it can't be told with little work.
pub(super) fn of(file: &File, content_type: &str) -> Option<i64> {
    let kind = match content_type {
        "audio/mpeg" => FileType::Mpeg,
        "audio/flac" => FileType::Flac,
        "audio/wav" => FileType::Wav,
        "audio/aiff" => FileType::Aiff,
        "audio/aac" => FileType::Aac,
        "audio/x-ape" => FileType::Ape,
        "audio/ogg" => FileType::Vorbis,
        _ => return None,
    };
    let reader = || {
        let mut file = file;
        file.seek(SeekFrom::Start(0)).ok()?;
        Some(BufReader::new(Patient { inner: file, bytes: MOST_BYTES, steps: MOST_STEPS }))
    };
    let options =
        ParseOptions::new().read_tags(false).read_cover_art(false).parsing_mode(ParsingMode::Relaxed);
    let probe = match kind {
        // Several formats come in the same wrapping.
        FileType::Vorbis => Probe::new(reader()?).options(options).guess_file_type().ok()?,
        kind => Probe::with_file_type(reader()?, kind).options(options),
    };
    let length = probe.read().ok()?.properties().duration();
    (!length.is_zero() && length <= LONGEST).then(|| i64::try_from(length.as_millis()).ok()).flatten()
}

/// A reader that gives up: a hostile file must not keep its reader busy.
struct Patient<R> {
    inner: R,
    bytes: u64,
    steps: u32,
}

impl<R> Patient<R> {
    fn step(&mut self) -> io::Result<()> {
        self.steps = self.steps.checked_sub(1).ok_or_else(|| io::Error::other("too many steps"))?;
        Ok(())
    }
}

impl<R: Read> Read for Patient<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.step()?;
        let read = self.inner.read(buffer)?;
        self.bytes = self.bytes.checked_sub(read as u64).ok_or_else(|| io::Error::other("too many bytes"))?;
        Ok(read)
    }
}

impl<R: Seek> Seek for Patient<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.step()?;
        self.inner.seek(to)
    }
}
