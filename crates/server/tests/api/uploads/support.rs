//! Pictures and forms, made as they are needed.

use std::io::Cursor;

use charla_client::{Client, RawResponse};
use charla_protocol::{
    RoomId,
    messages::{Message, SendMessage},
};
use charla_testing::png_chunk;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use reqwest::{Method, RequestBuilder};
use uuid::Uuid;

use crate::support::text;

pub(crate) const UPLOADS: &str = "/api/v1/chat/uploads/";

/// A picture that is red on the left and blue on the right.
pub(crate) fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let half = |x| if x < width / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) };
    encoded(RgbImage::from_fn(width, height, |x, _| half(x)).into(), format)
}

pub(crate) fn transparent(width: u32, height: u32) -> Vec<u8> {
    encoded(RgbaImage::from_pixel(width, height, Rgba([0, 200, 0, 100])).into(), ImageFormat::Png)
}

pub(crate) fn encoded(image: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// EXIF that says how to turn a picture, and that it was taken in `PLACE`.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    exif.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend_from_slice(&[0x82, 0x98, 0, 2, 0, 0, 0, 5, 0, 0, 0, 38]);
    exif.extend_from_slice(&[0, 0, 0, 0]);
    exif.extend_from_slice(b"PLACE");
    exif
}

/// A segment behind the start of a JPEG.
pub(crate) fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, payload, &jpeg[2..]].concat()
}

/// A JPEG with EXIF.
pub(crate) fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", &exif(orientation)[..]].concat())
}

/// A PNG with a chunk behind its head.
pub(crate) fn with_chunk(png: &[u8], name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [&png[..33], &png_chunk(name, payload), &png[33..]].concat()
}

/// A box of ISO base media.
pub(crate) fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [&u32::try_from(payload.len() + 8).unwrap().to_be_bytes(), &kind[..], payload].concat()
}

/// A film of two seconds that was taken in `PLACE`, said in three ways.
pub(crate) fn film() -> Vec<u8> {
    let mut head = vec![0; 100];
    head[12..16].copy_from_slice(&1000_u32.to_be_bytes());
    head[16..20].copy_from_slice(&2000_u32.to_be_bytes());
    let place = boxed(b"udta", &boxed(b"\xa9xyz", b"+40.4-3.7PLACE/"));
    let meta = boxed(b"meta", b"\0\0\0\0PLACE");
    let movie = boxed(b"moov", &[boxed(b"mvhd", &head), place, meta].concat());
    [
        boxed(b"ftyp", b"isom\0\0\0\0"),
        movie,
        boxed(b"uuid", b"0123456789abcdefPLACE"),
        boxed(b"mdat", b"film"),
    ]
    .concat()
}

/// A whole form of its own making.
pub(crate) fn form(client: &Client, body: impl Into<reqwest::Body>) -> RequestBuilder {
    let request = client.request_builder(Method::POST, UPLOADS).unwrap();
    request.header("content-type", "multipart/form-data; boundary=XX").body(body)
}

/// The body of a form with one part.
pub(crate) fn form_body(disposition: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--XX\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n--XX--\r\n"].concat()
}

pub(crate) async fn get(client: &Client, url: &str) -> RawResponse {
    client.request(Method::GET, url, None).await.unwrap()
}

pub(crate) async fn status(client: &Client, url: &str) -> u16 {
    get(client, url).await.status
}

pub(crate) fn with_files(room: RoomId, content: &str, attachment_ids: &[Uuid]) -> SendMessage {
    SendMessage { attachment_ids: attachment_ids.to_vec(), ..text(room, content) }
}

pub(crate) async fn send_files(client: &Client, room: RoomId, ids: &[Uuid]) -> Message {
    client.send_message(&with_files(room, "", ids)).await.unwrap().value
}

pub(crate) fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}
