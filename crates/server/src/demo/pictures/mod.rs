//! Pictures drawn by computation: landscapes, charts and patterns to talk about, and everybody's avatar.

mod avatars;
mod canvas;
mod charts;
mod landscapes;
mod patterns;

use bytes::Bytes;
use canvas::Canvas;

pub(super) use avatars::{SIDE as AVATAR_SIDE, avatar};

/// Pixels.
pub(super) const WIDTH: u32 = 640;
/// Pixels.
pub(super) const HEIGHT: u32 = 400;

type Draw = fn(&mut Canvas);

/// Every picture that a conversation can show, by name.
pub(super) const SCENES: [(&str, Draw); 12] = [
    ("sunset", landscapes::sunset),
    ("sea", landscapes::sea),
    ("hills", landscapes::hills),
    ("night", landscapes::night),
    ("dunes", landscapes::dunes),
    ("fog", landscapes::fog),
    ("latency", charts::latency),
    ("goals", charts::goals),
    ("votes", charts::votes),
    ("tiles", patterns::tiles),
    ("quilt", patterns::quilt),
    ("waves", patterns::waves),
];

/// The PNG of that name, [`WIDTH`] by [`HEIGHT`]; none where there is no such picture.
///
/// # Errors
/// Those of the encoder.
pub(super) fn scene(name: &str) -> anyhow::Result<Option<Bytes>> {
    let Some((_, draw)) = SCENES.iter().find(|(scene, _)| *scene == name) else { return Ok(None) };
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    draw(&mut canvas);
    canvas.png().map(Some)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_scene_is_a_png_of_its_own() {
        let mut seen = BTreeSet::new();
        for (name, _) in SCENES {
            let png = scene(name).unwrap().expect("the scene is there");
            assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() < 500_000, "{name}: {}", png.len());
            let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
            assert_eq!((reader.info().width, reader.info().height), (WIDTH, HEIGHT), "{name}");
            assert!(seen.insert(png), "{name}");
        }
        assert!(scene("nothing").unwrap().is_none());
    }

    #[test]
    fn everybody_looks_different() {
        let avatars: BTreeSet<Bytes> = (0..36).map(|index| avatar(index).unwrap()).collect();
        assert_eq!(avatars.len(), 36);
    }
}
