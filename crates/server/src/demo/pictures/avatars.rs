//! Avatars: a calm gradient with a geometric mark.

use bytes::Bytes;

use super::canvas::{Canvas, Colour, block, disc, rgb};

/// Pixels.
pub(in super::super) const SIDE: u32 = 256;

/// Two colours of the ground and one of the mark.
const PALETTES: [[u32; 3]; 9] = [
    [0x2f6f73, 0x8fc1a9, 0xf6efdc],
    [0x7b4b94, 0xd7a5c9, 0xfdf3f4],
    [0xc4623a, 0xf0b67f, 0xfff5e6],
    [0x2c4a7c, 0x7fa8d1, 0xf1f5fa],
    [0x5b6b2f, 0xb6c27a, 0xfbf8e4],
    [0x96354b, 0xe39aa0, 0xfdeff0],
    [0x3b3f5c, 0x8d90b5, 0xf7d488],
    [0x1f6650, 0x74b49b, 0xfcd581],
    [0x8a5a2b, 0xd9b382, 0xf7f1e5],
];

/// A mark around the middle: how far a place, counted in pixels from there, is outside of it.
type Mark = fn(f32, f32) -> f32;

const MARKS: [Mark; 8] = [
    // A ring.
    |x, y| (x.hypot(y) - 58.0).abs() - 15.0,
    // A sun that sinks behind a line.
    |x, y| disc(0.0, 12.0, 64.0)(x, y).max(y - 10.0).min(block(0.0, 34.0, 150.0, 14.0, 7.0)(x, y)),
    // A leaf.
    |x, y| disc(-38.0, 38.0, 88.0)(x, y).max(disc(38.0, -38.0, 88.0)(x, y)),
    // A diamond in a diamond.
    |x, y| (x.abs() + y.abs() - 80.0).max(44.0 - x.abs() - y.abs()).min(x.abs() + y.abs() - 22.0) * 0.7,
    // Three steps.
    |x, y| {
        let steps = [(-50.0, 34.0, 40.0), (0.0, 14.0, 80.0), (50.0, -6.0, 120.0)];
        steps
            .into_iter()
            .map(|(at, middle, tall)| block(at, middle, 34.0, tall, 8.0)(x, y))
            .fold(f32::MAX, f32::min)
    },
    // A moon.
    |x, y| disc(0.0, 0.0, 70.0)(x, y).max(-disc(30.0, -22.0, 58.0)(x, y)),
    // Four petals.
    |x, y| disc(34.0, 34.0, 36.0)(x.abs(), y.abs()),
    // Waves.
    |x, y| {
        let wave = (y + 10.0 * (x / 16.0).sin()).rem_euclid(38.0) - 19.0;
        (wave.abs() - 8.0).max(disc(0.0, 0.0, 82.0)(x, y))
    },
];

/// The avatar with that number as a PNG, [`SIDE`] by [`SIDE`]. The first 72 differ from each other.
///
/// # Errors
/// Those of the encoder.
pub(in super::super) fn avatar(number: usize) -> anyhow::Result<Bytes> {
    let [from, to, ink] = PALETTES[number % PALETTES.len()].map(rgb);
    let mark = MARKS[number % MARKS.len()];
    let mut canvas = Canvas::new(SIDE, SIDE);
    let (width, height) = (canvas.width(), canvas.height());
    canvas.fill(|x, y| ground(from, to, x / width, y / height));
    canvas.shape(ink, |x, y| mark(x - width / 2.0, y - height / 2.0));
    canvas.png()
}

/// Slantwise from one colour to the other.
fn ground(from: Colour, to: Colour, x: f32, y: f32) -> Colour {
    from.mix(to, 0.35 * x + 0.65 * (1.0 - y))
}
