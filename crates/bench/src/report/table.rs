//! The figures as text on a terminal.

use std::fmt;

use super::{
    figure::{Figure, spread},
    number::number,
};
use crate::stats::median;

/// All figures, in the order in which they were measured.
pub(super) fn write_all(f: &mut fmt::Formatter<'_>, figures: &[Figure]) -> fmt::Result {
    let width = widest(figures.iter());
    writeln!(f, "{:width$} {:>12} {:>12} {:>12} {:7} ratio", "", "median", "lowest", "highest", "")?;
    for figure in figures {
        let (lowest, highest) = spread(&figure.values);
        write!(
            f,
            "{:width$} {:>12} {:>12} {:>12} {:7}",
            figure.name,
            number(figure.median()),
            number(lowest),
            number(highest),
            figure.unit
        )?;
        if let Some(ratio) = &figure.ratio {
            let (lowest, highest) = spread(&ratio.values);
            write!(f, " {:.2} × {} ({lowest:.2} to {highest:.2})", median(&ratio.values), ratio.of)?;
        }
        writeln!(f)?;
    }
    Ok(())
}

/// What was aimed at, what was found, and whether that is enough.
pub(super) fn write_targets(f: &mut fmt::Formatter<'_>, figures: &[&Figure]) -> fmt::Result {
    let width = widest(figures.iter().copied());
    for figure in figures {
        let verdict = if figure.is_met() == Some(true) { "met" } else { "not met" };
        writeln!(f, "{:width$} {:>16}  {:32} {verdict}", figure.name, figure.wanted(), figure.found())?;
    }
    Ok(())
}

fn widest<'a>(figures: impl Iterator<Item = &'a Figure>) -> usize {
    figures.map(|figure| figure.name.chars().count()).max().unwrap_or_default()
}
