//! Plots as SVG that can be read on light and dark pages: bars of what was reached, and lines of what grows.

use std::fmt::Write;

use super::{figure::Figure, number::short, series::Series};

const WIDTH: f64 = 820.0;
/// Where bars begin and end.
const BARS: (f64, f64) = (450.0, 770.0);
const ROW: f64 = 26.0;
/// A bar longer than so many times its target is cut.
const LONGEST: f64 = 2.0;
/// The field of a plot of lines: left, top, right, bottom.
const FIELD: (f64, f64, f64, f64) = (60.0, 44.0, 560.0, 320.0);
const STYLE: &str = "<style>
text { font: 13px system-ui, sans-serif; fill: #24292f; } .title { font-weight: 600; } .soft { fill: #656d76; }
.axis { stroke: #8c959f; fill: none; } .aim { stroke: #24292f; stroke-dasharray: 4 3; fill: none; }
.met { fill: #1f7a4d; } .missed { fill: #c2570c; }
.line { fill: none; stroke-width: 2; }
.l0 { stroke: #0969da; } .l1 { stroke: #c2570c; } .l2 { stroke: #1f7a4d; } .l3 { stroke: #8250df; } .l4 { stroke: #bf3989; } .l5 { stroke: #6e7781; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; } .soft { fill: #9198a1; } .axis { stroke: #6e7681; } .aim { stroke: #e6edf3; }
.met { fill: #3fb950; } .missed { fill: #f0883e; }
.l0 { stroke: #58a6ff; } .l1 { stroke: #f0883e; } .l2 { stroke: #3fb950; } .l3 { stroke: #bc8cff; } .l4 { stroke: #f778ba; } .l5 { stroke: #b1bac4; }
}
</style>
";
/// Lines that can be told apart.
const COLOURS: usize = 6;

/// A bar for each figure, from nothing to what was reached of its target, which is one line for all.
pub(super) fn bars(title: &str, figures: &[&Figure]) -> String {
    let height = 60.0 + ROW * figures.len() as f64;
    let aim = BARS.0 + (BARS.1 - BARS.0) / LONGEST;
    let mut svg = begin(height, title);
    for (row, figure) in figures.iter().enumerate() {
        let reached = figure.reached().unwrap_or_default();
        let (top, text) = (44.0 + ROW * row as f64, 59.0 + ROW * row as f64);
        let width = (BARS.1 - BARS.0) * reached.min(LONGEST) / LONGEST;
        let class = if figure.is_met() == Some(true) { "met" } else { "missed" };
        let (name, found) = (escaped(&figure.name), short(figure.judged().0));
        put(
            &mut svg,
            format_args!(r#"<text x="{:.0}" y="{text:.0}" text-anchor="end">{name}</text>"#, BARS.0 - 8.0),
        );
        put(
            &mut svg,
            format_args!(
                r#"<rect class="{class}" x="{:.0}" y="{top:.0}" width="{width:.1}" height="18"/>"#,
                BARS.0
            ),
        );
        let end = BARS.0 + width + 6.0;
        put(&mut svg, format_args!(r#"<text class="soft" x="{end:.1}" y="{text:.0}">{found}</text>"#));
    }
    put(&mut svg, format_args!(r#"<path class="aim" d="M{aim:.1} 36 V{:.0}"/>"#, height - 10.0));
    put(
        &mut svg,
        format_args!(r#"<text class="soft" x="{aim:.1}" y="30" text-anchor="middle">target</text>"#),
    );
    svg + "</svg>\n"
}

/// Lines over a logarithmic axis to the right; upwards from 0.
pub(super) fn lines(title: &str, series: &[&Series]) -> String {
    let mut svg = begin(380.0, title);
    let points: Vec<Vec<(f64, f64)>> = series.iter().map(|series| series.medians()).collect();
    let all = || points.iter().flatten();
    let lowest = all().map(|(x, _)| x.max(1.0)).fold(f64::INFINITY, f64::min);
    let widest = all().map(|(x, _)| *x).fold(lowest * 10.0, f64::max);
    let highest = all().map(|(_, y)| *y).fold(0.0, f64::max) * 1.1;
    let (left, top, right, bottom) = FIELD;
    let at = |x: f64| left + (right - left) * (x.max(lowest) / lowest).ln() / (widest / lowest).ln();
    let up = |y: f64| bottom - (bottom - top) * y / highest;
    put(&mut svg, format_args!(r#"<path class="axis" d="M{left} {top} V{bottom} H{right}"/>"#));
    for part in 0..=4 {
        let y = highest * f64::from(part) / 4.0;
        let label = short(y);
        put(
            &mut svg,
            format_args!(
                r#"<text class="soft" x="{:.0}" y="{:.1}" text-anchor="end">{label}</text>"#,
                left - 6.0,
                up(y) + 4.0
            ),
        );
    }
    let mut named: Vec<f64> = all().map(|(x, _)| *x).collect();
    named.sort_by(f64::total_cmp);
    named.dedup();
    for x in named {
        let label = short(x);
        put(
            &mut svg,
            format_args!(
                r#"<text class="soft" x="{:.1}" y="{:.0}" text-anchor="middle">{label}</text>"#,
                at(x),
                bottom + 18.0
            ),
        );
    }
    if let Some(first) = series.first() {
        let (axis, unit) = (escaped(&first.axis), escaped(&first.unit));
        put(
            &mut svg,
            format_args!(
                r#"<text class="soft" x="{right}" y="{:.0}" text-anchor="end">{axis}</text>"#,
                bottom + 40.0
            ),
        );
        put(&mut svg, format_args!(r#"<text class="soft" x="{left}" y="{:.0}">{unit}</text>"#, top - 8.0));
    }
    let mut labels: Vec<(f64, usize)> = Vec::new();
    for (number, line) in points.iter().enumerate() {
        let colour = number % COLOURS;
        let path: Vec<String> = line.iter().map(|(x, y)| format!("{:.1},{:.1}", at(*x), up(*y))).collect();
        put(&mut svg, format_args!(r#"<polyline class="line l{colour}" points="{}"/>"#, path.join(" ")));
        labels.extend(line.last().map(|(_, y)| (up(*y), number)));
    }
    label(&mut svg, labels, series);
    svg + "</svg>\n"
}

/// Names at the lines' ends, none over another.
fn label(svg: &mut String, mut labels: Vec<(f64, usize)>, series: &[&Series]) {
    labels.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut free = FIELD.3;
    for (y, number) in labels {
        let y = y.min(free);
        free = y - 18.0;
        let (name, colour, x) = (escaped(&series[number].line), number % COLOURS, FIELD.2);
        put(svg, format_args!(r#"<path class="line l{colour}" d="M{:.0} {y:.1} h14"/>"#, x + 8.0));
        put(svg, format_args!(r#"<text x="{:.0}" y="{:.1}">{name}</text>"#, x + 27.0, y + 4.0));
    }
}

fn begin(height: f64, title: &str) -> String {
    let title = escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{title}\">\n\
         {STYLE}<text class=\"title\" x=\"8\" y=\"18\">{title}</text>\n"
    )
}

fn put(svg: &mut String, element: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = writeln!(svg, "{element}");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Target;

    #[test]
    fn bars_are_cut_and_names_are_escaped() {
        let mut figure = Figure::empty(String::new(), "a < b".to_owned(), "/s");
        figure.values = vec![1_000.0];
        figure.target = Some(Target::AtLeast(1.0));
        let svg = bars("x", &[&figure]);
        assert!(svg.contains("a &lt; b") && svg.contains(r#"width="320.0""#), "{svg}");
        assert!(svg.contains(r#"class="met""#));
    }

    #[test]
    fn lines_begin_left_and_end_right() {
        let mut series = Series::empty("growth", "members", "×", "a send");
        for (x, y) in [(10.0, 1.0), (100.0, 1.5), (1_000.0, 2.0)] {
            series.add(x, y);
        }
        let svg = lines("x", &[&series]);
        assert!(svg.contains(r#"points="60.0,"#) && svg.contains(" 560.0,"), "{svg}");
        assert!(svg.contains(">1k<"));
    }
}
