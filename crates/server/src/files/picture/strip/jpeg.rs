//! JPEG: segments, and behind each start of a scan the coded data (ITU T.81, annex B).

use super::{Bytes, Stripped, orientation};

/// Scans of a progressive picture at most: each is decoded over the whole picture.
const MAX_SCANS: u32 = 100;

const START: [u8; 2] = [0xFF, 0xD8];
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;

pub(super) fn strip(data: &[u8]) -> Option<Stripped> {
    let mut rest = Bytes(data.strip_prefix(&START)?);
    let mut kept = Vec::with_capacity(data.len());
    kept.extend_from_slice(&START);
    let (mut exif, mut scans) = (None, 0);
    loop {
        let marker = marker(&mut rest)?;
        if marker == END {
            kept.extend_from_slice(&[0xFF, END]);
            break;
        }
        let length = usize::from(u16::from_be_bytes(rest.array()?)).checked_sub(2)?;
        let payload = rest.take(length)?;
        if marker == 0xE1 && exif.is_none() {
            exif = payload.strip_prefix(b"Exif\0\0");
        }
        keep(&mut kept, marker, payload);
        if marker == SCAN {
            scans += 1;
            kept.extend_from_slice(rest.take(coded(rest.0)?)?);
        }
    }
    let is_picture = (1..=MAX_SCANS).contains(&scans);
    is_picture.then(|| Stripped { bytes: kept, frames: 1, orientation: orientation(exif) })
}

/// The next marker that has a segment, or the end.
fn marker(rest: &mut Bytes<'_>) -> Option<u8> {
    if rest.byte()? != 0xFF {
        return None;
    }
    loop {
        match rest.byte()? {
            0xFF => {}
            marker @ 0xC0..=0xFE if !matches!(marker, 0xD0..=0xD8 | 0xF0..=0xFD) => return Some(marker),
            _ => return None,
        }
    }
}

fn keep(kept: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    // A thumbnail may stand in it.
    let jfif = payload.get(..12).filter(|_| marker == 0xE0 && payload.starts_with(b"JFIF\0"));
    if let Some(jfif) = jfif {
        kept.extend_from_slice(&[0xFF, marker, 0, 16]);
        kept.extend_from_slice(jfif);
        kept.extend_from_slice(&[0, 0]);
        return;
    }
    let is_kept = match marker {
        0xE2 => payload.starts_with(b"ICC_PROFILE\0"),
        // How the colours were turned into numbers.
        0xEE => payload.starts_with(b"Adobe"),
        0xE0..=0xEF | 0xFE => false,
        _ => true,
    };
    if is_kept {
        let length = u16::try_from(payload.len() + 2).unwrap_or_default();
        kept.extend_from_slice(&[0xFF, marker]);
        kept.extend_from_slice(&length.to_be_bytes());
        kept.extend_from_slice(payload);
    }
}

/// How many bytes of coded data come before the next marker.
fn coded(data: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr(0xFF, data.get(at..)?)?;
        match data.get(at + 1)? {
            // A byte that looks like a marker, and marks to begin again at after an error.
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}
