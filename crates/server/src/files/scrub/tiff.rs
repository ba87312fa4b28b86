//! TIFF, and the raw formats of cameras that are built as one: directories of entries, with what does not fit into four bytes
//! elsewhere in the file.

use std::{fs::File, io::Result};

use super::{malformed, patch::Patch};

/// Directories that are looked at.
const MAX_DIRECTORIES: usize = 64;
/// Pointers to directories of pictures.
const PICTURES: u16 = 0x014A;
/// Pointers to the directories of EXIF and of places.
const DIRECTORIES: [u16; 3] = [0x8769, 0x8825, 0xA005];
/// XMP, IPTC, and what Photoshop notes.
const TEXTS: [u16; 3] = [0x02BC, 0x83BB, 0x8649];

/// # Errors
/// Those of the file; `InvalidData` where its directories lead out of it, or are too many.
pub(crate) fn scrub(file: &File, size: u64) -> Result<()> {
    let mut tiff = Tiff { patch: Patch::new(file, size), is_little: false };
    tiff.is_little = tiff.patch.array::<2>(0)? == *b"II";
    let mut directories = vec![u64::from(tiff.u32(4)?)];
    let mut looked_at = 0;
    while let Some(at) = directories.pop() {
        looked_at += 1;
        if looked_at > MAX_DIRECTORIES {
            return Err(malformed());
        }
        directories.extend(tiff.pictures(at)?);
    }
    Ok(())
}

struct Tiff<'a> {
    patch: Patch<'a>,
    is_little: bool,
}

/// One entry of a directory.
struct Entry {
    at: u64,
    tag: u16,
    /// Bytes of its value.
    length: u64,
    /// Where its value is.
    value: u64,
}

impl Tiff<'_> {
    fn u16(&self, at: u64) -> Result<u16> {
        let bytes = self.patch.array(at)?;
        Ok(if self.is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn u32(&self, at: u64) -> Result<u32> {
        let bytes = self.patch.array(at)?;
        Ok(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// The entries of a directory, and where the next directory is; 0 for nowhere.
    fn entries(&mut self, at: u64) -> Result<(Vec<Entry>, u64)> {
        let count = u64::from(self.u16(at)?);
        let mut entries = Vec::new();
        for number in 0..count {
            self.patch.step()?;
            let at = at + 2 + 12 * number;
            let size = match self.u16(at + 2)? {
                3 | 8 => 2,
                4 | 9 | 11 | 13 => 4,
                5 | 10 | 12 => 8,
                _ => 1,
            };
            let length = u64::from(self.u32(at + 4)?) * size;
            let value = if length <= 4 { at + 8 } else { u64::from(self.u32(at + 8)?) };
            entries.push(Entry { at, tag: self.u16(at)?, length, value });
        }
        Ok((entries, u64::from(self.u32(at + 2 + 12 * count)?)))
    }

    /// Blanks what a directory of a picture says, and gives the directories it leads to.
    fn pictures(&mut self, at: u64) -> Result<Vec<u64>> {
        let (entries, next) = self.entries(at)?;
        let mut more: Vec<u64> = (next != 0).then_some(next).into_iter().collect();
        for entry in entries {
            if entry.tag == PICTURES {
                for number in 0..(entry.length / 4).min(MAX_DIRECTORIES as u64) {
                    more.push(u64::from(self.u32(entry.value + 4 * number)?));
                }
            } else if DIRECTORIES.contains(&entry.tag) {
                let directory = u64::from(self.u32(entry.value)?);
                self.forget(directory, 0)?;
                self.blank(&entry)?;
            } else if TEXTS.contains(&entry.tag) {
                self.blank(&entry)?;
            }
        }
        Ok(more)
    }

    /// Blanks a directory with all it leads to.
    fn forget(&mut self, at: u64, depth: u32) -> Result<()> {
        let (entries, _) = self.entries(at)?;
        for entry in &entries {
            if DIRECTORIES.contains(&entry.tag) && depth < 2 {
                self.forget(u64::from(self.u32(entry.value)?), depth + 1)?;
            }
            self.patch.blank(entry.value..entry.value.saturating_add(entry.length))?;
        }
        self.patch.blank(at..at + 2 + 12 * entries.len() as u64)
    }

    /// What is left is a number of four bytes, all zero: the order of the entries stays.
    fn blank(&mut self, entry: &Entry) -> Result<()> {
        self.patch.blank(entry.value..entry.value.saturating_add(entry.length))?;
        self.patch.blank(entry.at + 2..entry.at + 12)?;
        let (kind, count) = match self.is_little {
            true => (1_u16.to_le_bytes(), 4_u32.to_le_bytes()),
            false => (1_u16.to_be_bytes(), 4_u32.to_be_bytes()),
        };
        self.patch.write(entry.at + 2, &kind)?;
        self.patch.write(entry.at + 4, &count)
    }
}
