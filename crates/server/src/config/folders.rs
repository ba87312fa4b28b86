//! What a server needs on the disk before it starts: its folders, and the secret key.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore, rngs::OsRng};

use super::{
    Config, Secret,
    errors::{Errors, Problem},
    parse,
};

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// Random bytes of a secret key that we make.
const SECRET_BYTES: usize = 48;

/// Makes the folders and the file of a SQLite database, and makes or reads the secret key where none was given.
pub(super) fn prepare(config: &mut Config) -> Result<(), Errors> {
    make_folder(&config.data_dir).map_err(|error| cannot("DATA_DIR", "folder", &config.data_dir, &error))?;
    super::make_database("DATABASE_URL", &config.database_url)?;
    if config.secret_key.0.is_empty() {
        config.secret_key = secret_key(&config.data_dir)?;
    }
    Ok(())
}

fn cannot(setting: &str, what: &str, path: &Path, error: &io::Error) -> Errors {
    let text =
        format!("the {what} {} can't be made or used: {error}; let this user write there", path.display());
    Problem::new(setting, text).into()
}

/// SQLite fills an empty file, and gives the files that it keeps beside it the mode of this one.
pub(super) fn make_database(setting: &str, path: &Path) -> Result<(), Errors> {
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(|error| cannot(setting, "folder", folder, &error))?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(cannot(setting, "file", path, &error)),
        _ => Ok(()),
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)
}

pub(super) fn secret_key_path(folder: &Path) -> PathBuf {
    folder.join("secret_key")
}

fn secret_key(folder: &Path) -> Result<Secret, Errors> {
    let path = secret_key_path(folder);
    let failed = |error: io::Error| cannot("SECRET_KEY", "file", &path, &error);
    if !path.exists() {
        make_secret(&path).map_err(failed)?;
    }
    let text = fs::read_to_string(&path).map_err(failed)?;
    let key = parse::secret_key(text.trim()).map_err(|_| {
        let text = format!(
            "{} is damaged: bring it back from a backup, or delete it, after which everybody has to sign in anew",
            path.display()
        );
        Errors::from(Problem::new("SECRET_KEY", text))
    })?;
    tighten(&path).map_err(failed)?;
    Ok(key)
}

/// Writes a new key beside `path`, and puts it there in one step unless another process was faster: a reader sees a whole key
/// or none, and all read the same.
fn make_secret(path: &Path) -> io::Result<()> {
    let mut bytes = [0_u8; SECRET_BYTES];
    OsRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
    let fresh = write_secret(path, URL_SAFE_NO_PAD.encode(bytes).as_bytes())?;
    let linked = match fs::hard_link(&fresh, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    };
    fs::remove_file(&fresh)?;
    linked?;
    sync_folder_of(path)
}

/// Puts a key in the place of the one that the folder has, in one step.
pub(super) fn put_secret_key(folder: &Path, key: &[u8]) -> io::Result<()> {
    let path = secret_key_path(folder);
    fs::rename(write_secret(&path, key)?, &path)?;
    sync_folder_of(&path)
}

/// Writes a key beside `path`, and gives where.
fn write_secret(path: &Path, key: &[u8]) -> io::Result<PathBuf> {
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&fresh)?;
    file.write_all(key)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    Ok(fresh)
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Takes the key out of others' sight.
fn tighten(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "the secret key could be read by others; its mode is 0600 now");
        fs::set_permissions(path, Permissions::from_mode(FILE_MODE))?;
    }
    Ok(())
}
