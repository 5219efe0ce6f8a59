//! `einlass status`: how the node that answers is, and how much there is on the platform.

use super::api::Api;
use super::printer::{Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use serde_json::{Map, Value, json};

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass status
  einlass status --format json | jq .node.changes_behind";

const COLUMNS: &[Column] =
    &[Column::text("OF", "of"), Column::text("WHAT", "what"), Column::text("NOW", "now")];

/// What to print.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// As a table, or as the API answers.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) async fn run(Options { format }: Options) -> Result<(), Failure> {
    let status = Api::from_env()?.get(&["status"]).await?;
    if format == Format::Json {
        return show(format, COLUMNS, status);
    }
    Printer::new(format, COLUMNS).print(&lines(&status)).map(drop)
}

/// A line for each number.
fn lines(status: &Value) -> Vec<Value> {
    let none = Map::new();
    let mut lines = Vec::new();
    for (of, part) in status.as_object().unwrap_or(&none) {
        for (what, now) in part.as_object().unwrap_or(&none) {
            match now.as_object() {
                None => lines.push(line(of, what, now)),
                Some(each) => {
                    lines.extend(each.iter().map(|(kind, now)| line(of, &format!("{what} {kind}"), now)));
                }
            }
        }
    }
    lines
}

fn line(of: &str, what: &str, now: &Value) -> Value {
    let now = now.as_str().map_or_else(|| now.to_string(), str::to_owned);
    json!({ "of": of, "what": what.replace('_', " "), "now": now })
}
