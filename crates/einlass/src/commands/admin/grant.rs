//! `einlass grant`: what people let apps' clients do for them.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Format, Printer};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass grant list --person anna@bikes.example
  einlass grant list --client 3f2b8c1e-9d47-4a6b-8e21-7c5d0f9a1b34 --format json
  einlass grant end 01a21098-641d-73be-a2a4-7af7b9f7d6ce";

const COLUMNS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("PERSON", "person"),
    Column::text("APP", "app_name"),
    Column::text("CLIENT", "client"),
    Column::time("GRANTED", "granted_at"),
    Column::time("USED", "last_used_at"),
    Column::text("SCOPES", "scopes"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print what goes on, the newest first.
    List {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        pages: Pages,
    },
    /// End one at once, and deny the tokens that came of it.
    End {
        /// Its id.
        grant: String,
    },
}

/// Whose grants.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Of {
    /// Of this person: the id or the address.
    #[arg(long)]
    person: Option<String>,
    /// To this client.
    #[arg(long)]
    client: Option<String>,
}

impl Of {
    fn path(&self) -> [&str; 3] {
        match (&self.person, &self.client) {
            (Some(person), _) => ["people", person, "grants"],
            // The command line takes no less than one.
            (None, client) => ["clients", client.as_deref().unwrap_or_default(), "grants"],
        }
    }
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { of, pages } => pages.print(&api, &of.path(), &[], Printer::new(format, COLUMNS)).await,
        Verb::End { grant } => {
            api.delete(&["grants", &grant]).await?;
            output::remark(&format!("Grant {grant} has ended."));
            Ok(())
        }
    }
}
