//! Archives, looked into and made anew.

use std::{
    fs::File,
    io::{Read, Write},
};

use serde_json::Value;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The names and the contents of an archive.
pub(crate) fn entries(path: &str) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let read = |place| {
        let mut entry = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..archive_len(path)).map(read).collect()
}

fn archive_len(path: &str) -> usize {
    ZipArchive::new(File::open(path).unwrap()).unwrap().len()
}

/// The values of a file of lines.
pub(crate) fn lines(entries: &[(String, Vec<u8>)], name: &str) -> Vec<Value> {
    let (_, bytes) = entries.iter().find(|(entry, _)| entry == name).unwrap();
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Writes the archive anew, with what `edit` makes of each entry; none leaves it out.
pub(crate) fn rewrite(from: &str, to: &str, edit: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) {
    let mut archive = ZipWriter::new(File::create(to).unwrap());
    for (name, bytes) in entries(from) {
        if let Some(bytes) = edit(&name, bytes) {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(&bytes).unwrap();
        }
    }
    archive.finish().unwrap();
}
