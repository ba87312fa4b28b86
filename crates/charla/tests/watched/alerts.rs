//! The alerts, held against made-up figures: each is raised when it should be, and not before.

use super::prometheus::tool;

#[tokio::test]
async fn alerts_are_raised_when_they_should_be() {
    const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/watched/alerts.yml");
    let ran = tool(&["test", "rules", CASES]).await;
    let told = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&told));
}

#[tokio::test]
async fn the_example_of_a_configuration_is_one() {
    const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/prometheus/prometheus.yml");
    let ran = tool(&["check", "config", EXAMPLE]).await;
    let told = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&told));
}
