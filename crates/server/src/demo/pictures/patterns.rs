//! Patterns that repeat: tiles, cloth, a roof.

use super::canvas::{Canvas, disc, rgb, scatter};

/// A tiled floor: four petals around a star, framed.
pub(super) fn tiles(canvas: &mut Canvas) {
    const SIDE: f32 = 80.0;
    canvas.fill(|x, y| {
        let (dx, dy) = (x.rem_euclid(SIDE) - SIDE / 2.0, y.rem_euclid(SIDE) - SIDE / 2.0);
        let (column, row) = ((x / SIDE).floor(), (y / SIDE).floor());
        let age = 0.08 * scatter(column, row);
        let (ax, ay) = (dx.abs(), dy.abs());
        let frame = SIDE / 2.0 - ax.max(ay);
        let petal = disc(0.0, 28.0, 30.0)(ax, ay).max(disc(28.0, 0.0, 30.0)(ax, ay));
        let star = ax + ay - 13.0;
        let corner = 16.0 - (SIDE / 2.0 - ax).hypot(SIDE / 2.0 - ay);
        let mut colour = rgb(0xf2ead8);
        colour = colour.mix(rgb(0x2d6187), 0.5 - petal);
        colour = colour.mix(rgb(0xd9a441), 0.5 - star);
        colour = colour.mix(rgb(0x9c3d2e), 0.5 + corner);
        colour = colour.mix(rgb(0xb9ad97), 1.5 - frame);
        colour.mix(rgb(0x6b5a42), age)
    });
}

/// A patchwork: every square is cut twice, each quarter from a cloth drawn by lot.
pub(super) fn quilt(canvas: &mut Canvas) {
    const SIDE: f32 = 50.0;
    const CLOTHS: [u32; 6] = [0xb4464b, 0xe3b55d, 0x4d7f82, 0xf0e5d0, 0x39506b, 0xd98c6a];
    canvas.fill(|x, y| {
        let (column, row) = ((x / SIDE).floor(), (y / SIDE).floor());
        let (u, v) = (x.rem_euclid(SIDE) / SIDE, y.rem_euclid(SIDE) / SIDE);
        let quarter = match (u > v, u + v > 1.0) {
            (true, false) => 0.0,
            (true, true) => 1.0,
            (false, true) => 2.0,
            (false, false) => 3.0,
        };
        let pick = scatter(column + quarter * 0.37, row + quarter * 1.9);
        let cloth = rgb(CLOTHS.into_iter().nth(sixth(pick)).unwrap_or(CLOTHS[0]));
        let weave = 0.05 * ((x * 1.6).sin() * (y * 1.6).sin());
        let seam =
            ((u - v).abs().min((u + v - 1.0).abs()) * SIDE).min(u.min(v).min(1.0 - u).min(1.0 - v) * SIDE);
        (cloth * (1.0 + weave)).mix(rgb(0x2c2623), 0.35 * (1.6 - seam))
    });
}

/// Bands of light that cross each other, as under a roof of water.
pub(super) fn waves(canvas: &mut Canvas) {
    let height = canvas.height();
    canvas.fill(|x, y| {
        let bend = 34.0 * (x / 96.0).sin() + 16.0 * (x / 41.0 + y / 160.0).cos();
        let band = ((y + bend) / 26.0).sin();
        let cross = ((y - bend * 0.6 + x * 0.4) / 37.0).sin();
        let light = (0.5 + 0.35 * band + 0.25 * band * cross).clamp(0.0, 1.0);
        rgb(0x0f3d52).mix(rgb(0x2f8f9d), y / height).mix(rgb(0xe8f6ef), light * light * 0.9)
    });
}

/// The sixth of the range from 0 to 1 in which a number lies.
fn sixth(share: f32) -> usize {
    (share * 6.0).clamp(0.0, 5.0) as usize
}
