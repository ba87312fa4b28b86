//! Pictures: bounded before they are decoded, cleaned, turned the right way up, and made smaller.

mod bounds;
mod encode;
mod strip;

use std::io::Cursor;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageFormat, ImageReader, imageops::FilterType,
    metadata::Orientation,
};

pub use bounds::LIMITS;

use encode::{Colours, small_copy};
use strip::Stripped;

/// The longest side of the small and the large copy, in pixels.
const SMALL: u32 = 320;
const LARGE: u32 = 1280;
/// The sides of an avatar, in pixels.
const AVATAR: u32 = 512;
const AVATAR_SMALL: u32 = 96;
/// The longest side of what a thumbhash is made of; it takes no more.
const HASHED: u32 = 100;

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has more pixels or frames than [`LIMITS`].
    TooLarge,
    /// It is damaged.
    Invalid,
}

/// A picture as it is kept: nothing in it but what is seen, and the colours it is meant for.
#[derive(Debug)]
pub(super) struct Cleaned {
    pub(super) whole: Encoded,
    /// Pixels, as it is shown.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Base64.
    pub(super) thumbhash: String,
    /// None where the picture itself is that small already.
    pub(super) small: Option<Encoded>,
    pub(super) large: Option<Encoded>,
}

/// A picture of a person or a room: square.
#[derive(Debug)]
pub struct Avatar {
    pub whole: Encoded,
    /// None where the picture itself is that small already.
    pub small: Option<Encoded>,
    /// Pixels.
    pub side: u32,
}

/// A picture in a file.
#[derive(Clone, Debug)]
pub struct Encoded {
    pub bytes: Bytes,
    pub content_type: &'static str,
}

/// Cleans a picture, and makes what is shown before it.
///
/// # Errors
/// Why it is not taken.
pub(super) fn clean(format: ImageFormat, bytes: Vec<u8>) -> Result<Cleaned, Refusal> {
    let stripped = strip::strip(format, &bytes).ok_or(Refusal::Invalid)?;
    drop(bytes);
    let Decoded { image, colours } = decode(format, &stripped)?;
    let (width, height) = image.dimensions();
    let longest = width.max(height);
    let is_moving = stripped.frames > 1;
    let smaller = |side| {
        // What moves stands still in its copies, so that a list does not flicker.
        (longest > side || is_moving).then(|| small_copy(&shrink(&image, side), &colours))
    };
    let large = smaller(LARGE).transpose()?;
    let small = smaller(SMALL).transpose()?;
    let thumbhash = thumbhash(&image);
    let whole = match stripped.is_turned() {
        true => encode::same_format(format, image, &colours)?,
        false => Encoded { bytes: stripped.bytes.into(), content_type: format.to_mime_type() },
    };
    Ok(Cleaned { whole, width, height, thumbhash, small, large })
}

/// Cuts the middle out of a picture.
///
/// # Errors
/// Why it is not taken.
pub(super) fn avatar(format: ImageFormat, bytes: Vec<u8>) -> Result<Avatar, Refusal> {
    let stripped = strip::strip(format, &bytes).ok_or(Refusal::Invalid)?;
    drop(bytes);
    let Decoded { image, colours } = decode(format, &stripped)?;
    let (width, height) = image.dimensions();
    let cut = width.min(height);
    let square = image.crop_imm((width - cut) / 2, (height - cut) / 2, cut, cut);
    drop(image);
    let side = cut.min(AVATAR);
    let square = shrink(&square, side);
    let small = (side > AVATAR_SMALL).then(|| small_copy(&shrink(&square, AVATAR_SMALL), &colours));
    Ok(Avatar { whole: small_copy(&square, &colours)?, small: small.transpose()?, side })
}

struct Decoded {
    /// As it is shown.
    image: DynamicImage,
    colours: Colours,
}

/// The first frame.
fn decode(format: ImageFormat, stripped: &Stripped) -> Result<Decoded, Refusal> {
    // Their number is known before anything is read of them.
    bounds::check(1, 1, stripped.frames)?;
    let mut reader = ImageReader::with_format(Cursor::new(&stripped.bytes), format);
    reader.limits(bounds::decoding());
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    bounds::check(width, height, stripped.frames)?;
    let colours = Colours::of(decoder.icc_profile().unwrap_or_default());
    let mut image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    if stripped.is_turned() {
        image.apply_orientation(stripped.orientation);
    }
    Ok(Decoded { image, colours })
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn refusal(error: image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => Refusal::TooLarge,
        _ => Refusal::Invalid,
    }
}

impl Stripped {
    /// A picture that moves is left as it is: its frames lie in one another.
    fn is_turned(&self) -> bool {
        self.orientation != Orientation::NoTransforms && self.frames == 1
    }
}

/// The picture with its longest side at most so long. In two steps: quickly to twice the size, then well.
fn shrink(image: &DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = image.dimensions();
    let longest = width.max(height);
    if longest <= side {
        return image.clone();
    }
    let fit = |length: u32, side: u32| {
        u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(side).max(1)
    };
    let (to_width, to_height) = (fit(width, side), fit(height, side));
    if longest > 4 * side {
        let near = image.thumbnail_exact(fit(width, 2 * side), fit(height, 2 * side));
        return near.resize_exact(to_width, to_height, FilterType::CatmullRom);
    }
    image.resize_exact(to_width, to_height, FilterType::CatmullRom)
}

/// What shows until a picture of our own is there, in Base64.
///
/// # Errors
/// Where it is no picture.
pub fn placeholder(bytes: &[u8]) -> image::ImageResult<String> {
    Ok(thumbhash(&image::load_from_memory(bytes)?))
}

fn thumbhash(image: &DynamicImage) -> String {
    let small = shrink(image, HASHED).to_rgba8();
    let hash = thumbhash::rgba_to_thumb_hash(small.width() as usize, small.height() as usize, &small);
    STANDARD.encode(hash)
}

#[cfg(test)]
mod tests;
