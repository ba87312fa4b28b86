//! Where a command takes a password from. Never from a flag: other users of the machine could read it.

use std::io::{IsTerminal, stdin};

use anyhow::{Context, bail};

const VARIABLE: &str = "CHARLA_PASSWORD";

#[derive(Debug, clap::Args)]
pub(crate) struct Source {
    /// Reads the password from standard input instead of asking; CHARLA_PASSWORD in the environment does as well.
    #[arg(long)]
    password_stdin: bool,
}

/// The password from standard input if asked for, else of the environment, else of whoever sits at the terminal.
///
/// # Errors
/// Where there is none, or the two that were typed differ.
pub(crate) fn read(source: &Source) -> anyhow::Result<String> {
    if source.password_stdin {
        let mut line = String::new();
        stdin().read_line(&mut line).context("the password can't be read from standard input")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    if let Ok(password) = std::env::var(VARIABLE) {
        return Ok(password);
    }
    if !stdin().is_terminal() {
        bail!("there is no terminal to ask for the password: use --password-stdin, or set {VARIABLE}");
    }
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Once more: ")? != password {
        bail!("the two passwords differ");
    }
    Ok(password)
}
