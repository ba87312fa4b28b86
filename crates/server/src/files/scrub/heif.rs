//! The `meta` box of HEIC and AVIF (ISO/IEC 23008-12): the picture is one of its items, EXIF and XMP are others.

use std::{collections::BTreeSet, io::Result};

use super::{
    boxes::{Found, children, free},
    malformed,
    patch::Patch,
};

/// Items that are no picture.
const SAYING: [&[u8; 4]; 3] = [b"Exif", b"mime", b"uri "];

pub(super) fn scrub(patch: &mut Patch<'_>, meta: &Found) -> Result<()> {
    // A version and flags come before the boxes; in QuickTime's they do not, and there it is no picture either.
    if patch.array(meta.payload.start + 8)? != *b"hdlr" || patch.array(meta.payload.start + 20)? != *b"pict" {
        return free(patch, meta);
    }
    let boxes = children(patch, meta.payload.start + 4..meta.payload.end)?;
    let of = |kind: &[u8; 4]| boxes.iter().find(|found| &found.kind == kind);
    if let (Some(items), Some(places)) = (of(b"iinf"), of(b"iloc")) {
        let saying = saying(patch, items)?;
        let data = of(b"idat").map(|found| found.payload.start);
        blank(patch, places, &saying, data)?;
    }
    for found in &boxes {
        let is_kept = matches!(
            &found.kind,
            b"hdlr" | b"pitm" | b"iloc" | b"iinf" | b"iref" | b"iprp" | b"idat" | b"grpl" | b"dinf" | b"ipro"
        );
        if !is_kept {
            free(patch, found)?;
        }
    }
    Ok(())
}

/// The ids of the items that are no picture.
fn saying(patch: &mut Patch<'_>, items: &Found) -> Result<BTreeSet<u32>> {
    let start = items.payload.start;
    let head = if patch.array::<1>(start)? == [0] { 6 } else { 8 };
    let mut ids = BTreeSet::new();
    for item in children(patch, start + head..items.payload.end)? {
        let at = item.payload.start;
        let [version] = patch.array(at)?;
        let (id, kind) = match version {
            3 => (patch.u32(at + 4)?, patch.array(at + 10)?),
            2 => (u32::from(u16::from_be_bytes(patch.array(at + 4)?)), patch.array(at + 8)?),
            // Before there were types, what has an entry of that form is a text.
            _ => (u32::from(u16::from_be_bytes(patch.array(at + 4)?)), *b"mime"),
        };
        if SAYING.contains(&&kind) {
            ids.insert(id);
        }
    }
    Ok(ids)
}

/// Blanks the bytes of these items. `data` is where the box of small items begins.
fn blank(patch: &mut Patch<'_>, places: &Found, ids: &BTreeSet<u32>, data: Option<u64>) -> Result<()> {
    let table = patch.table(places.payload.clone())?;
    let mut rest = Table(&table);
    let version = rest.number(1)?;
    rest.number(3)?;
    let widths = rest.number(2)?;
    let width = |shift: u32| usize::try_from(widths >> shift & 15).unwrap_or_default();
    let (offset, length, base) = (width(12), width(8), width(4));
    let index = if version == 0 { 0 } else { width(0) };
    let wide = if version == 2 { 4 } else { 2 };
    for _ in 0..rest.number(wide)? {
        patch.step()?;
        let id = rest.number(wide)?;
        let method = if version == 0 { 0 } else { rest.number(2)? & 15 };
        rest.number(2)?;
        let start = rest.number(base)?;
        for _ in 0..rest.number(2)? {
            rest.number(index)?;
            let (within, size) = (rest.number(offset)?, rest.number(length)?);
            if !u32::try_from(id).is_ok_and(|id| ids.contains(&id)) {
                continue;
            }
            let origin = match method {
                0 => 0,
                1 => data.ok_or_else(malformed)?,
                _ => return Err(malformed()),
            };
            let at = origin.checked_add(start).and_then(|at| at.checked_add(within));
            let at = at.ok_or_else(malformed)?;
            // None said: to the end.
            let end = if size == 0 { Some(patch.size()) } else { at.checked_add(size) };
            patch.blank(at..end.ok_or_else(malformed)?)?;
        }
    }
    Ok(())
}

/// Numbers one after the other.
struct Table<'a>(&'a [u8]);

impl Table<'_> {
    /// The next one, of so many bytes; zero where it has none.
    fn number(&mut self, width: usize) -> Result<u64> {
        let (bytes, rest) = self.0.split_at_checked(width).filter(|_| width <= 8).ok_or_else(malformed)?;
        self.0 = rest;
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}
