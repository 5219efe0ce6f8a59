//! `einlass client`: the clients of an app.

use super::Algorithm;
use super::api::Api;
use super::pages::Pages;
use super::printer::{Created, Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use serde_json::{Value, json};

const COLUMNS: &[Column] =
    &[Column::text("ID", "id"), Column::text("APP", "app"), Column::text("ALGORITHM", "algorithm")];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the clients of an app.
    List {
        /// The app's id or technical name.
        app: String,
        #[command(flatten)]
        pages: Pages,
    },
    /// Print one.
    Show {
        /// Its id.
        client: String,
    },
    /// Give an app one more, and print its secret.
    Create {
        /// The app's id or technical name.
        app: String,
        /// How its tokens are signed; RS256 without.
        #[arg(long, value_enum)]
        algorithm: Option<Algorithm>,
    },
    /// Shut one out: deny its tokens and end its secrets, at once.
    Revoke {
        /// Its id.
        client: String,
    },
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { app, pages } => {
            pages.print(&api, &["apps", &app, "clients"], &[], Printer::new(format, COLUMNS)).await
        }
        Verb::Show { client } => show(format, COLUMNS, api.get(&["clients", &client]).await?),
        Verb::Create { app, algorithm } => {
            let body = json!({ "algorithm": algorithm.map(Algorithm::name) });
            show_created(format, &api.create(&["apps", &app, "clients"], body).await?)
        }
        Verb::Revoke { client } => revoke(&api, &client).await,
    }
}

fn show_created(format: Format, answer: &Value) -> Result<(), Failure> {
    let variables = &[
        ("CLIENT_ID", &answer["client"]["id"]),
        ("SECRET_ID", &answer["secret_id"]),
        ("CLIENT_SECRET", &answer["client_secret"]),
    ];
    Created { answer, object: &answer["client"], variables }.show(format, COLUMNS)
}

async fn revoke(api: &Api, client: &str) -> Result<(), Failure> {
    let id = api.id_of(&["clients", client]).await?;
    api.revoke("client", &id).await?;
    output::remark(&format!("Client {id} is shut out: its tokens are denied and its secrets have ended."));
    Ok(())
}
