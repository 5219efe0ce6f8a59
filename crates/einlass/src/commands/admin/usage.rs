//! `einlass usage`: how many tokens were issued and calls made.

use super::api::Api;
use super::moment::Window;
use super::printer::{Format, show_all};
use super::table::Column;
use crate::failure::Failure;
use clap::ValueEnum;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass usage --since 24h
  einlass usage --by secret --app parcel-tracker --since 30d
  einlass usage --by scope --tenant annas-bikes
  einlass usage --by day --app parcel-tracker";

/// Sums over the time asked for.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A row for each of what.
    #[arg(long, value_enum, default_value_t)]
    by: By,
    /// Of this app alone: its id or technical name.
    #[arg(long)]
    app: Option<String>,
    /// At this tenant alone: its id or slug.
    #[arg(long)]
    tenant: Option<String>,
    #[command(flatten)]
    window: Window,
    /// What to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum By {
    #[default]
    App,
    Tenant,
    Scope,
    Secret,
    Day,
}

impl By {
    fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Tenant => "tenant",
            Self::Scope => "scope",
            Self::Secret => "secret",
            Self::Day => "day",
        }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::App => &const { columns("APP") },
            Self::Tenant => &const { columns("TENANT") },
            Self::Scope => &const { columns("SCOPE") },
            Self::Secret => &const { columns("SECRET") },
            Self::Day => DAYS,
        }
    }
}

/// When in a day something was used last nobody knows.
const DAYS: &[Column] = &[
    Column::text("DAY", "key"),
    Column::number("TOKENS", "tokens"),
    Column::number("CALLS", "calls"),
    Column::number("ERRORS", "errors"),
];

const fn columns(key: &'static str) -> [Column; 5] {
    [
        Column::text(key, "key"),
        Column::number("TOKENS", "tokens"),
        Column::number("CALLS", "calls"),
        Column::number("ERRORS", "errors"),
        Column::time("LAST", "last_at"),
    ]
}

pub(super) async fn run(options: Options) -> Result<(), Failure> {
    let Options { by, app, tenant, window, format } = options;
    let asked = [("by", Some(by.name().to_owned())), ("app", app), ("tenant", tenant)];
    let asked = asked.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let query: Vec<_> = asked.chain(window.query()).collect();
    show_all(format, by.columns(), &Api::from_env()?.find(&["usage"], &query).await?)
}
