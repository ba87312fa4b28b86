use image::{ColorType, ImageEncoder, codecs::gif::GifEncoder};

use super::*;

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(40, 30).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP];

#[test]
fn each_format_is_read() {
    for format in FORMATS {
        let cleaned = clean(format, encoded(format)).unwrap();
        assert_eq!((cleaned.width, cleaned.height), (40, 30), "{format:?}");
        assert_eq!(cleaned.whole.content_type, format.to_mime_type());
        assert!(cleaned.small.is_none() && cleaned.large.is_none());
        assert_eq!(avatar(format, encoded(format)).unwrap().side, 30);
    }
}

/// Cut anywhere it is refused, and nothing panics. A GIF may lack its last byte.
#[test]
fn what_is_cut_is_refused() {
    for format in FORMATS {
        let whole = encoded(format);
        for length in 0..whole.len() - 1 {
            let cut = clean(format, whole[..length].to_vec());
            assert!(cut.is_err_and(|refusal| refusal == Refusal::Invalid), "{format:?} {length}");
        }
    }
}

/// One byte changed: whatever comes of it, nothing panics, and what is taken can be read.
#[test]
fn what_is_damaged_does_no_harm() {
    for format in FORMATS {
        let whole = encoded(format);
        for at in 0..whole.len().min(800) {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                if let Ok(cleaned) = clean(format, damaged) {
                    assert!(image::load_from_memory(&cleaned.whole.bytes).is_ok(), "{format:?} {at} {value}");
                }
            }
        }
    }
}

#[test]
fn the_longest_and_thinnest_is_made_smaller() {
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.write_image(&vec![9; 16_384], 16_384, 1, ColorType::L8.into()).unwrap();
    let cleaned = clean(ImageFormat::Png, bytes).unwrap();
    let small = image::load_from_memory(&cleaned.small.unwrap().bytes).unwrap();
    assert_eq!(small.dimensions(), (320, 1));
}

#[test]
fn what_moves_is_kept_and_stands_still_in_its_copies() {
    let mut bytes = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut bytes);
        encoder.set_repeat(image::codecs::gif::Repeat::Infinite).unwrap();
        let frame = || image::Frame::new(image::RgbaImage::new(20, 20));
        encoder.encode_frames((0..3).map(|_| frame())).unwrap();
    }
    let stripped = strip::strip(ImageFormat::Gif, &bytes).unwrap();
    assert_eq!(stripped.frames, 3);
    assert!(stripped.bytes.windows(8).any(|window| window == b"NETSCAPE"), "it goes on for ever");
    let cleaned = clean(ImageFormat::Gif, bytes).unwrap();
    assert!(cleaned.small.is_some());
}
