//! WebP: chunks in a RIFF (<https://developers.google.com/speed/webp/docs/riff_container>).

use super::{Bytes, Stripped, orientation};

/// Bits of the head of the extended format that announce EXIF and XMP.
const ANNOUNCED: u8 = 0x08 | 0x04;
/// Bytes of a frame before its own chunks.
const FRAME_HEAD: usize = 16;

pub(super) fn strip(data: &[u8]) -> Option<Stripped> {
    let mut rest = Bytes(data.strip_prefix(b"RIFF")?);
    let length = usize::try_from(u32::from_le_bytes(rest.array()?)).ok()?;
    // What stands behind it is no part of it.
    let mut chunks = Bytes(rest.take(length)?.strip_prefix(b"WEBP")?);
    let mut kept = Vec::with_capacity(data.len());
    let (mut exif, mut frames, mut has_data) = (None, 0, false);
    while !chunks.0.is_empty() {
        let (name, payload) = chunk(&mut chunks)?;
        match &name {
            b"VP8X" => {
                let mut head = payload.to_vec();
                *head.first_mut()? &= !ANNOUNCED;
                put(&mut kept, name, &head);
            }
            b"ANMF" => {
                frames += 1;
                has_data = true;
                put(&mut kept, name, &frame(payload)?);
            }
            b"VP8 " | b"VP8L" => {
                has_data = true;
                put(&mut kept, name, payload);
            }
            b"ALPH" | b"ANIM" | b"ICCP" => put(&mut kept, name, payload),
            b"EXIF" => exif = Some(payload.strip_prefix(b"Exif\0\0").unwrap_or(payload)),
            _ => {}
        }
    }
    let mut bytes = Vec::with_capacity(kept.len() + 12);
    put_head(&mut bytes, &kept)?;
    has_data.then(|| Stripped { bytes, frames: frames.max(1), orientation: orientation(exif) })
}

fn put_head(bytes: &mut Vec<u8>, kept: &[u8]) -> Option<()> {
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&u32::try_from(kept.len() + 4).ok()?.to_le_bytes());
    bytes.extend_from_slice(b"WEBP");
    bytes.extend_from_slice(kept);
    Some(())
}

/// A frame with no more than its picture.
fn frame(payload: &[u8]) -> Option<Vec<u8>> {
    let mut chunks = Bytes(payload);
    let mut kept = chunks.take(FRAME_HEAD)?.to_vec();
    while !chunks.0.is_empty() {
        let (name, payload) = chunk(&mut chunks)?;
        if matches!(&name, b"ALPH" | b"VP8 " | b"VP8L") {
            put(&mut kept, name, payload);
        }
    }
    Some(kept)
}

/// The next chunk; one of odd length is followed by a byte that fills it up, which some leave out at the end.
fn chunk<'a>(chunks: &mut Bytes<'a>) -> Option<([u8; 4], &'a [u8])> {
    let name = chunks.array()?;
    let length = usize::try_from(u32::from_le_bytes(chunks.array()?)).ok()?;
    let payload = chunks.take(length)?;
    if length % 2 == 1 && !chunks.0.is_empty() {
        let _filling = chunks.byte();
    }
    Some((name, payload))
}

fn put(kept: &mut Vec<u8>, name: [u8; 4], payload: &[u8]) {
    kept.extend_from_slice(&name);
    kept.extend_from_slice(&u32::try_from(payload.len()).unwrap_or_default().to_le_bytes());
    kept.extend_from_slice(payload);
    if payload.len() % 2 == 1 {
        kept.push(0);
    }
}
