//! Where settings come from.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use super::{
    errors::{Errors, Problem},
    settings::{Flags, SETTINGS, Setting},
};

/// The file that is read where there is no `--config`.
const FILE: &str = "charla.toml";

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Flag,
    Environment,
    DotEnv,
    File(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("on the command line"),
            Self::Environment => f.write_str("in the environment"),
            Self::DotEnv => f.write_str("in .env"),
            Self::File(path) => write!(f, "in {}", path.display()),
        }
    }
}

/// What was set, by name. The first source that names a setting decides; an empty value stands for the default.
pub(super) type Values = BTreeMap<&'static str, (String, Source)>;

/// Gathers what is set, from `folder` and the environment.
pub(super) fn gather(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<OsString>,
    folder: &Path,
) -> Result<Values, Errors> {
    let mut values = Values::new();
    let mut problems = Vec::new();
    for (name, value) in &flags.given {
        values.insert(name, (value.clone(), Source::Flag));
    }
    for setting in SETTINGS {
        let Some(value) = environment(setting.name) else { continue };
        match value.into_string() {
            Ok(value) => add(&mut values, setting.name, value, Source::Environment),
            Err(_) => problems.push(Problem::new(setting.name, "in the environment is not valid UTF-8")),
        }
    }
    dot_env(&folder.join(".env"), &mut values, &mut problems);
    let (path, must_exist) = match &flags.config {
        Some(path) => (path.clone(), true),
        None => (folder.join(FILE), false),
    };
    file(&path, must_exist, &mut values, &mut problems);
    values.retain(|_, (value, _)| !value.trim().is_empty());
    if problems.is_empty() { Ok(values) } else { Err(Errors(problems)) }
}

fn add(values: &mut Values, name: &'static str, value: String, source: Source) {
    values.entry(name).or_insert((value, source));
}

/// `.env` may hold what is meant for other programs: names that are no settings are passed over.
fn dot_env(path: &Path, values: &mut Values, problems: &mut Vec<Problem>) {
    let lines = match dotenvy::from_path_iter(path) {
        Ok(lines) => lines,
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(_) => return problems.push(Problem::new(".env", "can't be read")),
    };
    for line in lines {
        match line {
            Ok((name, value)) => {
                if let Some(setting) = Setting::named(&name) {
                    add(values, setting.name, value, Source::DotEnv);
                }
            }
            Err(dotenvy::Error::LineParse(line, _)) => {
                // What follows the name may be a secret.
                let name = line.split(['=', ' ']).next().unwrap_or_default();
                problems.push(Problem::new(
                    ".env",
                    format!("the line of {name:?} can't be read: write NAME=\"value\""),
                ));
            }
            Err(_) => return problems.push(Problem::new(".env", "can't be read: it must be UTF-8 text")),
        }
    }
}

fn file(path: &Path, must_exist: bool, values: &mut Values, problems: &mut Vec<Problem>) {
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => return,
        Err(error) => {
            return problems.push(Problem::new("--config", format!("{shown} can't be read: {error}")));
        }
    };
    let table = match text.parse::<toml::Table>() {
        Ok(table) => table,
        // Only where and what, never the line itself: it may hold a secret.
        Err(error) => {
            let line =
                error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            return problems.push(Problem::new(shown, format!("line {line}: {}", error.message())));
        }
    };
    for (key, value) in table {
        match SETTINGS.iter().find(|setting| setting.key() == key) {
            None => problems
                .push(Problem::new(&shown, format!("there is no setting {key:?}{}", suggestion(&key)))),
            Some(setting) => match plain(&value) {
                Some(value) => add(values, setting.name, value, Source::File(path.to_owned())),
                None => problems.push(Problem::new(
                    setting.name,
                    format!("in {shown} must be a text, a number, true, false, or a list of texts"),
                )),
            },
        }
    }
}

/// A value as the environment would hold it; lists are joined by commas.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(value) => Some(value.to_string()),
        toml::Value::Array(items) => {
            let items: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            Some(items?.join(","))
        }
        _ => None,
    }
}

fn suggestion(key: &str) -> String {
    let key = key.to_lowercase();
    let best =
        SETTINGS.iter().map(|setting| (distance(&key, &setting.key()), setting)).min_by_key(|(far, _)| *far);
    match best {
        Some((far, setting)) if far * 3 <= setting.name.len() => format!("; did you mean {}?", setting.key()),
        _ => "; `charla serve --help` lists all".to_owned(),
    }
}

/// How many letters to insert, remove or change to make the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
