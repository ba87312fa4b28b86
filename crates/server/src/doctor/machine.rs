//! What the server needs of this machine: its folders, room on the disk, open files.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Access, StatVfs, access, statvfs},
    process::{Resource, getrlimit},
};

use super::Report;
use crate::config::Config;

const FOLDERS: &str = "folders";
const DISK: &str = "disk";
const FILES: &str = "open files";
/// Free bytes below which something has to be done, and below which it is worth a thought.
const SCARCE: u64 = 256 << 20;
const SOME: u64 = 2 << 30;
/// Open files below which a server is of little use, and below which a large one is not.
const FEW: u64 = 1024;
const MANY: u64 = 16_384;
/// What a node has open besides its sockets: connections to database, Redis and storage, the database's files.
const BESIDES: u64 = 200;

pub(super) fn look(config: &Config, report: &mut Report) {
    let places = config.folders();
    look_at_folders(&places, report);
    look_at_disks(&places, report);
    look_at_open_files(getrlimit(Resource::Nofile).maximum, report);
}

fn look_at_folders(places: &[(&'static str, PathBuf)], report: &mut Report) {
    let before = report.problems();
    for (i, (setting, folder)) in places.iter().enumerate() {
        if places[..i].iter().any(|(_, earlier)| earlier == folder) {
            continue;
        }
        let there = nearest(folder);
        let begins = format!("{setting}: {}", folder.display());
        if !there.is_dir() {
            report.problem(
                FOLDERS,
                format!("{begins} is no folder"),
                "name a folder, or move what lies there",
            );
        } else if access(&there, Access::WRITE_OK | Access::EXEC_OK).is_err() {
            let remedy =
                format!("let this user write in {}, or run this as the server's user", there.display());
            report.problem(FOLDERS, format!("{begins} can't be written to"), remedy);
        } else if there != *folder {
            report.ok(FOLDERS, format!("{begins} is not there yet: the first start makes it"));
        }
    }
    if report.problems() == before {
        report.ok(FOLDERS, "this user may write wherever the server has to");
    }
}

/// The folder itself, or the first above it that is there.
fn nearest(folder: &Path) -> PathBuf {
    let above = folder.ancestors().find(|folder| folder.exists());
    // The last ancestor of what does not begin with `/` is empty: the working directory.
    above.filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Folders of one disk are looked at together.
fn look_at_disks(places: &[(&'static str, PathBuf)], report: &mut Report) {
    let mut disks = BTreeMap::new();
    for (_, folder) in places {
        let there = nearest(folder);
        if let Ok(meta) = fs::metadata(&there) {
            disks.entry(meta.dev()).or_insert(there);
        }
    }
    for folder in disks.into_values() {
        match statvfs(&folder) {
            Ok(disk) => {
                judge_disk(&folder, free(&disk), disk.f_favail.max(disk.f_ffree), disk.f_files, report)
            }
            Err(error) => {
                let text = format!("{}: how much room there is can't be read: {error}", folder.display());
                report.note(DISK, text, "look yourself, with df");
            }
        }
    }
}

fn free(disk: &StatVfs) -> u64 {
    disk.f_bavail.saturating_mul(disk.f_frsize)
}

fn judge_disk(folder: &Path, bytes: u64, free_files: u64, files: u64, report: &mut Report) {
    let text = format!("{} MiB are free where {} is", bytes >> 20, folder.display());
    // Some file systems have no fixed number of files, and say 0.
    if files > 0 && free_files == 0 {
        let text = format!("no more files can be made where {} is", folder.display());
        report.problem(DISK, text, "delete small files there, or make a larger file system");
    } else if bytes < SCARCE {
        report.problem(DISK, text, "make room: a server that can't write answers with errors");
    } else if bytes < SOME {
        report.note(DISK, text, "keep an eye on it: messages and files only grow");
    } else {
        report.ok(DISK, text);
    }
}

fn look_at_open_files(most: Option<u64>, report: &mut Report) {
    const REMEDY: &str = "raise it: LimitNOFILE=65536 in the unit of systemd, `ulimits: {nofile: 65536}` in compose, or `ulimit -Hn 65536`";
    let Some(most) = most else { return report.ok(FILES, "as many as the machine allows") };
    let text = format!("{most}, which is enough for about {} connections", most.saturating_sub(BESIDES));
    match most {
        ..FEW => report.problem(FILES, text, REMEDY),
        FEW..MANY => report.note(FILES, text, REMEDY),
        MANY.. => report.ok(FILES, text),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Verdict, *};

    fn verdict(look: impl FnOnce(&mut Report)) -> Verdict {
        let mut report = Report::default();
        look(&mut report);
        report.findings.pop().unwrap().verdict
    }

    #[test]
    fn limits() {
        for (most, expected) in [
            (Some(256), Verdict::Problem),
            (Some(4096), Verdict::Note),
            (Some(65_536), Verdict::Ok),
            (None, Verdict::Ok),
        ] {
            assert_eq!(verdict(|report| look_at_open_files(most, report)), expected, "{most:?}");
        }
        for (bytes, free_files, files, expected) in [
            (SCARCE - 1, 9, 9, Verdict::Problem),
            (SCARCE, 9, 9, Verdict::Note),
            (SOME, 9, 9, Verdict::Ok),
            (SOME, 0, 9, Verdict::Problem),
            (SOME, 0, 0, Verdict::Ok),
        ] {
            let judge = |report: &mut Report| judge_disk(Path::new("x"), bytes, free_files, files, report);
            assert_eq!(verdict(judge), expected, "{bytes}");
        }
    }

    #[test]
    fn what_is_not_there_is_looked_for_above() {
        assert_eq!(nearest(Path::new("/nowhere/at/all")), Path::new("/"));
        assert_eq!(nearest(Path::new("nowhere/at/all")), Path::new("."));
    }
}
