//! Reads the table: `== place: column column …`, then `METHOD path status status …`.

use std::fmt;

use super::scene::Place;

pub(super) struct Section {
    pub(super) place: Place,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) statuses: Vec<u16>,
}

impl Row {
    pub(super) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

pub(super) fn read(text: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix("== ") {
            let (place, columns) = header.split_once(':').unwrap();
            let columns = columns.split_whitespace().collect();
            sections.push(Section { place: Place::named(place), columns, rows: Vec::new() });
        } else {
            let section = sections.last_mut().unwrap();
            let row = read_row(line);
            assert_eq!(row.statuses.len(), section.columns.len(), "{line}");
            section.rows.push(row);
        }
    }
    sections
}

fn read_row(line: &'static str) -> Row {
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    Row { method, path, statuses: words.map(|word| word.parse().unwrap()).collect() }
}
