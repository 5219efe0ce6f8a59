//! The report: Markdown on the standard output, a section as soon as it is there. Its tables are laid out so that
//! they can be read on a terminal.

use std::fmt::Write as _;

/// A table, column by column as wide as it must be.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { rows: vec![head.map(String::from).to_vec()] }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// The first column is words, the others are figures and stand to the right.
    fn markdown(&self) -> String {
        let columns = self.rows[0].len();
        let width =
            |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).max(3);
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            let cells = row.iter().enumerate().map(|(column, cell)| match column {
                0 => format!("{cell:<width$}", width = width(column)),
                _ => format!("{cell:>width$}", width = width(column)),
            });
            // Writing to a text cannot fail.
            let _ = writeln!(text, "| {} |", cells.collect::<Vec<_>>().join(" | "));
            if number == 0 {
                let rules = (0..columns).map(|column| {
                    let rule = "-".repeat(width(column) - 1);
                    if column == 0 { format!("{rule}-") } else { format!("{rule}:") }
                });
                let _ = writeln!(text, "| {} |", rules.collect::<Vec<_>>().join(" | "));
            }
        }
        text
    }
}

/// Prints a heading and what the section measures.
pub(crate) fn section(title: &str, what: &str) {
    print(&format!("## {title}\n\n{what}\n"));
}

/// Prints a table, under a line of words.
pub(crate) fn table(caption: &str, table: &Table) {
    let caption = if caption.is_empty() { String::new() } else { format!("{caption}\n\n") };
    print(&format!("{caption}{}", table.markdown()));
}

#[expect(clippy::print_stdout, reason = "this is what the benchmark is for")]
pub(crate) fn print(text: &str) {
    println!("{text}");
}

/// Tells who waits for the report how far it is.
#[expect(clippy::print_stderr, reason = "the standard output is the report")]
pub(crate) fn progress(text: &str) {
    eprintln!("bench: {text}");
}

/// The middle of several rounds.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// A latency in milliseconds.
pub(crate) fn millis(value: f64) -> String {
    match value {
        missing if missing.is_nan() => "none".into(),
        long if long >= 100.0 => format!("{long:.0}"),
        middling if middling >= 10.0 => format!("{middling:.1}"),
        short => format!("{short:.2}"),
    }
}

/// A number of things, in groups of three digits.
pub(crate) fn count(value: f64) -> String {
    let digits = format!("{value:.0}");
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join(",")
}

/// Each round's figure.
pub(crate) fn each(values: &[f64], shown: impl Fn(f64) -> String) -> String {
    values.iter().map(|value| shown(*value)).collect::<Vec<_>>().join(" ")
}
