//! A certificate for this machine.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result, ensure};

use crate::{Options, folder, keeper::Keeper, programs, words};

/// The file of a certificate.
pub const CERTIFICATE: &str = "certificate.pem";
/// The file of its private key.
pub const KEY: &str = "key.pem";

/// Makes a new [`CERTIFICATE`] with its [`KEY`] in a folder, in the place of those that are there.
///
/// # Errors
/// Where there is no `openssl`, or it fails.
pub fn make(folder: &Path) -> Result<()> {
    let command = command()?;
    let mut openssl = Command::new(&command[0]);
    openssl.args(&command[1..]).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    let status = openssl.status().context("openssl can't be started")?;
    ensure!(status.success(), "openssl makes no certificate: {status}");
    Ok(())
}

/// The command that makes [`CERTIFICATE`], for the name `localhost` and its address, and its [`KEY`].
pub(crate) fn command() -> Result<Vec<String>> {
    let openssl = programs::find("openssl")?;
    let key = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let files = ["-keyout", KEY, "-out", CERTIFICATE, "-days", "2"];
    let name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    // A server's own, and nobody else's to sign by: else clients don't take it for a server's.
    let kind = ["-addext", "basicConstraints=critical,CA:FALSE"];
    Ok(words([openssl.as_str()].into_iter().chain(key).chain(files).chain(name).chain(kind)))
}

/// Servers that have to believe each other have the same certificate: in a folder that goes with this process, for servers that run
/// as this user.
pub(crate) fn shared(user: &str, stop: &str) -> Result<PathBuf> {
    static KEEPER: Mutex<Option<Keeper>> = Mutex::new(None);
    let mut held = KEEPER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(keeper) = &*held {
        return Ok(keeper.folder().to_owned());
    }
    let mut keeper = Keeper::new(&folder::base(&Options::default())?, user, stop)?;
    keeper.run(&command()?)?;
    Ok(held.insert(keeper).folder().to_owned())
}
