//! Land and water under a sky.

use super::canvas::{Canvas, Colour, disc, rgb, ridge, scatter};

/// From the first colour at the top to the last at the bottom.
fn sky(canvas: &mut Canvas, colours: [Colour; 3]) {
    let height = canvas.height();
    let [top, middle, bottom] = colours;
    canvas.fill(|_, y| match y / height * 2.0 {
        place if place < 1.0 => top.mix(middle, place),
        place => middle.mix(bottom, place - 1.0),
    });
}

/// A light that fades with the distance from its middle.
fn glow(canvas: &mut Canvas, (x, y): (f32, f32), reach: f32, colour: Colour, strength: f32) {
    canvas.blend(|px, py| (colour, strength * (-(px - x).hypot(py - y) / reach).exp()));
}

/// One behind the other, from far and pale to near and dark.
fn ridges(canvas: &mut Canvas, count: u8, far: Colour, near: Colour, seed: f32, steep: f32) {
    let height = canvas.height();
    for layer in 0..count {
        let depth = f32::from(layer) / f32::from(count - 1);
        let base = height * (0.5 + 0.42 * depth);
        let colour = far.mix(near, depth);
        canvas.shape(colour, |x, y| {
            base - steep * (1.0 - 0.4 * depth) * ridge(x * (1.3 - 0.6 * depth), seed + f32::from(layer) * 2.7)
                - y
        });
    }
}

pub(super) fn sunset(canvas: &mut Canvas) {
    sky(canvas, [rgb(0x2b2d5b), rgb(0xc8577a), rgb(0xffc36b)]);
    glow(canvas, (410.0, 215.0), 120.0, rgb(0xffe9b0), 0.9);
    canvas.shape(rgb(0xfff3d0), disc(410.0, 215.0, 34.0));
    ridges(canvas, 5, rgb(0xa85f86), rgb(0x1d1b3a), 1.0, 46.0);
}

pub(super) fn hills(canvas: &mut Canvas) {
    sky(canvas, [rgb(0x8ec5e8), rgb(0xd9ecf2), rgb(0xf7f3df)]);
    for (x, y, size) in [(130.0, 90.0, 46.0), (190.0, 78.0, 58.0), (255.0, 94.0, 40.0), (470.0, 130.0, 50.0)]
    {
        canvas.blend(|px, py| {
            let away = ((px - x) / (size * 1.8)).hypot((py - y) / (size * 0.55));
            (rgb(0xffffff), 0.85 * (1.3 - away).clamp(0.0, 1.0))
        });
    }
    ridges(canvas, 5, rgb(0xa9c9a4), rgb(0x3f6b3c), 4.2, 40.0);
}

pub(super) fn fog(canvas: &mut Canvas) {
    sky(canvas, [rgb(0xc9d3d8), rgb(0xe2e6e6), rgb(0xf1efea)]);
    ridges(canvas, 7, rgb(0xd3dadb), rgb(0x3d4f55), 7.7, 58.0);
    let height = canvas.height();
    canvas.blend(|x, y| {
        let drift = 0.5 + 0.5 * (x / 150.0 + y / 37.0).sin();
        (rgb(0xeef1f0), 0.45 * drift * (y / height - 0.35).clamp(0.0, 1.0))
    });
}

pub(super) fn night(canvas: &mut Canvas) {
    sky(canvas, [rgb(0x070b1f), rgb(0x142247), rgb(0x33507a)]);
    canvas.blend(|x, y| {
        let (column, row) = ((x / 16.0).floor(), (y / 16.0).floor());
        let chance = scatter(column, row);
        let (sx, sy) = (scatter(row, column) * 12.0 + 2.0, scatter(column + 9.0, row) * 12.0 + 2.0);
        let away = (x - column * 16.0 - sx).hypot(y - row * 16.0 - sy);
        (rgb(0xfdf6e3), if chance > 0.72 { (0.6 + chance * 0.8 - away).clamp(0.0, 1.0) } else { 0.0 })
    });
    glow(canvas, (150.0, 100.0), 70.0, rgb(0xdfe8ff), 0.5);
    canvas.shape(rgb(0xf3f1e2), |x, y| disc(150.0, 100.0, 30.0)(x, y).max(-disc(163.0, 92.0, 26.0)(x, y)));
    ridges(canvas, 3, rgb(0x1c2f52), rgb(0x05070f), 2.4, 52.0);
}

pub(super) fn dunes(canvas: &mut Canvas) {
    sky(canvas, [rgb(0x7fb2d9), rgb(0xf3c99a), rgb(0xfbe0b4)]);
    canvas.shape(rgb(0xfff2cf), disc(510.0, 120.0, 26.0));
    for (layer, base) in [(0.0, 210.0), (1.0, 258.0), (2.0, 322.0)] {
        canvas.blend(|x, y| {
            let crest =
                base - 44.0 * (x / (120.0 + 50.0 * layer) + layer * 2.1).sin() - 10.0 * (x / 47.0).cos();
            // The side that looks at the sun is bright, the other lies in shade.
            let slope = (x / (120.0 + 50.0 * layer) + layer * 2.1).cos();
            let ripples = 0.05 * ((y - crest) / 5.0 + x / 60.0).sin();
            let colour = rgb(0xb9733f).mix(rgb(0xf2b872), 0.5 - 0.45 * slope + ripples);
            (colour, (y - crest + 0.5).clamp(0.0, 1.0))
        });
    }
}

pub(super) fn sea(canvas: &mut Canvas) {
    sky(canvas, [rgb(0x9fd0e6), rgb(0xfbe3c0), rgb(0xf6b98a)]);
    glow(canvas, (250.0, 205.0), 90.0, rgb(0xfff0c4), 0.9);
    canvas.shape(rgb(0xfff8e2), disc(250.0, 205.0, 24.0));
    let (horizon, height) = (220.0, canvas.height());
    canvas.blend(|x, y| {
        let depth = (y - horizon) / (height - horizon);
        let swell = (x / (12.0 + 60.0 * depth) + (y * 0.9) / (1.0 + 5.0 * depth)).sin();
        let path = (-((x - 250.0) / (26.0 + 110.0 * depth)).powi(2)).exp() * (0.35 + 0.4 * swell);
        let water = rgb(0x5d9db3).mix(rgb(0x174a63), depth).mix(rgb(0x9fcfd8), 0.12 + 0.12 * swell);
        (water.mix(rgb(0xffeac0), path), (y - horizon + 0.5).clamp(0.0, 1.0))
    });
}
