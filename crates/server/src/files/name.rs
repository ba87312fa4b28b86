//! What a file is called from now on.

use crate::text;

/// Characters of a name at most.
const MAX_NAME: usize = 255;
/// What stands for a name that says nothing.
const NAMELESS: &str = "file";

/// The last part of what the client calls it, on one line. Where it is too long the end stays, which says what kind of file
/// it is.
pub fn kept(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = text::clean_line(last);
    if text::is_blank(&name) || name.chars().all(|c| c == '.') {
        return NAMELESS.to_owned();
    }
    let length = name.chars().count();
    if length <= MAX_NAME {
        return name;
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if (1..=16).contains(&ending.chars().count()) => (stem, format!(".{ending}")),
        _ => (name.as_str(), String::new()),
    };
    let room = MAX_NAME - ending.chars().count();
    format!("{}{ending}", stem.chars().take(room).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_on_one_line() {
        let long = "x".repeat(300);
        for (given, expected) in [
            ("año 1.png", "año 1.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ana\\photo.jpg", "photo.jpg"),
            ("con", "con"),
            ("a\u{0}b.txt", "ab.txt"),
            ("a\r\nb.txt", "ab.txt"),
            ("\u{202E}gpj.exe", "gpj.exe"),
            ("..", "file"),
            ("a/..", "file"),
            ("", "file"),
            ("/", "file"),
            (" \u{200B} ", "file"),
            (".profile", ".profile"),
            (&format!("{long}.jpeg"), &format!("{}.jpeg", "x".repeat(250))),
            (&long, &"x".repeat(255)),
        ] {
            assert_eq!(kept(given), expected, "{given:?}");
        }
    }
}
