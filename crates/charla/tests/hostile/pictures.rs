//! Pictures that are too much, broken, or something else as well.

use std::io::Cursor;

use charla_testing::png_chunk;
use image::{
    DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage, RgbaImage,
    codecs::gif::{GifEncoder, Repeat},
};

use crate::{
    Fate::{Harmless, Kept, Refused},
    Row,
};

const TOO_LARGE: crate::Fate = Refused("image_too_large");
const INVALID: crate::Fate = Refused("invalid_image");

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn small(format: ImageFormat) -> Vec<u8> {
    encoded(RgbImage::from_pixel(40, 30, Rgb([9, 99, 199])), format)
}

/// All that a picture may have, in four channels.
pub(crate) fn largest() -> Vec<u8> {
    encoded(RgbaImage::new(7000, 7000), ImageFormat::Png)
}

/// A PNG whose head says that it is so large.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let png = small(ImageFormat::Png);
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &png[24..29]].concat();
    [&png[..8], &png_chunk(b"IHDR", &head), &png[33..]].concat()
}

fn with_chunk(name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let png = small(ImageFormat::Png);
    [&png[..33], &png_chunk(name, payload), &png[33..]].concat()
}

/// What 49 million zeros become, packed as in a PNG.
fn packed_zeros() -> Vec<u8> {
    let png = encoded(GrayImage::new(7000, 7000), ImageFormat::Png);
    let at = png.windows(4).position(|name| name == b"IDAT").unwrap();
    let length = u32::from_be_bytes(png[at - 4..at].try_into().unwrap()) as usize;
    png[at + 4..at + 4 + length].to_vec()
}

fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = small(ImageFormat::Jpeg);
    let at = jpeg.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    jpeg[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

fn with_segments(count: usize, marker: u8, payload: &[u8]) -> Vec<u8> {
    let jpeg = small(ImageFormat::Jpeg);
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xFF, marker], &length[..], payload].concat();
    [&jpeg[..2], &segment.repeat(count), &jpeg[2..]].concat()
}

/// The one scan of a picture again and again.
fn many_scans() -> Vec<u8> {
    let jpeg = small(ImageFormat::Jpeg);
    let scan = jpeg.windows(2).position(|marker| marker == [0xFF, 0xDA]).unwrap();
    let end = jpeg.len() - 2;
    [&jpeg[..scan], &jpeg[scan..end].repeat(5000), &jpeg[end..]].concat()
}

fn moving(frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    {
        let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        let frame = || image::Frame::new(RgbaImage::new(2, 2));
        encoder.encode_frames((0..frames).map(|_| frame())).unwrap();
    }
    bytes
}

fn webp(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, payload) in chunks {
        body.extend_from_slice(&name[..]);
        body.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_le_bytes());
        body.extend_from_slice(payload);
        body.extend(vec![0; payload.len() % 2]);
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

fn pixels(webp: &[u8]) -> Vec<u8> {
    webp[20..].to_vec()
}

fn cut(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - bytes.len() / 4);
    bytes
}

pub(crate) fn rows() -> Vec<Row> {
    let [png, jpeg, gif, plain_webp] =
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP].map(small);
    let canvas = |side: u8| ("VP8X", vec![2, 0, 0, 0, side, side, side, side, side, side]);
    let frame = [&[0; 6][..], &[1, 0, 0, 1, 0, 0, 10, 0, 0, 0], b"VP8L\x02\0\0\0/\0"].concat();
    let vp8x = |side: u8| (b"VP8X", canvas(side).1);
    let script = b"<script>alert(1)</script>";
    let bomb = packed_zeros();
    vec![
        (
            "as-large-as-can-be.png",
            encoded(GrayImage::new(16_384, 3000), ImageFormat::Png),
            Kept("image/png"),
        ),
        ("too-wide.png", encoded(GrayImage::new(16_385, 1), ImageFormat::Png), TOO_LARGE),
        ("declared-65535.png", png_of(65_535, 65_535), TOO_LARGE),
        ("declared-2-31.png", png_of(0x7FFF_FFFF, 0x7FFF_FFFF), Harmless),
        ("declared-2-32.png", png_of(u32::MAX, u32::MAX), Harmless),
        ("declared-none.png", png_of(0, 0), INVALID),
        ("more-than-there-is.png", png_of(5000, 5000), INVALID),
        ("declared-65500.jpg", jpeg_of(65_500, 65_500), TOO_LARGE),
        ("declared-16384.jpg", jpeg_of(16_384, 16_384), TOO_LARGE),
        ("declared-none.jpg", jpeg_of(0, 0), INVALID),
        ("declared-65535.gif", [b"GIF89a\xff\xff\xff\xff", &gif[10..]].concat(), TOO_LARGE),
        ("declared-2-24.webp", webp(&[vp8x(0xFF), (b"VP8L", pixels(&plain_webp))]), Harmless),
        ("declared-16384.webp", webp(&[(b"VP8L", b"/\xff\xff\xff\x0f\0\0\0\0".to_vec())]), Harmless),
        ("cut.png", cut(png.clone()), INVALID),
        ("cut.jpg", cut(jpeg.clone()), INVALID),
        ("cut.gif", cut(gif.clone()), INVALID),
        ("cut.webp", cut(plain_webp.clone()), INVALID),
        ("only-a-head.png", png[..8].to_vec(), INVALID),
        ("only-a-head.jpg", b"\xff\xd8\xff".to_vec(), INVALID),
        ("scans.jpg", many_scans(), INVALID),
        ("script.gif", b"GIF89a/*\0\0\0\0\0*/=1;alert(1)//".to_vec(), INVALID),
        ("script-behind.gif", [&gif[..], script].concat(), Kept("image/gif")),
        (
            "script-in-comment.gif",
            [&gif[..gif.len() - 1], b"\x21\xfe\x19", script, b"\0;"].concat(),
            Kept("image/gif"),
        ),
        ("script-in-comment.jpg", with_segments(1, 0xFE, script), Kept("image/jpeg")),
        ("zip-behind.jpg", [&jpeg[..], b"PK\x03\x04", script].concat(), Kept("image/jpeg")),
        ("script-in-text.png", with_chunk(b"tEXt", &[b"a\0", &script[..]].concat()), Kept("image/png")),
        ("script-behind.png", [&png[..], script].concat(), Kept("image/png")),
        ("script-behind.webp", [&plain_webp[..], script].concat(), Kept("image/webp")),
        (
            "huge-exif.jpg",
            with_segments(300, 0xE1, &[b"Exif\0\0MM\0*", &[0xFF; 65_000][..]].concat()),
            Kept("image/jpeg"),
        ),
        ("packed-text.png", with_chunk(b"zTXt", &[b"a\0\0", &bomb[..]].concat()), Kept("image/png")),
        ("packed-profile.png", with_chunk(b"iCCP", &[b"a\0\0", &bomb[..]].concat()), Harmless),
        ("announces-a-million.png", with_chunk(b"acTL", &[0, 0x0F, 0, 0, 0, 0, 0, 0]), TOO_LARGE),
        ("five-thousand.gif", moving(5000), TOO_LARGE),
        ("two-thousand.webp", webp(&[&[vp8x(0)][..], &vec![(b"ANMF", frame); 2000]].concat()), TOO_LARGE),
        ("a-page.png", [b"<html>", &script[..]].concat(), Kept("text/html")),
        ("looks-like-one.jpg", [b"\xff\xd8\xff\xe0", &script[..]].concat(), INVALID),
    ]
}
