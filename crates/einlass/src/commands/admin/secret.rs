//! `einlass secret`: the secrets of a client.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Created, Format, Printer};
use super::table::Column;
use crate::failure::Failure;
use crate::{duration, output};
use clap::Subcommand;
use serde_json::{Value, json};
use std::time::Duration;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass secret create \"$CLIENT_ID\" 2027 --expires-in 365d | tail -n 3 > app.env
  einlass secret revoke \"$SECRET_ID\"

A secret is revoked by its id, which `list` shows, never by itself. LAST USED is the minute in which it last got a
token, written down every ten seconds.";

const COLUMNS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("NAME", "name"),
    Column::time("CREATED", "created_at"),
    Column::end("EXPIRES", "expires_at"),
    Column::time("LAST USED", "last_used_at"),
    Column::time("REVOKED", "revoked_at"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print what is known of a client's secrets.
    List {
        /// The client's id.
        client: String,
        #[command(flatten)]
        pages: Pages,
    },
    /// Give a client one more beside those that work, and print it.
    Create {
        /// The client's id.
        client: String,
        /// What people call it.
        name: String,
        /// When it ends, from now (90d, 12h); without, it does not.
        #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
        expires_in: Option<Duration>,
    },
    /// End one and deny the tokens that it got, at once. Other secrets go on.
    Revoke {
        /// The secret's id.
        secret_id: String,
    },
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { client, pages } => {
            pages.print(&api, &["clients", &client, "secrets"], &[], Printer::new(format, COLUMNS)).await
        }
        Verb::Create { client, name, expires_in } => {
            let body = json!({ "name": name, "expires_in": expires_in.map(|span| span.as_secs()) });
            show_created(format, &api.create(&["clients", &client, "secrets"], body).await?)
        }
        Verb::Revoke { secret_id } => {
            api.revoke("secret", &secret_id).await?;
            output::remark(&format!("Secret {secret_id} has ended and the tokens that it got are denied."));
            Ok(())
        }
    }
}

fn show_created(format: Format, answer: &Value) -> Result<(), Failure> {
    let secret = &answer["secret"];
    let variables = &[
        ("CLIENT_ID", &secret["client"]),
        ("SECRET_ID", &secret["id"]),
        ("CLIENT_SECRET", &answer["client_secret"]),
    ];
    Created { answer, object: secret, variables }.show(format, COLUMNS)
}
