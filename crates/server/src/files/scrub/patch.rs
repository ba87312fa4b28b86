//! Reading and blanking a file in place, within bounds.

use std::{fs::File, io::Result, ops::Range, os::unix::fs::FileExt};

use super::malformed;

/// Boxes and directories that are looked at before a file is given up.
const MAX_STEPS: u32 = 100_000;
/// Bytes of a table that is read into memory.
const MAX_TABLE: u64 = 16 * 1024 * 1024;
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

pub(super) struct Patch<'a> {
    file: &'a File,
    size: u64,
    steps: u32,
    /// Bytes that may still be blanked: a file that names the same bytes again and again is given up.
    blanks: u64,
}

impl<'a> Patch<'a> {
    pub(super) fn new(file: &'a File, size: u64) -> Self {
        Self { file, size, steps: MAX_STEPS, blanks: size.saturating_mul(2) }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// To be called with each thing that is looked at.
    pub(super) fn step(&mut self) -> Result<()> {
        self.steps = self.steps.checked_sub(1).ok_or_else(malformed)?;
        Ok(())
    }

    pub(super) fn array<const N: usize>(&self, at: u64) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    pub(super) fn u32(&self, at: u64) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array(at)?))
    }

    pub(super) fn table(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let length = range.end.checked_sub(range.start).filter(|length| *length <= MAX_TABLE);
        let length = length.filter(|_| range.end <= self.size).ok_or_else(malformed)?;
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| malformed())?];
        self.file.read_exact_at(&mut bytes, range.start)?;
        Ok(bytes)
    }

    pub(super) fn write(&self, at: u64, bytes: &[u8]) -> Result<()> {
        let end = at.checked_add(bytes.len() as u64).filter(|end| *end <= self.size);
        end.ok_or_else(malformed)?;
        self.file.write_all_at(bytes, at)
    }

    pub(super) fn blank(&mut self, range: Range<u64>) -> Result<()> {
        let length = range.end.checked_sub(range.start).filter(|_| range.end <= self.size);
        let mut left = length.ok_or_else(malformed)?;
        self.blanks = self.blanks.checked_sub(left).ok_or_else(malformed)?;
        let mut at = range.start;
        while left > 0 {
            let zeros = &ZEROS[..ZEROS.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
            self.file.write_all_at(zeros, at)?;
            at += zeros.len() as u64;
            left -= zeros.len() as u64;
        }
        Ok(())
    }
}
