//! Figures as somebody would paste them into a chat: without a word, so that they fit every language.

use std::f32::consts::TAU;

use super::canvas::{Canvas, block, disc, rgb, scatter, stroke};

const PAPER: u32 = 0xfbfaf7;
const LINE: u32 = 0xe3e0d8;
const AXIS: u32 = 0x8b8a86;

/// The frame of the charts with axes: left, right, top and bottom in pixels.
const LEFT: f32 = 48.0;
const RIGHT: f32 = 608.0;
const TOP: f32 = 40.0;
const BOTTOM: f32 = 352.0;

fn frame(canvas: &mut Canvas) {
    canvas.fill(|_, _| rgb(PAPER));
    for row in 0..5_u8 {
        let y = TOP + f32::from(row) * (BOTTOM - TOP) / 5.0;
        canvas.shape(rgb(LINE), stroke((LEFT, y), (RIGHT, y), 1.2));
    }
    canvas.shape(rgb(AXIS), stroke((LEFT, BOTTOM), (RIGHT, BOTTOM), 2.0));
    canvas.shape(rgb(AXIS), stroke((LEFT, TOP - 12.0), (LEFT, BOTTOM), 2.0));
}

/// Lines through points at even distances, each from 0 to 1.
fn line(canvas: &mut Canvas, values: &[f32], colour: u32) {
    let step = (RIGHT - LEFT) / (values.len().max(2) - 1) as f32;
    let points: Vec<(f32, f32)> = values
        .iter()
        .enumerate()
        .map(|(index, value)| (LEFT + index as f32 * step, BOTTOM - value * (BOTTOM - TOP)))
        .collect();
    for pair in points.windows(2) {
        canvas.shape(rgb(colour), stroke(pair[0], pair[1], 3.2));
    }
}

/// Median and 99th percentile: high and restless, then low.
pub(super) fn latency(canvas: &mut Canvas) {
    frame(canvas);
    let value = |hour: u8, high: f32, low: f32| {
        let noise = scatter(f32::from(hour), high * 10.0) - 0.5;
        let bump = if (40..44).contains(&hour) { 0.07 } else { 0.0 };
        if hour < 27 { high + noise * high * 0.3 } else { low + noise * low * 0.4 + bump }
    };
    let slow: Vec<f32> = (0..48).map(|hour| value(hour, 0.78, 0.2)).collect();
    let usual: Vec<f32> = (0..48).map(|hour| value(hour, 0.42, 0.08)).collect();
    line(canvas, &slow, 0xd9653b);
    line(canvas, &usual, 0x2b7a78);
    canvas.shape(rgb(AXIS), |x, y| {
        let dashed = if (y / 7.0).floor() % 2.0 == 0.0 { 0.0 } else { 2.0 };
        stroke((364.0, TOP), (364.0, BOTTOM), 1.6)(x, y) + dashed
    });
}

/// Bars for seven people, the best in another colour.
pub(super) fn goals(canvas: &mut Canvas) {
    frame(canvas);
    let values: [f32; 7] = [0.92, 0.74, 0.7, 0.52, 0.34, 0.3, 0.08];
    for (index, value) in values.into_iter().enumerate() {
        let x = LEFT + 46.0 + index as f32 * 77.0;
        let tall = value * (BOTTOM - TOP);
        let colour = if index == 0 { 0xe08e0b } else { 0x3b7d4f };
        canvas.shape(rgb(colour), block(x, BOTTOM - 1.0 - tall / 2.0, 46.0, tall, 5.0));
    }
}

/// A ring of four shares.
pub(super) fn votes(canvas: &mut Canvas) {
    canvas.fill(|_, _| rgb(PAPER));
    let shares = [(0.46, 0x2f5d8c_u32), (0.27, 0x7aa6c2), (0.19, 0xe5b567), (0.08, 0xc8553d)];
    let (x, y) = (canvas.width() / 2.0, canvas.height() / 2.0);
    let mut from = 0.0;
    for (share, colour) in shares {
        let to = from + share;
        canvas.blend(|px, py| {
            let turn = ((px - x).atan2(y - py) / TAU).rem_euclid(1.0);
            let edge = disc(x, y, 150.0)(px, py).max(-disc(x, y, 84.0)(px, py));
            // A gap of about three pixels between the shares.
            let gap = 1.5 / (TAU * (px - x).hypot(py - y).max(1.0));
            let inside = turn > from + gap && turn < to - gap;
            (rgb(colour), if inside { 0.5 - edge } else { 0.0 })
        });
        from = to;
    }
}
