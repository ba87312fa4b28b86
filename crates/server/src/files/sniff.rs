//! What a file is, by what is in it. What it is called and what its sender says of it do not count.

/// Bytes of a file that are looked at.
pub(super) const HEAD: usize = 8 * 1024;

/// What is done with a file, and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A picture that is read, cleaned and made smaller.
    Picture(image::ImageFormat),
    /// Boxes in boxes (ISO base media): films, recordings, HEIC, AVIF, JPEG XL, JPEG 2000.
    Boxes(&'static str),
    /// A TIFF, or one of the raw formats of cameras that are built as one.
    Tiff(&'static str),
    /// A recording whose length can be found.
    Sound(&'static str),
    Other(&'static str),
}

pub(super) const UNKNOWN: &str = "application/octet-stream";

/// Looks at the first bytes of a file, all of them where there are no more than [`HEAD`].
pub(super) fn kind(head: &[u8]) -> Kind {
    use image::ImageFormat::{Gif, Jpeg, Png, WebP};
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Kind::Picture(Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Kind::Picture(Png);
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Kind::Picture(Gif);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Kind::Picture(WebP);
    }
    if let Some(kind) = boxes(head) {
        return Kind::Boxes(kind);
    }
    if head.starts_with(b"II*\0") || head.starts_with(b"MM\0*") {
        return Kind::Tiff("image/tiff");
    }
    if let Some(text) = text(head) {
        return Kind::Other(text);
    }
    match infer::get(head).map_or(UNKNOWN, |found| found.mime_type()) {
        "audio/mpeg" => Kind::Sound("audio/mpeg"),
        "audio/ogg" => Kind::Sound("audio/ogg"),
        "audio/x-flac" => Kind::Sound("audio/flac"),
        "audio/x-wav" => Kind::Sound("audio/wav"),
        "audio/x-aiff" => Kind::Sound("audio/aiff"),
        "audio/aac" => Kind::Sound("audio/aac"),
        "audio/x-ape" => Kind::Sound("audio/x-ape"),
        // What they recognise as a picture is not read, so that it is none; the same goes for what they take for a page.
        "image/jpeg" | "image/png" | "image/gif" | "image/webp" => Kind::Other(UNKNOWN),
        other => Kind::Other(other),
    }
}

fn boxes(head: &[u8]) -> Option<&'static str> {
    let brand = head.get(8..12).unwrap_or_default();
    Some(match head.get(4..8)? {
        b"ftyp" => match brand {
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => "image/heic",
            b"mif1" | b"msf1" => "image/heif",
            b"avif" | b"avis" => "image/avif",
            b"crx " => "image/x-canon-cr3",
            b"jp2 " | b"jpx " => "image/jp2",
            b"jxl " => "image/jxl",
            b"qt  " => "video/quicktime",
            b"M4A " | b"M4B " | b"M4P " | b"F4A " | b"F4B " => "audio/mp4",
            _ if brand.starts_with(b"3g") => "video/3gpp",
            _ => "video/mp4",
        },
        b"styp" => "video/mp4",
        b"jP  " => "image/jp2",
        b"JXL " => "image/jxl",
        // QuickTime before there were brands.
        b"moov" | b"mdat" | b"wide" | b"pnot" => "video/quicktime",
        _ => return None,
    })
}

/// The type of what is text: of a page too, which is never shown as one.
fn text(head: &[u8]) -> Option<&'static str> {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The last character may be cut.
        Err(error) if error.error_len().is_none() && head.len() >= HEAD => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}');
    if !valid.chars().all(is_text) || valid.starts_with("%PDF-") || valid.starts_with("{\\rtf") {
        return None;
    }
    let start: String = valid.trim_start_matches('\u{feff}').trim_start().chars().take(512).collect();
    let start = start.to_ascii_lowercase();
    let begins = |tags: &[&str]| tags.iter().any(|tag| start.starts_with(tag));
    Some(if begins(&["<svg"]) || (begins(&["<?xml", "<!--", "<!doctype svg"]) && start.contains("<svg")) {
        "image/svg+xml"
    } else if begins(&["<!doctype html", "<html", "<head", "<body", "<script", "<!--", "<iframe", "<h1"]) {
        "text/html"
    } else if begins(&["<?xml"]) {
        "text/xml"
    } else {
        "text/plain; charset=utf-8"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_it_counts() {
        let rows: [(&[u8], Kind); 22] = [
            (b"\xff\xd8\xff\xe0", Kind::Picture(image::ImageFormat::Jpeg)),
            (b"\x89PNG\r\n\x1a\n", Kind::Picture(image::ImageFormat::Png)),
            (b"GIF89a/*", Kind::Picture(image::ImageFormat::Gif)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Kind::Picture(image::ImageFormat::WebP)),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Kind::Boxes("image/heic")),
            (b"\0\0\0\x18ftypisom\0\0\0\0", Kind::Boxes("video/mp4")),
            (b"\0\0\0\x18ftypqt  \0\0\0\0", Kind::Boxes("video/quicktime")),
            (b"II*\0\x08\0\0\0", Kind::Tiff("image/tiff")),
            (b"ID3\x04\0\0\0\0\0\0\0", Kind::Sound("audio/mpeg")),
            (b"fLaC\0\0\0\x22", Kind::Sound("audio/flac")),
            (b"%PDF-1.7\n", Kind::Other("application/pdf")),
            (b"PK\x03\x04\x14\0\0\0", Kind::Other("application/zip")),
            (b"MZ\x90\0\x03", Kind::Other("application/vnd.microsoft.portable-executable")),
            (b"<!DOCTYPE html><script>", Kind::Other("text/html")),
            (b"\xef\xbb\xbf \n<HTML>", Kind::Other("text/html")),
            (b"<svg onload='x'>", Kind::Other("image/svg+xml")),
            (b"<?xml version='1.0'?><svg>", Kind::Other("image/svg+xml")),
            (b"<?xml version='1.0'?><feed>", Kind::Other("text/xml")),
            (b"hello", Kind::Other("text/plain; charset=utf-8")),
            ("añ".as_bytes(), Kind::Other("text/plain; charset=utf-8")),
            (b"\0\x01\x02\x03", Kind::Other(UNKNOWN)),
            (b"caf\xe9 au lait", Kind::Other(UNKNOWN)),
        ];
        for (head, expected) in rows {
            assert_eq!(kind(head), expected, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn a_character_cut_at_the_end_is_text() {
        let head = "añ".repeat(HEAD);
        assert_eq!(kind(&head.as_bytes()[..HEAD]), Kind::Other("text/plain; charset=utf-8"));
        assert_eq!(kind(&head.as_bytes()[..=HEAD]), Kind::Other("text/plain; charset=utf-8"));
    }
}
