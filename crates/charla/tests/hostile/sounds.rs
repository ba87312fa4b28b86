//! Recordings whose heads ask for much.

use crate::{
    Fate::{Harmless, Kept},
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    let id3 = |flags: u8, rest: &[u8]| [b"ID3\x04\0", &[flags, 0x7F, 0x7F, 0x7F, 0x7F][..], rest].concat();
    let frame = |size: &[u8; 4]| [b"TXXX", &size[..], &[0, 0x09]].concat();
    let wav = |size: u32| {
        let size = size.to_le_bytes();
        [b"RIFF", &size[..], b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x01\0\0\0\x01\0\0\0\x01\0\x08\0data", &size]
            .concat()
    };
    vec![
        ("huge-tag.mp3", id3(0, &[0xFF; 1000]), Kept("audio/mpeg")),
        ("many-frames.mp3", id3(0, &frame(&[0, 0, 0, 1]).repeat(200_000)), Kept("audio/mpeg")),
        ("packed-frames.mp3", id3(0, &frame(&[0x7F; 4]).repeat(1000)), Kept("audio/mpeg")),
        ("extended.mp3", id3(0x40, &[0x7F; 1000]), Kept("audio/mpeg")),
        ("no-sound.mp3", b"\xff\xfb\x90\0".repeat(500_000), Kept("audio/mpeg")),
        ("for-ever.ogg", b"OggS\0\0".repeat(500_000), Kept("audio/ogg")),
        ("huge-blocks.flac", b"fLaC\x04\xff\xff\xff".repeat(1000), Kept("audio/flac")),
        ("four-gigabytes.wav", wav(u32::MAX), Kept("audio/wav")),
        ("nothing.wav", wav(0), Kept("audio/wav")),
        (
            "many-chunks.aiff",
            [&b"FORM\x7f\xff\xff\xffAIFF"[..], &b"COMT\0\0\0\0".repeat(200_000)].concat(),
            Harmless,
        ),
        ("nonsense.ape", [&b"MAC \xff\xff"[..], &[0xFF; 100]].concat(), Harmless),
    ]
}
