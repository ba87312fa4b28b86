//! The text that Prometheus reads (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::{Display, Write};

use crate::Histogram;

/// What a text is sent as.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Names with their values, of which there are few.
pub type Labels<'a> = &'a [(&'a str, &'a str)];

/// What may become of a metric from one time to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    Histogram,
}

/// A text in the making. All values of a metric follow its head.
#[derive(Debug, Default)]
pub struct Text(String);

impl Text {
    /// Begins a metric, and says what it is.
    pub fn head(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}"));
    }

    /// One value of the metric that was begun last.
    pub fn value(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        let labels = written(labels);
        self.line(format_args!("{name}{labels} {value}"));
    }

    /// One histogram of the metric that was begun last.
    pub fn histogram(&mut self, name: &str, labels: Labels<'_>, histogram: &Histogram) {
        let mut count = 0;
        for (bound, cumulated) in histogram.cumulated() {
            let bound = bound.map_or_else(|| "+Inf".to_owned(), |bound| bound.to_string());
            let labels = written(&[labels, &[("le", bound.as_str())]].concat());
            self.line(format_args!("{name}_bucket{labels} {cumulated}"));
            count = cumulated;
        }
        let labels = written(labels);
        self.line(format_args!("{name}_sum{labels} {}", histogram.sum()));
        self.line(format_args!("{name}_count{labels} {count}"));
    }

    /// A counter without labels, whole.
    pub fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, Kind::Counter, help);
        self.value(name, &[], value);
    }

    /// A gauge without labels, whole.
    pub fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, Kind::Gauge, help);
        self.value(name, &[], value);
    }

    /// All of it.
    pub fn finish(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to memory does not fail.
        writeln!(self.0, "{line}").ok();
    }
}

/// Labels in their braces; nothing where there are none.
fn written(labels: Labels<'_>) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let labels: Vec<String> =
        labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", labels.join(","))
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_heads_and_values() {
        let mut text = Text::default();
        text.counter("frames_total", "Frames.", 7);
        text.head("sockets", Kind::Gauge, "Sockets.");
        text.value("sockets", &[("door", "room"), ("odd", "a\"b\\c\nd")], 2);
        let sizes = Histogram::of_numbers(&[1.0, 2.5]);
        sizes.observe(2);
        sizes.observe(9);
        text.head("sizes", Kind::Histogram, "Sizes.");
        text.histogram("sizes", &[("lane", "0")], &sizes);
        assert_eq!(
            text.finish(),
            "# HELP frames_total Frames.\n\
             # TYPE frames_total counter\n\
             frames_total 7\n\
             # HELP sockets Sockets.\n\
             # TYPE sockets gauge\n\
             sockets{door=\"room\",odd=\"a\\\"b\\\\c\\nd\"} 2\n\
             # HELP sizes Sizes.\n\
             # TYPE sizes histogram\n\
             sizes_bucket{lane=\"0\",le=\"1\"} 0\n\
             sizes_bucket{lane=\"0\",le=\"2.5\"} 1\n\
             sizes_bucket{lane=\"0\",le=\"+Inf\"} 2\n\
             sizes_sum{lane=\"0\"} 11\n\
             sizes_count{lane=\"0\"} 2\n"
        );
    }
}
