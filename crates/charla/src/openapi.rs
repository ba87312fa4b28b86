//! `charla openapi`.

use std::io::Write;

/// Prints the OpenAPI document of the REST API, as JSON.
#[derive(Debug, clap::Args)]
pub(crate) struct OpenApi {}

impl OpenApi {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let document = charla_server::router::openapi().to_pretty_json()?;
        writeln!(std::io::stdout(), "{document}")?;
        Ok(())
    }
}
