//! Pages, scripts and programs, under names that say something else.

use crate::{
    Fate::{Harmless, Kept, Refused},
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    let utf16: Vec<u8> =
        "\u{FEFF}<html><script>alert(1)</script>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let laughs =
        "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><svg>&b;</svg>";
    let text = |text: &str| text.as_bytes().to_vec();
    let download = Kept("application/octet-stream");
    vec![
        (
            "script.svg",
            text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            Kept("image/svg+xml"),
        ),
        ("laughs.svg", text(laughs), Kept("image/svg+xml")),
        ("picture.png", text("<!DOCTYPE html><script>alert(1)</script>"), Kept("text/html")),
        ("spaces.jpg", text("\u{FEFF} \r\n\t<HTML><body onload=alert(1)>"), Kept("text/html")),
        ("comment.gif", text("<!-- x --><script>alert(1)</script>"), Kept("text/html")),
        (
            "feed.mp4",
            text("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>"),
            Kept("text/xml"),
        ),
        ("utf16.html", utf16, download),
        (
            "late.html",
            text(&format!("{}<script>alert(1)</script>", "x ".repeat(9000))),
            Kept("text/plain; charset=utf-8"),
        ),
        ("script.js", text("alert(1)"), Kept("text/plain; charset=utf-8")),
        ("script.sh", text("#!/bin/sh\nrm -rf /\n"), Kept("text/plain; charset=utf-8")),
        ("page-and-pdf.pdf", text("%PDF-1.4\n<html><script>alert(1)</script>"), Kept("application/pdf")),
        ("pdf-behind.pdf", text("<html>%PDF-1.4"), Kept("text/html")),
        (
            "page-and-zip.zip",
            b"PK\x03\x04\x14\0\0\0\0\0<script>alert(1)</script>".to_vec(),
            Kept("application/zip"),
        ),
        (
            "program.jpg",
            b"MZ\x90\0\x03\0\0\0\x04".to_vec(),
            Kept("application/vnd.microsoft.portable-executable"),
        ),
        ("nul.txt", b"<script>\0</script>".to_vec(), Harmless),
        ("latin.html", b"\xe9<script>alert(1)</script>".to_vec(), download),
        ("nothing.txt", Vec::new(), Refused("validation_failed")),
        ("../../etc/passwd", text("root"), Kept("text/plain; charset=utf-8")),
        ("con", text("aux"), Kept("text/plain; charset=utf-8")),
        ("\u{202E}gpj.exe", text("x"), Kept("text/plain; charset=utf-8")),
    ]
}
