//! How large a picture may be.

use super::Refusal;

/// What a picture may have at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Pixels of a side.
    pub side: u32,
    /// Millions of pixels of a frame.
    pub megapixels: u64,
    pub frames: u32,
    /// Millions of pixels of all frames.
    pub all_megapixels: u64,
}

pub const LIMITS: Limits = Limits { side: 16_384, megapixels: 50, frames: 1000, all_megapixels: 1000 };

/// Bytes that a decoder may take: all of [`LIMITS`] with four channels of eight bits.
const DECODED: u64 = 256 * 1024 * 1024;

pub(super) fn check(width: u32, height: u32, frames: u32) -> Result<(), Refusal> {
    let pixels = u64::from(width) * u64::from(height);
    let fits = width.max(height) <= LIMITS.side
        && pixels <= LIMITS.megapixels * 1_000_000
        && frames <= LIMITS.frames
        && pixels * u64::from(frames) <= LIMITS.all_megapixels * 1_000_000;
    match (pixels, fits) {
        (0, _) => Err(Refusal::Invalid),
        (_, true) => Ok(()),
        (_, false) => Err(Refusal::TooLarge),
    }
}

/// The second line, in the decoder itself.
pub(super) fn decoding() -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LIMITS.side);
    limits.max_image_height = Some(LIMITS.side);
    limits.max_alloc = Some(DECODED);
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        for (width, height, frames, expected) in [
            (1, 1, 1, Ok(())),
            (8_000, 6_000, 1, Ok(())),
            (16_384, 3_000, 1, Ok(())),
            (16_385, 1, 1, Err(Refusal::TooLarge)),
            (8_000, 6_300, 1, Err(Refusal::TooLarge)),
            (u32::MAX, u32::MAX, u32::MAX, Err(Refusal::TooLarge)),
            (1_000, 1_000, 1_000, Ok(())),
            (1_000, 1_001, 1_000, Err(Refusal::TooLarge)),
            (1, 1, 1_001, Err(Refusal::TooLarge)),
            (0, 5, 1, Err(Refusal::Invalid)),
        ] {
            assert_eq!(check(width, height, frames), expected, "{width} × {height} × {frames}");
        }
    }
}
