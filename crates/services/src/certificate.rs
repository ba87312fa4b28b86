//! A certificate for this machine.

use anyhow::Result;

use crate::{programs, words};

pub(crate) const CERTIFICATE: &str = "certificate.pem";
pub(crate) const KEY: &str = "key.pem";

/// The command that makes [`CERTIFICATE`], for the name `localhost`, and its [`KEY`].
pub(crate) fn command() -> Result<Vec<String>> {
    let openssl = programs::find("openssl")?;
    let key = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let files = ["-keyout", KEY, "-out", CERTIFICATE, "-days", "2"];
    let name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    // A server's own, and nobody else's to sign by: else clients don't take it for a server's.
    let kind = ["-addext", "basicConstraints=critical,CA:FALSE"];
    Ok(words([openssl.as_str()].into_iter().chain(key).chain(files).chain(name).chain(kind)))
}
