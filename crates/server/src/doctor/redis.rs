//! Whether nodes find each other.

use std::time::Duration;

use charla_broker::RedisBroker;

use super::Report;
use crate::config::Config;

const PART: &str = "redis";
/// What a message may take from node to node without a word.
const QUICK: Duration = Duration::from_millis(100);

pub(super) async fn look(config: &Config, report: &mut Report) {
    let Some(settings) = config.redis.clone() else {
        return report.ok(PART, "REDIS_URL is not set: there is one node, which needs none");
    };
    // Nobody else is to believe what is said here: any key will do.
    match RedisBroker::probe(settings, &[0; 32]).await {
        Ok(took) if took > QUICK => report.note(
            PART,
            format!("a message takes {} ms from node to node", took.as_millis()),
            "look at the load of Redis, and at the network to it",
        ),
        Ok(took) => report.ok(PART, format!("a message takes {} ms from node to node", took.as_millis())),
        Err(reason) => {
            report.problem(
                PART,
                reason,
                "look whether Redis runs there, at user and password, and at REDIS_URL",
            );
        }
    }
}
