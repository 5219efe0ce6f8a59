//! Objects as a table: aligned columns, a header in capitals, nothing else.

pub(super) use crate::output::printable;

use jiff::Timestamp;
use serde_json::Value;
use std::fmt::Write as _;

/// One column: what is above it, and which member of each object is in it.
#[derive(Clone, Copy)]
pub(super) struct Column {
    head: &'static str,
    member: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Text,
    Number,
    Time,
    /// A time that something ends at. Without one it does not.
    End,
}

impl Column {
    /// A text as it is.
    pub(super) const fn text(head: &'static str, member: &'static str) -> Self {
        Self { head, member, kind: Kind::Text }
    }

    /// A number, aligned to the right.
    pub(super) const fn number(head: &'static str, member: &'static str) -> Self {
        Self { head, member, kind: Kind::Number }
    }

    /// A point in time, to the second, in UTC.
    pub(super) const fn time(head: &'static str, member: &'static str) -> Self {
        Self { head, member, kind: Kind::Time }
    }

    /// When something ends; `never` where it does not.
    pub(super) const fn end(head: &'static str, member: &'static str) -> Self {
        Self { head, member, kind: Kind::End }
    }

    fn cell(self, object: &Value) -> String {
        match (&object[self.member], self.kind) {
            (Value::Null, Kind::End) => "never".into(),
            (Value::Null, _) => "-".into(),
            (Value::String(text), _) if text.is_empty() => "-".into(),
            (Value::String(text), Kind::Time | Kind::End) => to_the_second(text),
            (Value::String(text), _) => printable(text),
            (other, _) => printable(&other.to_string()),
        }
    }
}

/// A table that is written page by page. A column never gets narrower, so that rows of later pages stay in line
/// unless they must not.
pub(super) struct Table {
    columns: &'static [Column],
    widths: Vec<usize>,
    has_header: bool,
}

impl Table {
    pub(super) fn new(columns: &'static [Column]) -> Self {
        let widths = columns.iter().map(|column| column.head.len()).collect();
        Self { columns, widths, has_header: false }
    }

    /// These objects as rows; below the header if they are the first.
    pub(super) fn rows(&mut self, objects: &[Value]) -> String {
        let cells = |object| self.columns.iter().map(|column| column.cell(object)).collect::<Vec<_>>();
        let rows: Vec<_> = objects.iter().map(cells).collect();
        for row in &rows {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        if !self.has_header {
            self.has_header = true;
            self.line(&mut text, self.columns.iter().map(|column| column.head));
        }
        for row in &rows {
            self.line(&mut text, row.iter().map(String::as_str));
        }
        text
    }

    fn line<'a>(&self, text: &mut String, cells: impl Iterator<Item = &'a str>) {
        let start = text.len();
        for ((cell, width), column) in cells.zip(&self.widths).zip(self.columns) {
            // Writing to a string does not fail.
            let _ = match column.kind {
                Kind::Number => write!(text, "{cell:>width$}  "),
                _ => write!(text, "{cell:<width$}  "),
            };
        }
        text.truncate(start + text[start..].trim_end().len());
        text.push('\n');
    }
}

fn to_the_second(text: &str) -> String {
    let time = text.parse::<Timestamp>().and_then(|time| Timestamp::from_second(time.as_second()));
    time.map_or_else(|_| printable(text), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const COLUMNS: &[Column] = &[
        Column::text("NAME", "name"),
        Column::number("CALLS", "calls"),
        Column::time("USED", "used_at"),
        Column::end("EXPIRES", "expires_at"),
    ];

    #[test]
    fn columns_are_aligned_and_what_is_not_there_is_said() {
        let rows = [
            json!({"name": "a", "calls": 7, "used_at": null, "expires_at": null}),
            json!({"name": "longer", "calls": 123_456, "used_at": "2026-01-02T03:04:05.678+01:00",
                   "expires_at": "2027-01-01T00:00:00Z"}),
            json!({"name": ""}),
        ];
        let expected = "\
NAME     CALLS  USED                  EXPIRES
a            7  -                     never
longer  123456  2026-01-02T02:04:05Z  2027-01-01T00:00:00Z
-            -  -                     never
";
        assert_eq!(Table::new(COLUMNS).rows(&rows), expected);
    }

    #[test]
    fn later_pages_have_no_header_and_keep_their_columns() {
        let mut table = Table::new(&COLUMNS[..2]);
        assert_eq!(table.rows(&[json!({"name": "longer", "calls": 1})]), "NAME    CALLS\nlonger      1\n");
        assert_eq!(table.rows(&[json!({"name": "a", "calls": 2})]), "a           2\n");
        assert_eq!(Table::new(&COLUMNS[..2]).rows(&[]), "NAME  CALLS\n");
    }

    #[test]
    fn what_others_wrote_does_not_move_the_cursor() {
        let text = Table::new(&COLUMNS[..1]).rows(&[json!({"name": "a\u{1b}[2J\u{9b}\nb"})]);
        assert_eq!(text, "NAME\na\u{fffd}[2J\u{fffd}\u{fffd}b\n");
    }
}
