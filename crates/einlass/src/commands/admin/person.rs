//! `einlass person`: who can sign in, and signing them out.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use serde_json::{Value, json};

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass person list --search anna
  einlass person show anna@bikes.example
  einlass person revoke anna@bikes.example";

const COLUMNS: &[Column] =
    &[Column::text("ID", "id"), Column::text("EMAIL", "email"), Column::text("NAME", "name")];

const DETAILS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("EMAIL", "email"),
    Column::text("NAME", "name"),
    Column::number("SESSIONS", "sessions"),
    Column::text("ORGANISATION", "organisation"),
    Column::text("ROLE", "role"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print everybody, by address.
    List {
        /// In whose address or name this is.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        pages: Pages,
    },
    /// Print who somebody is, and where they belong: a line for each organisation.
    Show {
        /// Their id or address.
        person: String,
    },
    /// Sign somebody out everywhere: end all sessions and all that apps may do for them, at once.
    Revoke {
        /// Their id or address.
        person: String,
    },
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { search, pages } => {
            let query: Vec<_> = search.map(|search| ("search", search)).into_iter().collect();
            pages.print(&api, &["people"], &query, Printer::new(format, COLUMNS)).await
        }
        Verb::Show { person } => {
            let found = api.get(&["people", &person]).await?;
            if format == Format::Json {
                return show(format, DETAILS, found);
            }
            Printer::new(format, DETAILS).print(&lines(&found)).map(drop)
        }
        Verb::Revoke { person } => {
            api.revoke("person", &person).await?;
            output::remark(&format!(
                "{person} is signed out everywhere, and no app acts for them. Password and memberships stay."
            ));
            Ok(())
        }
    }
}

/// One for each organisation; one alone for whoever belongs to none.
fn lines(person: &Value) -> Vec<Value> {
    let line = |organisation: &Value| {
        let mut line = person.clone();
        line["organisation"] = organisation["name"].clone();
        line["role"] = organisation["role"].clone();
        line
    };
    match person["organisations"].as_array() {
        Some(organisations) if !organisations.is_empty() => organisations.iter().map(line).collect(),
        _ => vec![line(&json!({ "name": "", "role": "" }))],
    }
}
