//! Films and TIFFs whose parts do not fit into one another.

use crate::{
    Fate::{Kept, Refused},
    Row,
};

const FILM: crate::Fate = Refused("validation_failed");
const PICTURE: crate::Fate = Refused("invalid_image");

fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [&u32::try_from(payload.len() + 8).unwrap().to_be_bytes(), &kind[..], payload].concat()
}

fn film(rest: &[u8]) -> Vec<u8> {
    [&boxed(b"ftyp", b"isom\0\0\0\0")[..], rest].concat()
}

fn nested(kind: &[u8; 4], depth: usize) -> Vec<u8> {
    (0..depth).fold(Vec::new(), |inner, _| boxed(kind, &inner))
}

/// A track of places with these tables.
fn track(tables: &[u8]) -> Vec<u8> {
    let handler = boxed(b"hdlr", &[&[0; 8][..], b"meta", &[0; 12]].concat());
    let information = boxed(b"minf", &boxed(b"stbl", tables));
    film(&boxed(b"moov", &boxed(b"trak", &boxed(b"mdia", &[handler, information].concat()))))
}

fn table(kind: &[u8; 4], numbers: &[u32]) -> Vec<u8> {
    let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
    boxed(kind, &[&[0; 4][..], &numbers].concat())
}

fn tiff(directory: &[u8]) -> Vec<u8> {
    [b"II*\0\x08\0\0\0", directory].concat()
}

pub(crate) fn rows() -> Vec<Row> {
    let places = |count: u32| [&[1, 0, 0, 0, 0x44, 0][..], &count.to_be_bytes()[2..], &[0; 40]].concat();
    let meta = [
        &[0; 4][..],
        &boxed(b"hdlr", &[&[0; 8][..], b"pict", &[0; 12]].concat()),
        &boxed(b"iinf", &[0, 0, 0, 0, 0xFF, 0xFF]),
        &boxed(b"iloc", &places(0xFFFF)),
    ]
    .concat();
    let heic = [boxed(b"ftyp", b"heic\0\0\0\0"), boxed(b"meta", &meta)].concat();
    let same_bytes: Vec<u32> = [&[100_000][..], &[24; 100_000]].concat();
    let again =
        [table(b"stsc", &[1, 1, 1, 1]), table(b"stsz", &[1_000_000, 100_000]), table(b"stco", &same_bytes)]
            .concat();
    vec![
        ("to-the-end.mp4", film(b"\0\0\0\0mdatx"), Kept("video/mp4")),
        ("no-room.mp4", film(b"\0\0\0\x07mdat"), FILM),
        ("past-the-end.mp4", film(b"\0\0\x01\0mdat"), FILM),
        ("past-all-ends.mp4", film(b"\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff"), FILM),
        ("deep.mp4", film(&nested(b"moov", 5000)), Kept("video/mp4")),
        ("deep-tracks.mp4", film(&boxed(b"moov", &nested(b"trak", 5000))), Kept("video/mp4")),
        ("very-many.mp4", film(&b"\0\0\0\x08free".repeat(1_000_000)), FILM),
        ("wrapped.mp4", film(&boxed(b"moov", &boxed(b"cmov", b"x"))), FILM),
        ("again-and-again.mp4", track(&again), FILM),
        (
            "elsewhere.mp4",
            track(
                &[table(b"stsc", &[1, 1, 9, 1]), table(b"stsz", &[9, 9]), table(b"stco", &[1, u32::MAX])]
                    .concat(),
            ),
            FILM,
        ),
        ("items.heic", heic, PICTURE),
        ("no-items.avif", [boxed(b"ftyp", b"avif\0\0\0\0"), boxed(b"meta", &[0; 3])].concat(), PICTURE),
        ("to-itself.tif", tiff(b"\0\0\x08\0\0\0"), PICTURE),
        (
            "out-of-it.tif",
            tiff(&[1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]),
            PICTURE,
        ),
        ("no-directory.tif", b"II*\0\xff\xff\xff\xff".to_vec(), PICTURE),
    ]
}
