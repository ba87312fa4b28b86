//! The short form of `make chaos`: a run on each database with fixed seeds, and every planted error found.
//!
//! The server is the `charla` program beside this one's: `make test` builds both.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

use std::{
    process::{Command, Output},
    sync::{Mutex, PoisonError},
};

/// One run at a time: they are to be disturbed by their faults, not by each other.
static TURN: Mutex<()> = Mutex::new(());

fn chaos(arguments: &str) -> Output {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Command::new(env!("CARGO_BIN_EXE_charla-chaos")).args(arguments.split(' ')).output().unwrap()
}

/// Everything as promised, and something was done.
#[track_caller]
fn keeps_the_promise(arguments: &str) {
    let output = chaos(arguments);
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("0 lost, 0 doubled, 0 out of order\n"), "{text}");
    let acknowledged = text.split(" attempts: ").nth(1).and_then(|rest| rest.split(' ').next());
    assert!(acknowledged.is_some_and(|number| number.parse::<u32>().unwrap() > 30), "{text}");
}

/// The planted error is found, and called by its name.
#[track_caller]
fn is_found(plant: &str, name: &str) {
    let output = chaos(&format!("--seconds 5 --seed 4 --plant {plant}"));
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains(name), "{plant} is not called {name}: {text}");
}

#[test]
fn sqlite_keeps_the_promise() {
    keeps_the_promise("--database sqlite --nodes 1 --seconds 20 --seed 11");
}

#[test]
fn postgres_keeps_the_promise() {
    keeps_the_promise("--database postgres --nodes 3 --seconds 25 --seed 12");
}

#[test]
fn postgres_keeps_the_promise_when_its_replica_takes_over() {
    keeps_the_promise("--database postgres --nodes 2 --seconds 20 --seed 14 --faults failover,cut,kill");
}

#[test]
fn mariadb_keeps_the_promise() {
    keeps_the_promise("--database mariadb --nodes 2 --seconds 25 --seed 13");
}

#[test]
fn an_answer_before_the_commit_is_found() {
    is_found("early-ack", "Lost: ");
}

#[test]
fn a_skipped_number_is_found() {
    is_found("skipped-number", "Phantom: ");
}

#[test]
fn a_doubled_message_is_found() {
    is_found("doubled", "Phantom: ");
}

#[test]
fn swapped_events_are_found() {
    is_found("swapped", "Backward: ");
}

#[test]
fn a_deleted_text_that_comes_back_is_found() {
    is_found("undeleted", "Undeleted: ");
}
