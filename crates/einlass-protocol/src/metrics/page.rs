//! A page of numbers in the text format, version 0.0.4.

use super::Histogram;
use super::histogram::BOUNDS;
use std::fmt::{self, Write as _};

/// What is measured. Names follow Prometheus: `_total` for counters, `_seconds` for spans.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Metric {
    /// Letters, digits and `_`.
    pub name: &'static str,
    /// One line for people.
    pub help: &'static str,
}

/// Numbers, collected by metric: several may write samples of one, with different labels.
#[derive(Debug, Default)]
pub struct Page(Vec<Family>);

#[derive(Debug)]
struct Family {
    metric: Metric,
    kind: &'static str,
    samples: String,
}

type Labels<'l> = &'l [(&'l str, &'l str)];

impl Page {
    /// The `Content-Type` of what it prints.
    pub const CONTENT_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// Something that is counted since the start.
    pub fn counter(&mut self, metric: Metric, labels: Labels<'_>, value: u64) {
        self.sample(metric, "counter", "", labels, value);
    }

    /// Something that goes up and down.
    pub fn gauge(&mut self, metric: Metric, labels: Labels<'_>, value: u64) {
        self.sample(metric, "gauge", "", labels, value);
    }

    /// Spans of time, in seconds.
    pub fn histogram(&mut self, metric: Metric, labels: Labels<'_>, spans: &Histogram) {
        let counts = spans.cumulated();
        let bounds = BOUNDS.iter().map(|(_, bound)| *bound).chain(["+Inf"]);
        for (bound, count) in bounds.zip(counts) {
            let labels = [labels, &[("le", bound)]].concat();
            self.sample(metric, "histogram", "_bucket", &labels, count);
        }
        self.sample(metric, "histogram", "_sum", labels, spans.sum().as_secs_f64());
        self.sample(metric, "histogram", "_count", labels, counts[BOUNDS.len()]);
    }

    fn sample(
        &mut self,
        metric: Metric,
        kind: &'static str,
        suffix: &str,
        labels: Labels<'_>,
        value: impl fmt::Display,
    ) {
        let samples = self.family(metric, kind);
        samples.push_str(metric.name);
        samples.push_str(suffix);
        for (index, (name, value)) in labels.iter().enumerate() {
            samples.push(if index == 0 { '{' } else { ',' });
            samples.push_str(name);
            samples.push_str("=\"");
            escape(value, samples);
            samples.push('"');
        }
        let end = if labels.is_empty() { "" } else { "}" };
        // Writing to a string never fails.
        let _ = writeln!(samples, "{end} {value}");
    }

    /// The samples of a metric: all of them stand together, whoever wrote them.
    fn family(&mut self, metric: Metric, kind: &'static str) -> &mut String {
        let known = self.0.iter().position(|family| family.metric.name == metric.name);
        let index = known.unwrap_or_else(|| {
            self.0.push(Family { metric, kind, samples: String::new() });
            self.0.len() - 1
        });
        &mut self.0[index].samples
    }
}

/// A label's value: `\`, `"` and the end of a line are escaped.
fn escape(value: &str, into: &mut String) {
    for c in value.chars() {
        match c {
            '\\' => into.push_str("\\\\"),
            '"' => into.push_str("\\\""),
            '\n' => into.push_str("\\n"),
            c => into.push(c),
        }
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Family { metric: Metric { name, help }, kind, samples } in &self.0 {
            let help = help.replace('\\', "\\\\").replace('\n', "\\n");
            write!(f, "# HELP {name} {help}\n# TYPE {name} {kind}\n{samples}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const CALLS: Metric = Metric { name: "calls_total", help: "Calls, in \\ two\nlines." };
    const OPEN: Metric = Metric { name: "open", help: "What is open." };
    const TOOK: Metric = Metric { name: "took_seconds", help: "How long." };

    #[test]
    fn samples_of_one_metric_stand_together() {
        let mut page = Page::default();
        page.counter(CALLS, &[("door", "a"), ("why", "b")], 1);
        page.gauge(OPEN, &[], 7);
        page.counter(CALLS, &[("door", "\"c\\\n")], 2);
        assert_eq!(
            page.to_string(),
            "# HELP calls_total Calls, in \\\\ two\\nlines.\n# TYPE calls_total counter\n\
             calls_total{door=\"a\",why=\"b\"} 1\ncalls_total{door=\"\\\"c\\\\\\n\"} 2\n\
             # HELP open What is open.\n# TYPE open gauge\nopen 7\n"
        );
    }

    #[test]
    fn a_span_is_in_its_bucket_and_all_above() {
        let took = Histogram::default();
        for span in
            [Duration::ZERO, Duration::from_millis(1), Duration::from_millis(1_500), Duration::from_mins(1)]
        {
            took.observe(span);
        }
        let mut page = Page::default();
        page.histogram(TOOK, &[("door", "a")], &took);
        let text = page.to_string();
        for line in [
            r#"took_seconds_bucket{door="a",le="0.0005"} 1"#,
            r#"took_seconds_bucket{door="a",le="0.001"} 2"#,
            r#"took_seconds_bucket{door="a",le="1"} 2"#,
            r#"took_seconds_bucket{door="a",le="2.5"} 3"#,
            r#"took_seconds_bucket{door="a",le="30"} 3"#,
            r#"took_seconds_bucket{door="a",le="+Inf"} 4"#,
            r#"took_seconds_sum{door="a"} 61.501"#,
            r#"took_seconds_count{door="a"} 4"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
