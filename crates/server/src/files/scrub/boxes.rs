//! ISO base media (ISO/IEC 14496-12) and its relatives. What is needed to show the file is named and stays; the other boxes, which
//! say where it was made and by whom, become free space.

use std::{fs::File, io::Result, ops::Range};

use super::{heif, malformed, patch::Patch, samples};

/// What a film says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Film {
    /// Milliseconds.
    pub(crate) duration: Option<i64>,
    /// Pixels, as it is shown.
    pub(crate) width: Option<i32>,
    pub(crate) height: Option<i32>,
}

/// One box.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) kind: [u8; 4],
    pub(super) start: u64,
    /// What is in it.
    pub(super) payload: Range<u64>,
}

/// # Errors
/// Those of the file; `InvalidData` where its boxes do not fit into one another.
pub(crate) fn scrub(file: &File, size: u64) -> Result<Film> {
    let mut patch = Patch::new(file, size);
    let mut film = Film::default();
    for found in children(&mut patch, 0..size)? {
        match &found.kind {
            b"ftyp" | b"styp" | b"pdin" | b"mdat" | b"mfra" | b"sidx" | b"ssix" | b"jP  " | b"jp2h"
            | b"jp2c" | b"JXL " | b"jxll" | b"jxlc" | b"jxlp" | b"jxli" => {}
            b"moov" => film = movie(&mut patch, &found)?,
            b"moof" => fragment(&mut patch, &found)?,
            b"meta" => heif::scrub(&mut patch, &found)?,
            _ => free(&mut patch, &found)?,
        }
    }
    Ok(film)
}

/// The boxes in a range. A few zeros may stand behind the last.
pub(super) fn children(patch: &mut Patch<'_>, range: Range<u64>) -> Result<Vec<Found>> {
    let mut boxes = Vec::new();
    let mut at = range.start;
    while range.end - at >= 8 {
        patch.step()?;
        let found = header(patch, at, range.end)?;
        at = found.payload.end;
        boxes.push(found);
    }
    patch.blank(at..range.end)?;
    Ok(boxes)
}

fn header(patch: &Patch<'_>, start: u64, end: u64) -> Result<Found> {
    let kind = patch.array(start + 4)?;
    let (head, length) = match patch.u32(start)? {
        // To the end.
        0 => (8, end - start),
        1 => (16, u64::from_be_bytes(patch.array(start + 8)?)),
        length => (8, u64::from(length)),
    };
    let box_end = start.checked_add(length).filter(|box_end| *box_end <= end && length >= head);
    Ok(Found { kind, start, payload: start + head..box_end.ok_or_else(malformed)? })
}

/// Turns a box into free space.
pub(super) fn free(patch: &mut Patch<'_>, found: &Found) -> Result<()> {
    patch.write(found.start + 4, b"free")?;
    patch.blank(found.payload.clone())
}

fn movie(patch: &mut Patch<'_>, movie: &Found) -> Result<Film> {
    let mut film = Film::default();
    let boxes = children(patch, movie.payload.clone())?;
    let is_fragmented = boxes.iter().any(|found| &found.kind == b"mvex");
    for found in boxes {
        match &found.kind {
            b"mvhd" => film.duration = duration(patch, &found)?,
            b"trak" => track(patch, &found, is_fragmented, &mut film)?,
            b"mvex" | b"iods" | b"pssh" | b"clip" => {}
            // All of it in another wrapping, which can't be looked through.
            b"cmov" => return Err(malformed()),
            _ => free(patch, &found)?,
        }
    }
    Ok(film)
}

fn duration(patch: &Patch<'_>, head: &Found) -> Result<Option<i64>> {
    let at = head.payload.start;
    let (scale, length) = match patch.array::<1>(at)? {
        [1] => (patch.u32(at + 20)?, u64::from_be_bytes(patch.array(at + 24)?)),
        _ => (patch.u32(at + 12)?, u64::from(patch.u32(at + 16)?)),
    };
    let is_known = scale > 0 && length > 0 && length < u64::from(u32::MAX);
    Ok(is_known.then(|| i64::try_from(length * 1000 / u64::from(scale)).ok()).flatten())
}

fn track(patch: &mut Patch<'_>, track: &Found, is_fragmented: bool, film: &mut Film) -> Result<()> {
    let boxes = children(patch, track.payload.clone())?;
    let mut handler = [0; 4];
    for found in &boxes {
        match &found.kind {
            b"tkhd" | b"edts" | b"tref" | b"tapt" | b"load" | b"trgr" | b"clip" | b"matt" => {}
            b"mdia" => handler = media(patch, found)?,
            _ => free(patch, found)?,
        }
    }
    match &handler {
        b"vide" => {
            if let Some(head) = boxes.iter().find(|found| &found.kind == b"tkhd") {
                measure(patch, head, film)?;
            }
        }
        b"soun" | b"subt" | b"sbtl" | b"text" | b"clcp" | b"tmcd" | b"hint" | b"pict" | b"auxv" => {}
        // Where the camera was, second by second, say. In fragments its bytes can't be told from the others'.
        _ if is_fragmented => return Err(malformed()),
        _ => {
            samples::blank(patch, &boxes)?;
            free(patch, track)?;
        }
    }
    Ok(())
}

/// Gives the kind of the track.
fn media(patch: &mut Patch<'_>, media: &Found) -> Result<[u8; 4]> {
    let mut handler = [0; 4];
    for found in children(patch, media.payload.clone())? {
        match &found.kind {
            b"hdlr" => handler = patch.array(found.payload.start + 8)?,
            b"mdhd" | b"minf" | b"elng" => {}
            _ => free(patch, &found)?,
        }
    }
    Ok(handler)
}

/// Reads how large the picture is shown: whole pixels of numbers with 16 bits behind the point.
fn measure(patch: &Patch<'_>, head: &Found, film: &mut Film) -> Result<()> {
    let start = head.payload.start;
    let matrix = if patch.array::<1>(start)? == [1] { start + 52 } else { start + 40 };
    let side = |at: u64| patch.u32(at).map(|side| i32::try_from(side >> 16).ok().filter(|side| *side > 0));
    let (width, height) = (side(matrix + 36)?, side(matrix + 40)?);
    let is_turned = patch.u32(matrix)? == 0 && patch.u32(matrix + 4)? != 0;
    if width.is_some() && height.is_some() {
        (film.width, film.height) = if is_turned { (height, width) } else { (width, height) };
    }
    Ok(())
}

fn fragment(patch: &mut Patch<'_>, fragment: &Found) -> Result<()> {
    for found in children(patch, fragment.payload.clone())? {
        match &found.kind {
            b"mfhd" | b"pssh" => {}
            b"traf" => {
                for found in children(patch, found.payload.clone())? {
                    let is_kept = matches!(
                        &found.kind,
                        b"tfhd"
                            | b"tfdt"
                            | b"trun"
                            | b"sbgp"
                            | b"sgpd"
                            | b"subs"
                            | b"saiz"
                            | b"saio"
                            | b"senc"
                    );
                    if !is_kept {
                        free(patch, &found)?;
                    }
                }
            }
            _ => free(patch, &found)?,
        }
    }
    Ok(())
}
