//! `einlass admin-token`: what opens the administration.

mod claim;
mod recover;

use super::api::Api;
use super::pages::Pages;
use super::printer::{Created, Format, Printer};
use super::table::Column;
use crate::failure::Failure;
use crate::{duration, output};
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass admin-token claim | tail -n 1 > admin.env
  einlass admin-token create monitoring --access read --expires-in 365d
  einlass admin-token revoke monitoring";

const COLUMNS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("NAME", "name"),
    Column::text("ACCESS", "access"),
    Column::time("CREATED", "created_at"),
    Column::end("EXPIRES", "expires_at"),
    Column::time("REVOKED", "revoked_at"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print what is known of the admin tokens.
    List(Pages),
    /// Make one, and print it.
    Create {
        /// What people call it.
        name: String,
        /// What it opens.
        #[arg(long, value_enum, default_value_t)]
        access: Access,
        /// When it ends, from now (90d, 12h); without, in 90 days.
        #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
        expires_in: Option<Duration>,
    },
    /// End one, at once.
    Revoke {
        /// Its name or its id.
        name_or_id: String,
    },
    /// Trade the one-time link of a platform's first start for the first admin token, and print it.
    ///
    /// The link, or the code behind its `#`, is read from standard input. The platform is the one that
    /// `EINLASS_ADMIN_URL` or `EINLASS_URL` names, else the link's.
    Claim {
        /// What to call the token.
        #[arg(long, default_value = "first")]
        name: String,
    },
    /// Make one on the platform's database itself, and print it: when all others are lost.
    ///
    /// For whoever has the configuration and may write to the database. Nodes may run; they know the token at once.
    Recover {
        /// The configuration of the platform.
        #[arg(long, value_name = "FILE", default_value = "einlass.toml")]
        config: PathBuf,
        /// What to call the token.
        #[arg(long, default_value = "recovered")]
        name: String,
    },
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub(crate) enum Access {
    /// Everything that changes nothing.
    Read,
    /// Everything.
    #[default]
    Full,
}

impl Access {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Full => "full",
        }
    }
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    match verb {
        Verb::List(pages) => {
            let printer = Printer::new(format, COLUMNS);
            pages.print(&Api::from_env()?, &["admin-tokens"], &[], printer).await
        }
        Verb::Create { name, access, expires_in } => {
            let expires_in = expires_in.map(|span| span.as_secs());
            let body = json!({ "name": name, "access": access.name(), "expires_in": expires_in });
            show_created(format, &Api::from_env()?.create(&["admin-tokens"], body).await?)
        }
        Verb::Revoke { name_or_id } => {
            Api::from_env()?.delete(&["admin-tokens", &name_or_id]).await?;
            output::remark(&format!("Admin token {name_or_id} opens nothing any more."));
            Ok(())
        }
        Verb::Recover { config, name } => recover::run(&config, &name).await,
        Verb::Claim { name } => show_created(format, &claim::run(&name).await?),
    }
}

fn show_created(format: Format, answer: &Value) -> Result<(), Failure> {
    let variables = &[("EINLASS_ADMIN_TOKEN", &answer["token"])];
    Created { answer, object: &answer["admin_token"], variables }.show(format, COLUMNS)
}
