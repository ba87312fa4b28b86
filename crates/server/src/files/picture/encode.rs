//! Writing pictures.

use std::io::Cursor;

use image::{
    DynamicImage, ImageEncoder, ImageFormat, ImageResult,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};

use super::{Encoded, Refusal};

/// Of a copy, and of a picture that had to be turned.
const COPY_QUALITY: u8 = 82;
const TURNED_QUALITY: u8 = 92;
/// Bytes of a colour profile that is kept.
const LARGEST_PROFILE: usize = 1024 * 1024;

/// The colours that the numbers of a picture mean: an ICC profile, or none for sRGB.
#[derive(Debug)]
pub(super) struct Colours(Option<Vec<u8>>);

impl Colours {
    /// Only a profile of red, green and blue fits what the decoders give.
    pub(super) fn of(profile: Option<Vec<u8>>) -> Self {
        let fits =
            |profile: &Vec<u8>| profile.len() <= LARGEST_PROFILE && profile.get(16..20) == Some(&b"RGB "[..]);
        Self(profile.filter(fits))
    }

    fn put_into(&self, encoder: &mut impl ImageEncoder) {
        if let Some(profile) = &self.0 {
            // What can't hold a profile is shown in the usual colours.
            encoder.set_icc_profile(profile.clone()).ok();
        }
    }
}

/// A small picture: JPEG, or where it is transparent lossless WebP.
pub(super) fn small_copy(image: &DynamicImage, colours: &Colours) -> Result<Encoded, Refusal> {
    let is_transparent =
        image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    let (image, format) = match is_transparent {
        true => (DynamicImage::from(image.to_rgba8()), ImageFormat::WebP),
        false => (DynamicImage::from(image.to_rgb8()), ImageFormat::Jpeg),
    };
    encode(format, &image, colours, COPY_QUALITY)
}

/// The whole picture anew, in the format in which it came.
pub(super) fn same_format(
    format: ImageFormat,
    image: DynamicImage,
    colours: &Colours,
) -> Result<Encoded, Refusal> {
    let image = match (format, image.color().has_alpha()) {
        (ImageFormat::Jpeg, _) | (ImageFormat::WebP, false) => DynamicImage::from(image.into_rgb8()),
        (ImageFormat::WebP, true) => DynamicImage::from(image.into_rgba8()),
        _ => image,
    };
    encode(format, &image, colours, TURNED_QUALITY)
}

fn encode(
    format: ImageFormat,
    image: &DynamicImage,
    colours: &Colours,
    quality: u8,
) -> Result<Encoded, Refusal> {
    let mut bytes = Vec::new();
    let written: ImageResult<()> = match format {
        ImageFormat::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            colours.put_into(&mut encoder);
            image.write_with_encoder(encoder)
        }
        ImageFormat::WebP => {
            let mut encoder = WebPEncoder::new_lossless(&mut bytes);
            colours.put_into(&mut encoder);
            image.write_with_encoder(encoder)
        }
        _ => {
            let mut encoder = PngEncoder::new(Cursor::new(&mut bytes));
            colours.put_into(&mut encoder);
            image.write_with_encoder(encoder)
        }
    };
    written.map_err(|_| Refusal::Invalid)?;
    let format = if format == ImageFormat::Gif { ImageFormat::Png } else { format };
    Ok(Encoded { bytes: bytes.into(), content_type: format.to_mime_type() })
}
