use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The path of a server's program. The folders of the system's servers and of Cargo count too: they are not
/// on every `PATH`.
pub(crate) fn find(name: &str) -> Result<String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    let own = env::home_dir().map(|home| home.join(".cargo/bin"));
    first_with(name, env::split_paths(&path).chain(system).chain(own))
}

/// As [`find`], but PostgreSQL's own folders come first, the newest version before the others.
pub(crate) fn find_postgres(name: &str) -> Result<String> {
    let newest = newest_version(Path::new("/usr/lib/postgresql"), name);
    newest.map_or_else(|| find(name), |program| Ok(program.to_string_lossy().into_owned()))
}

fn newest_version(versions: &Path, name: &str) -> Option<PathBuf> {
    let folders = fs::read_dir(versions).ok()?.flatten();
    let numbered =
        folders.filter_map(|folder| Some((folder.file_name().to_str()?.parse::<u32>().ok()?, folder.path())));
    let programs = numbered.map(|(version, folder)| (version, folder.join("bin").join(name)));
    programs.filter(|(_, program)| program.is_file()).max().map(|(_, program)| program)
}

fn first_with(name: &str, folders: impl Iterator<Item = PathBuf>) -> Result<String> {
    let mut programs = folders.map(|folder| folder.join(name));
    let program = programs.find(|program| program.is_file());
    let program =
        program.with_context(|| format!("{name} is not installed: run scripts/install-test-tools"))?;
    Ok(program.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_missing_and_what_to_do() {
        let error = find("no-such-server").unwrap_err();
        assert_eq!(error.to_string(), "no-such-server is not installed: run scripts/install-test-tools");
    }

    #[test]
    fn finds_a_program_on_the_path() {
        assert!(find("bash").unwrap().ends_with("/bash"));
    }
}
