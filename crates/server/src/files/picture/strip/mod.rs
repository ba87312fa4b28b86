//! Pictures without what is not seen: EXIF with its places and thumbnails, XMP, IPTC, comments, and whatever stands behind their
//! end. What is kept is named, the rest goes; the pixels are copied as they are.

mod gif;
mod jpeg;
mod png;
mod webp;

use image::{ImageFormat, metadata::Orientation};

/// What is left.
#[derive(Debug)]
pub(super) struct Stripped {
    pub(super) bytes: Vec<u8>,
    pub(super) frames: u32,
    /// How it has to be turned to be shown, which was said in what is gone.
    pub(super) orientation: Orientation,
}

/// None for what is not whole.
pub(super) fn strip(format: ImageFormat, bytes: &[u8]) -> Option<Stripped> {
    match format {
        ImageFormat::Jpeg => jpeg::strip(bytes),
        ImageFormat::Png => png::strip(bytes),
        ImageFormat::Gif => gif::strip(bytes),
        ImageFormat::WebP => webp::strip(bytes),
        _ => None,
    }
}

fn orientation(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

/// A reader of what may end at any point.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}
