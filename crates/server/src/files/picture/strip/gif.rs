//! GIF: blocks of data in blocks (<https://www.w3.org/Graphics/GIF/spec-gif89a.txt>).

use image::metadata::Orientation;

use super::{Bytes, Stripped};

/// Extensions by their labels.
const GRAPHIC_CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;

pub(super) fn strip(data: &[u8]) -> Option<Stripped> {
    let mut rest = Bytes(data);
    let header = rest.take(13)?;
    let _colours = rest.take(table(header[10]))?;
    let mut kept = Vec::with_capacity(data.len());
    kept.extend_from_slice(&data[..data.len() - rest.0.len()]);
    let mut frames = 0_u32;
    loop {
        let block = rest.0;
        let is_kept = match rest.byte() {
            Some(0x2C) => {
                let descriptor = rest.take(9)?;
                let _colours = rest.take(table(descriptor[8]))?;
                let _code_size = rest.byte()?;
                skip_blocks(&mut rest)?;
                frames = frames.saturating_add(1);
                true
            }
            Some(0x21) => extension(&mut rest)?,
            // Many end without their end.
            Some(0x3B) | None => break,
            Some(_) => return None,
        };
        if is_kept {
            kept.extend_from_slice(&block[..block.len() - rest.0.len()]);
        }
    }
    kept.push(0x3B);
    (frames > 0).then_some(Stripped { bytes: kept, frames, orientation: Orientation::NoTransforms })
}

/// Reads an extension; how a frame is shown and how often all are is kept.
fn extension(rest: &mut Bytes<'_>) -> Option<bool> {
    let label = rest.byte()?;
    let is_loop = rest.0.starts_with(b"\x0bNETSCAPE2.0\x03") || rest.0.starts_with(b"\x0bANIMEXTS1.0\x03");
    skip_blocks(rest)?;
    Some(label == GRAPHIC_CONTROL || (label == APPLICATION && is_loop))
}

/// Bytes of the table of colours that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn skip_blocks(rest: &mut Bytes<'_>) -> Option<()> {
    loop {
        match rest.byte()? {
            0 => return Some(()),
            length => rest.take(usize::from(length))?,
        };
    }
}
