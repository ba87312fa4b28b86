//! `docs/performance.md` with its plots.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use anyhow::{Context, Result};

use super::{
    Report,
    figure::{Figure, spread},
    number::number,
    plot,
};
use crate::{quiet::NOT_QUIET, stats::median};

const HEAD: &str = "# Performance

What one server does, beside what this machine could do at most: each limit is measured in the same run, on the same machine, by
the plainest program that does just that (one `write` for each frame, inserts with one prepared statement, an HTTP server with a
ready answer). Everything is authenticated, every permission is checked, and every message is committed (SQLite with
`synchronous=FULL`, PostgreSQL with `synchronous_commit=on`, MariaDB with `innodb_flush_log_at_trx_commit=1`) before anybody sees
it. Server and load are processes on a core each; what is per CPU second counts the processor time of the server alone.

This page is written by the program that measures; nothing in it is typed by hand.
";

/// Writes `performance.md` and `performance/*.svg` into a folder.
pub(crate) fn write_page(report: &Report, folder: &Path) -> Result<()> {
    let plots = folder.join("performance");
    fs::create_dir_all(&plots).with_context(|| format!("{} can't be made", plots.display()))?;
    let aimed_at: Vec<&Figure> = report.figures.iter().filter(|figure| figure.target.is_some()).collect();
    let mut page = HEAD.to_owned();
    put(&mut page, format_args!("\n## The machine\n\n{}\n", report.machine));
    if report.runs.iter().flat_map(|run| &run.notes).any(|note| note.starts_with(NOT_QUIET)) {
        put(
            &mut page,
            format_args!(
                "**Others used the machine meanwhile** (see below): what counts time is too slow here.\n"
            ),
        );
    }
    targets(&mut page, &aimed_at);
    if !aimed_at.is_empty() {
        let title = "What was reached of each target (longer is better)";
        fs::write(plots.join("targets.svg"), plot::bars(title, &aimed_at))?;
        put(&mut page, format_args!("\n![{title}](performance/targets.svg)\n"));
    }
    let names: BTreeSet<&str> = report.series.iter().map(|series| series.plot.as_str()).collect();
    for (number, name) in names.into_iter().enumerate() {
        let lines: Vec<_> = report.series.iter().filter(|series| series.plot == name).collect();
        let file = file_name(name);
        fs::write(plots.join(&file), plot::lines(name, &lines))?;
        put(
            &mut page,
            format_args!(
                "{}![{name}](performance/{file})",
                if number == 0 { "\n## What grows\n\n" } else { "\n" }
            ),
        );
    }
    everything(&mut page, &report.figures);
    runs(&mut page, report);
    fs::write(folder.join("performance.md"), page)?;
    Ok(())
}

fn targets(page: &mut String, figures: &[&Figure]) {
    put(
        page,
        format_args!(
            "## What is aimed at\n\n| what | found: median (lowest to highest) | target | limit | |"
        ),
    );
    put(page, format_args!("| --- | --- | --- | --- | --- |"));
    for figure in figures {
        let verdict = if figure.is_met() == Some(true) { "met" } else { "**not met**" };
        let limit = match &figure.ratio {
            Some(ratio) => format!("{}: {} {}", ratio.of, number(median(&ratio.limits)), figure.unit),
            None => String::new(),
        };
        let value = match figure.ratio {
            Some(_) => format!("{}; {} {}", figure.found(), number(figure.median()), figure.unit),
            None => figure.found(),
        };
        put(page, format_args!("| {} | {value} | {} | {limit} | {verdict} |", figure.name, figure.wanted()));
    }
}

fn everything(page: &mut String, figures: &[Figure]) {
    put(page, format_args!("\n## Everything measured"));
    let mut scenario = "";
    for figure in figures {
        if figure.scenario != scenario {
            scenario = &figure.scenario;
            put(page, format_args!("\n### {scenario}\n\n| what | median | lowest | highest | | ratio |"));
            put(page, format_args!("| --- | ---: | ---: | ---: | --- | --- |"));
        }
        let (lowest, highest) = spread(&figure.values);
        let ratio = match &figure.ratio {
            Some(ratio) => {
                let (lowest, highest) = spread(&ratio.values);
                format!("{:.2} × {} ({lowest:.2} to {highest:.2})", median(&ratio.values), ratio.of)
            }
            None => String::new(),
        };
        let (middle, lowest, highest) = (number(figure.median()), number(lowest), number(highest));
        put(
            page,
            format_args!("| {} | {middle} | {lowest} | {highest} | {} | {ratio} |", figure.name, figure.unit),
        );
    }
}

fn runs(page: &mut String, report: &Report) {
    put(page, format_args!("\n## How it was measured\n"));
    for run in &report.runs {
        let scenarios = run.scenarios.join(", ");
        put(
            page,
            format_args!(
                "- {}, {scenarios}: `{}`; load average {} before, {} after",
                run.began, run.command, run.load_before, run.load_after
            ),
        );
        for note in &run.notes {
            put(page, format_args!("  - {note}"));
        }
    }
}

/// A name with letters and hyphens alone.
fn file_name(plot: &str) -> String {
    let plain: String = plot
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    format!("{}.svg", words.join("-"))
}

fn put(page: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = writeln!(page, "{line}");
}
