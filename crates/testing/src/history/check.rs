//! The checks: each a function of its own.

mod ends;
mod facts;
mod files;
mod live;
mod members;
mod numbers;
mod order;
mod past;
mod sends;
mod sessions;
mod states;
mod views;

use std::collections::BTreeMap;

use facts::Facts;

use super::{History, Numbers, Report, Rule, What};

/// Holds a history against the promise. It must end with the truth of every room, read when all was healed.
pub fn check(history: &History) -> Report {
    let facts = Facts::of(history);
    let mut report = Report { numbers: Numbers::of(history), ..Report::default() };
    report.numbers.messages = facts.truth.values().map(|truth| truth.messages.len()).sum();
    report.numbers.moves = facts.moves.values().map(BTreeMap::len).sum();
    let checks: [fn(&Facts<'_>, &mut Report); 23] = [
        sends::acknowledged_is_there_once,
        sends::nothing_else_is_there,
        numbers::every_number_is_one_change,
        numbers::no_number_is_missing,
        order::answered_first_stands_first,
        order::events_go_forward,
        views::one_number_is_one_state,
        views::a_page_is_of_one_moment,
        views::seen_is_there,
        views::deleted_is_gone,
        views::answers_know_what_was_answered,
        states::the_last_edit_stands,
        states::the_last_reaction_stands,
        members::the_last_membership_stands,
        members::strangers_see_nothing,
        past::nothing_from_before_is_shown,
        sessions::ended_means_ended,
        live::messages_are_delivered_at_once,
        live::who_is_there_is_online,
        files::files_come_back,
        ends::everybody_shows_the_truth,
        ends::all_nodes_agree,
        ends::unread_counts_agree,
    ];
    for check in checks {
        check(&facts, &mut report);
    }
    for (place, entry) in history.entries.iter().enumerate() {
        if let What::Failed(what) = &entry.what {
            report.add(Rule::Failed, vec![place], what);
        }
    }
    report
}
