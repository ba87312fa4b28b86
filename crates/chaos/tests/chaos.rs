//! The short form of `make chaos`: a run on each database with fixed seeds, and every planted error found.
//!
//! The server is the `charla` program beside this one's: `make test` builds both.

#![expect(clippy::unwrap_used, reason = "a test may end where something is not as it should be")]

use std::{
    process::{Command, Output},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Two runs at a time: each waits for most of its time, and they are to be disturbed by their faults, not by each other.
static TURNS: [Mutex<()>; 2] = [Mutex::new(()), Mutex::new(())];

fn chaos(arguments: &str) -> Output {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let turn = &TURNS[NEXT.fetch_add(1, Ordering::Relaxed) % TURNS.len()];
    let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
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

/// Each planted error is found, and called by its names; all of them on one cluster.
#[track_caller]
fn are_found(plants: &[(&str, &[&str])]) {
    let names: Vec<&str> = plants.iter().map(|(plant, _)| *plant).collect();
    let output = chaos(&format!("--seconds 8 --seed 4 --plant {}", names.join(",")));
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for (plant, names) in plants {
        let found = text.split("\n== ").find_map(|round| round.strip_prefix(plant)).unwrap();
        println!("{plant}:{}", found.lines().take(5).collect::<Vec<_>>().join("\n"));
        for name in *names {
            assert!(found.contains(name), "{plant} is not called {name}: {found}");
        }
    }
}

#[test]
fn what_is_planted_in_messages_is_found() {
    are_found(&[
        ("early-ack", &["Lost: "]),
        ("skipped-number", &["Phantom: "]),
        ("doubled", &["Phantom: "]),
        ("swapped", &["Backward: "]),
        ("undeleted", &["Undeleted: "]),
    ]);
}

#[test]
fn what_is_planted_in_what_comes_by_itself_is_found() {
    are_found(&[
        ("unhidden", &["Hidden: "]),
        ("late", &["Late: "]),
        ("undead", &["SignedOut: ", "Presence: "]),
    ]);
}
