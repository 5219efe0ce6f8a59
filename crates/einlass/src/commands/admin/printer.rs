//! What the commands print: a table for people, or the API's objects, each on a line of its own, for programs.

use super::table::{Column, Table, printable};
use crate::failure::Failure;
use crate::output;
use clap::ValueEnum;
use serde_json::Value;

/// How to print.
#[derive(Clone, Copy, Default, Eq, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// Aligned columns.
    #[default]
    Table,
    /// The API's objects as they came, each on a line of its own.
    Json,
}

/// Whether somebody still reads what is printed.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Reader {
    Listens,
    Left,
}

/// Prints objects of one kind, page by page.
pub(super) struct Printer {
    format: Format,
    table: Table,
}

impl Printer {
    pub(super) fn new(format: Format, columns: &'static [Column]) -> Self {
        Self { format, table: Table::new(columns) }
    }

    /// Prints these, below what was printed before.
    pub(super) fn print(&mut self, objects: &[Value]) -> Result<Reader, Failure> {
        let text = match self.format {
            Format::Table => self.table.rows(objects),
            Format::Json => objects.iter().map(|object| format!("{object}\n")).collect::<Vec<_>>().concat(),
        };
        let listens = output::write_while_read(text.as_bytes())?;
        Ok(if listens { Reader::Listens } else { Reader::Left })
    }
}

/// Prints one object.
pub(super) fn show(format: Format, columns: &'static [Column], object: Value) -> Result<(), Failure> {
    Printer::new(format, columns).print(&[object]).map(drop)
}

/// Prints everything in an answer that has no pages.
pub(super) fn show_all(format: Format, columns: &'static [Column], answer: &Value) -> Result<(), Failure> {
    Printer::new(format, columns).print(items(answer)).map(drop)
}

/// The objects in an answer.
pub(super) fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().map_or(&[], Vec::as_slice)
}

/// Something new that has a secret.
pub(super) struct Created<'a> {
    /// What the API answered, secret and all.
    pub(super) answer: &'a Value,
    /// The new thing in it.
    pub(super) object: &'a Value,
    /// What a program needs to use it, as the environment names it. The secret comes last.
    pub(super) variables: &'a [(&'static str, &'a Value)],
}

impl Created<'_> {
    /// Prints it, each variable as a line that a shell can read.
    pub(super) fn show(&self, format: Format, columns: &'static [Column]) -> Result<(), Failure> {
        let text = match format {
            Format::Json => format!("{}\n", self.answer),
            Format::Table => {
                let row = Table::new(columns).rows(std::slice::from_ref(self.object));
                let lines = self.variables.iter().map(|(name, value)| {
                    format!("{name}={}\n", printable(value.as_str().unwrap_or_default()))
                });
                format!("{row}\n{}", lines.collect::<Vec<_>>().concat())
            }
        };
        output::print(&text)?;
        output::remark("The secret is shown this once and is nowhere else: keep it now.");
        Ok(())
    }
}
