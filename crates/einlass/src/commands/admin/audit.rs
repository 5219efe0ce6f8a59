//! `einlass audit`: what was changed or refused, and by whom.

use super::api::Api;
use super::moment::Window;
use super::pages::Pages;
use super::printer::{Format, Printer};
use super::table::Column;
use crate::failure::Failure;
use clap::ValueEnum;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass audit --since 1h
  einlass audit --outcome refused --since 7d --limit 50
  einlass audit --since 2026-01-01T00:00:00Z --until 2026-02-01T00:00:00Z --format json";

const COLUMNS: &[Column] = &[
    Column::time("TIME", "at"),
    Column::text("ACTOR", "actor"),
    Column::text("ACTION", "action"),
    Column::text("SUBJECT", "subject"),
    Column::text("OUTCOME", "outcome"),
    Column::text("ADDRESS", "address"),
    Column::text("REQUEST", "request_id"),
    Column::text("DETAIL", "detail"),
];

/// The newest first.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// By this one alone, as the ACTOR column has it.
    #[arg(long)]
    actor: Option<String>,
    /// This kind of change alone, as the ACTION column has it.
    #[arg(long)]
    action: Option<String>,
    /// To this alone, as the SUBJECT column has it.
    #[arg(long)]
    subject: Option<String>,
    /// Only what was done, or only what was refused.
    #[arg(long, value_enum)]
    outcome: Option<Outcome>,
    #[command(flatten)]
    window: Window,
    #[command(flatten)]
    pages: Pages,
    /// What to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Outcome {
    Done,
    Refused,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

pub(super) async fn run(options: Options) -> Result<(), Failure> {
    let Options { actor, action, subject, outcome, window, pages, format } = options;
    let outcome = outcome.map(|outcome| outcome.name().to_owned());
    let asked = [("actor", actor), ("action", action), ("subject", subject), ("outcome", outcome)];
    let asked = asked.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let query: Vec<_> = asked.chain(window.query()).collect();
    pages.print(&Api::from_env()?, &["audit"], &query, Printer::new(format, COLUMNS)).await
}
