//! A picture in memory, and the few ways of drawing that the demo needs.

use std::ops::{Add, Mul};

use bytes::Bytes;

/// Red, green and blue, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Colour(pub(super) f32, pub(super) f32, pub(super) f32);

/// The colour of `0xRRGGBB`.
pub(super) const fn rgb(hex: u32) -> Colour {
    let [_, red, green, blue] = hex.to_be_bytes();
    Colour(red as f32 / 255.0, green as f32 / 255.0, blue as f32 / 255.0)
}

impl Colour {
    /// From this colour (0) to the other (1).
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let share = share.clamp(0.0, 1.0);
        self * (1.0 - share) + other * share
    }

    fn bytes(self) -> [u8; 3] {
        [self.0, self.1, self.2].map(byte)
    }
}

fn byte(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}

impl Add for Colour {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1, self.2 + other.2)
    }
}

impl Mul<f32> for Colour {
    type Output = Self;

    fn mul(self, factor: f32) -> Self {
        Self(self.0 * factor, self.1 * factor, self.2 * factor)
    }
}

/// Pixels in rows from the top.
#[derive(Debug)]
pub(in super::super) struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<Colour>,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Self {
        let count = usize::try_from(u64::from(width) * u64::from(height)).unwrap_or_default();
        Self { width, height, pixels: vec![rgb(0xff_ff_ff); count] }
    }

    pub(super) fn width(&self) -> f32 {
        self.width as f32
    }

    pub(super) fn height(&self) -> f32 {
        self.height as f32
    }

    /// Gives every pixel the colour of its place, counted in pixels from the upper left corner.
    pub(super) fn fill(&mut self, colour: impl Fn(f32, f32) -> Colour) {
        self.blend(|x, y| (colour(x, y), 1.0));
    }

    /// Lays a colour over every pixel: none of it (0) to nothing but it (1).
    pub(super) fn blend(&mut self, paint: impl Fn(f32, f32) -> (Colour, f32)) {
        let width = self.width as usize;
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            let (colour, share) = paint((index % width) as f32 + 0.5, (index / width) as f32 + 0.5);
            *pixel = pixel.mix(colour, share);
        }
    }

    /// Lays a colour over what is inside a shape. `distance` is negative inside and positive outside, in pixels.
    pub(super) fn shape(&mut self, colour: Colour, distance: impl Fn(f32, f32) -> f32) {
        self.blend(|x, y| (colour, 0.5 - distance(x, y)));
    }

    /// # Errors
    /// Those of the encoder.
    pub(super) fn png(&self) -> anyhow::Result<Bytes> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let bytes: Vec<u8> = self.pixels.iter().flat_map(|pixel| pixel.bytes()).collect();
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&bytes)?;
        writer.finish()?;
        Ok(file.into())
    }
}

/// A disc around a point.
pub(super) fn disc(x: f32, y: f32, radius: f32) -> impl Fn(f32, f32) -> f32 {
    move |px, py| (px - x).hypot(py - y) - radius
}

/// A rectangle with round corners, from its middle.
pub(super) fn block(x: f32, y: f32, width: f32, height: f32, corner: f32) -> impl Fn(f32, f32) -> f32 {
    move |px, py| {
        let dx = (px - x).abs() - width / 2.0 + corner;
        let dy = (py - y).abs() - height / 2.0 + corner;
        dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - corner
    }
}

/// A line with round ends.
pub(super) fn stroke(from: (f32, f32), to: (f32, f32), width: f32) -> impl Fn(f32, f32) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = (dx * dx + dy * dy).max(f32::EPSILON);
    move |x, y| {
        let along = (((x - from.0) * dx + (y - from.1) * dy) / square).clamp(0.0, 1.0);
        (x - from.0 - dx * along).hypot(y - from.1 - dy * along) - width / 2.0
    }
}

/// Rolling land: some waves on top of each other, from about -1 to 1. Another seed is another land.
pub(super) fn ridge(x: f32, seed: f32) -> f32 {
    let wave = |length: f32, shift: f32| (x / length + seed * shift).sin();
    0.5 * wave(97.0, 1.3) + 0.28 * wave(41.0, 2.9) + 0.14 * wave(17.0, 4.1) + 0.08 * wave(7.3, 6.7)
}

/// A number between 0 and 1 that looks drawn by lot, the same for the same place.
pub(super) fn scatter(x: f32, y: f32) -> f32 {
    ((x * 12.989 + y * 78.233).sin() * 43_758.547).fract().abs()
}
