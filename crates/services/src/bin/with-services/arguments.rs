use anyhow::{Context, Result, bail, ensure};
use charla_services::{Options, Service};

pub(crate) const USAGE: &str = "\
usage: with-services [--only postgres,mariadb,redis,s3] [--durable] [--] COMMAND [ARGUMENT…]

Starts throw-away servers on free ports, runs the command, stops the servers, deletes their data, and ends with the
command's exit status. The command finds them through TEST_POSTGRES_URL, TEST_MYSQL_URL, TEST_REDIS_URL and
TEST_S3_URL; their process ids are in variables that end with _PID instead.

  --only LIST   start these alone
  --durable     wait for the disk at each commit, as in production: for benchmarks and crash tests
  --help        print this
";

#[derive(Debug, PartialEq)]
pub(crate) struct Arguments {
    pub(crate) services: Vec<Service>,
    pub(crate) options: Options,
    pub(crate) command: Vec<String>,
}

impl Arguments {
    /// `None` where help is asked for.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>> {
        let mut services = Service::ALL.to_vec();
        let mut options = Options::default();
        let mut command = Vec::new();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--help" | "-h" => return Ok(None),
                "--durable" => options.durable = true,
                "--only" => services = list(&arguments.next().context("--only needs a list")?)?,
                "--" => break,
                option if option.starts_with('-') => bail!("unknown option {option}\n{USAGE}"),
                _ => {
                    command.push(argument);
                    break;
                }
            }
        }
        command.extend(arguments);
        ensure!(!command.is_empty(), "no command given\n{USAGE}");
        Ok(Some(Self { services, options, command }))
    }
}

fn list(names: &str) -> Result<Vec<Service>> {
    names.split(',').map(str::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Arguments>> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn everything_is_started_unless_said_otherwise() {
        let arguments = parse("-- cargo test --workspace").unwrap().unwrap();
        assert_eq!(arguments.services, Service::ALL);
        assert_eq!(arguments.options, Options::default());
        assert_eq!(arguments.command, ["cargo", "test", "--workspace"]);
    }

    #[test]
    fn options_end_where_the_command_begins() {
        let arguments = parse("--only redis,postgres --durable env --only x").unwrap().unwrap();
        assert_eq!(arguments.services, [Service::Redis, Service::Postgres]);
        assert!(arguments.options.durable);
        assert_eq!(arguments.command, ["env", "--only", "x"]);
    }

    #[test]
    fn nonsense_is_refused() {
        for line in ["", "--", "--only", "--only oracle -- true", "--unknown -- true"] {
            assert!(parse(line).is_err(), "{line:?}");
        }
        assert_eq!(parse("--help").unwrap(), None);
    }
}
