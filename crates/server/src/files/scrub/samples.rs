//! The bytes of a track that goes: named by its tables of samples, which lie elsewhere in the file.

use std::io::Result;

use super::{
    boxes::{Found, children},
    malformed,
    patch::Patch,
};

/// Blanks what the track's tables lead to.
pub(super) fn blank(patch: &mut Patch<'_>, track: &[Found]) -> Result<()> {
    let Some(media) = track.iter().find(|found| &found.kind == b"mdia") else { return Ok(()) };
    let Some(information) = child(patch, media, b"minf")? else { return Ok(()) };
    let Some(table) = child(patch, &information, b"stbl")? else { return Ok(()) };
    let tables = children(patch, table.payload)?;
    let table = |kind: &[u8; 4]| tables.iter().find(|found| &found.kind == kind);
    let offsets = match (table(b"stco"), table(b"co64")) {
        (Some(table), _) => offsets(patch, table, 4)?,
        (None, Some(table)) => offsets(patch, table, 8)?,
        (None, None) => return Ok(()),
    };
    let (Some(sizes), Some(runs)) = (table(b"stsz"), table(b"stsc")) else {
        return if offsets.is_empty() { Ok(()) } else { Err(malformed()) };
    };
    let mut sizes = Sizes::read(patch, sizes)?;
    let runs = numbers(&patch.table(runs.payload.start + 8..runs.payload.end)?);
    let mut runs = runs.chunks_exact(3).peekable();
    let mut samples = 0;
    for (number, start) in (1_u32..).zip(offsets) {
        while let Some(run) = runs.next_if(|run| run[0] <= number) {
            samples = run[1];
        }
        let mut length = 0_u64;
        for _ in 0..samples {
            // A chunk may be said to have more samples than there are.
            let Some(size) = sizes.next() else { break };
            length += u64::from(size);
        }
        patch.blank(start..start.checked_add(length).ok_or_else(malformed)?)?;
    }
    Ok(())
}

fn child(patch: &mut Patch<'_>, parent: &Found, kind: &[u8; 4]) -> Result<Option<Found>> {
    Ok(children(patch, parent.payload.clone())?.into_iter().find(|found| &found.kind == kind))
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
}

/// Where the chunks begin, in numbers of 4 or 8 bytes.
fn offsets(patch: &Patch<'_>, table: &Found, width: usize) -> Result<Vec<u64>> {
    let bytes = patch.table(table.payload.start + 8..table.payload.end)?;
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    Ok(bytes.chunks_exact(width).map(number).collect())
}

/// The sizes of the samples one after the other: all the same, or each its own.
struct Sizes {
    same: u32,
    left: u32,
    each: std::vec::IntoIter<u32>,
}

impl Sizes {
    fn read(patch: &Patch<'_>, table: &Found) -> Result<Self> {
        let at = table.payload.start;
        let each = numbers(&patch.table(at + 12..table.payload.end)?);
        Ok(Self {
            same: patch.u32(at + 4)?,
            left: patch.u32(at + 8)?.min(10_000_000),
            each: each.into_iter(),
        })
    }
}

impl Iterator for Sizes {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.same == 0 {
            return self.each.next();
        }
        self.left = self.left.checked_sub(1)?;
        Some(self.same)
    }
}
