//! PNG: chunks, each with its length, name and checksum (<https://www.w3.org/TR/png-3/>).

use super::{Bytes, Stripped, orientation};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The picture, its frames, its colours and its measure.
const KEPT: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV",
    b"cLLI", b"sBIT", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

pub(super) fn strip(data: &[u8]) -> Option<Stripped> {
    let mut rest = Bytes(data.strip_prefix(SIGNATURE)?);
    let mut kept = Vec::with_capacity(data.len());
    kept.extend_from_slice(SIGNATURE);
    let (mut exif, mut frames, mut announced, mut has_data) = (None, 0_u32, 0, false);
    loop {
        let whole = rest.0;
        let length = usize::try_from(u32::from_be_bytes(rest.array()?)).ok()?;
        let name: [u8; 4] = rest.array()?;
        let payload = rest.take(length)?;
        let _checksum = rest.take(4)?;
        match &name {
            b"eXIf" => exif = Some(payload),
            b"fcTL" => frames += 1,
            b"acTL" => announced = u32::from_be_bytes(payload.get(..4)?.try_into().ok()?),
            b"IDAT" => has_data = true,
            _ => {}
        }
        if KEPT.contains(&&name) {
            kept.extend_from_slice(&whole[..whole.len() - rest.0.len()]);
        }
        if &name == b"IEND" {
            break;
        }
    }
    has_data.then(|| Stripped {
        bytes: kept,
        frames: frames.max(announced).max(1),
        orientation: orientation(exif),
    })
}
