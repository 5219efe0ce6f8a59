//! `einlass org`: organisations.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use clap::Subcommand;
use serde_json::json;

const COLUMNS: &[Column] =
    &[Column::text("ID", "id"), Column::text("NAME", "name"), Column::text("KIND", "kind")];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the organisations.
    List {
        /// In whose name this is.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        pages: Pages,
    },
    /// Print one.
    Show {
        /// Its id.
        id: String,
    },
    /// Register one.
    Create {
        /// What people call it.
        name: String,
        /// What it does here: merchants have tenants, partners have apps.
        #[arg(long, default_value = "both", value_parser = ["merchant", "partner", "both"])]
        kind: String,
    },
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { search, pages } => {
            let query: Vec<_> = search.map(|search| ("search", search)).into_iter().collect();
            pages.print(&api, &["organisations"], &query, Printer::new(format, COLUMNS)).await
        }
        Verb::Show { id } => show(format, COLUMNS, api.get(&["organisations", &id]).await?),
        Verb::Create { name, kind } => {
            let new = json!({ "name": name, "kind": kind });
            show(format, COLUMNS, api.create(&["organisations"], new).await?)
        }
    }
}
