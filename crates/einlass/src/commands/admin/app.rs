//! `einlass app`: apps.

use super::Algorithm;
use super::api::Api;
use super::pages::Pages;
use super::printer::{Created, Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::scope::ScopeSet;
use http::Method;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass app create parcel-tracker --title \"Parcel tracker\" --scopes \"returns.read items.read\"
  einlass app create parcel-tracker | tail -n 3 > parcel-tracker.env
  einlass app list --format json | jq -r .technical_name
  einlass app manifest parcel-tracker manifest.json && einlass app publish parcel-tracker";

const COLUMNS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("NAME", "technical_name"),
    Column::text("TITLE", "name"),
    Column::text("ORGANISATION", "organisation"),
    Column::text("SCOPES", "scopes"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the apps.
    List {
        /// In one of whose names this is.
        #[arg(long, value_name = "TEXT", conflicts_with = "state")]
        search: Option<String>,
        /// That are found by whom: those that are submitted wait for publication.
        #[arg(long, value_parser = ["development", "submitted", "published"])]
        state: Option<String>,
        #[command(flatten)]
        pages: Pages,
    },
    /// Print one.
    Show {
        /// Its id or technical name.
        app: String,
    },
    /// Register one with a client, and print the client's secret.
    Create(New),
    /// Change what one asks for. Tokens that are out and installations keep what they have.
    Change {
        /// Its id or technical name.
        app: String,
        /// Everything that it asks for from now on, separated by spaces.
        #[arg(long)]
        scopes: ScopeSet,
    },
    /// Print what one says of itself, or have it say what a file does.
    Manifest {
        /// Its id or technical name.
        app: String,
        /// A manifest of version 1; `-` is standard input.
        file: Option<PathBuf>,
    },
    /// Let every merchant find one in the hub.
    Publish {
        /// Its id or technical name.
        app: String,
    },
    /// Let nobody but its maker find one. Where it is installed it stays.
    Withdraw {
        /// Its id or technical name.
        app: String,
    },
    /// Shut one out: deny its tokens and end its secrets, at once.
    Revoke {
        /// Its id or technical name.
        app: String,
    },
    /// Let one in again that was shut out. It needs a new secret; its installations count as they did.
    Readmit {
        /// Its id or technical name.
        app: String,
    },
}

/// An app to be.
#[derive(clap::Args)]
pub(crate) struct New {
    /// Its technical name: lower-case letters, digits, hyphens.
    name: String,
    /// What people call it; else the technical name.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Whose it is; else the operator's.
    #[arg(long, value_name = "ID")]
    org: Option<OrganisationId>,
    /// What it asks for, separated by spaces.
    #[arg(long)]
    scopes: Option<ScopeSet>,
    /// How its tokens are signed; RS256 without.
    #[arg(long, value_enum)]
    algorithm: Option<Algorithm>,
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { search, state, pages } => {
            let asked = [("search", search), ("state", state)];
            let query: Vec<_> = asked.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            pages.print(&api, &["apps"], &query, Printer::new(format, COLUMNS)).await
        }
        Verb::Show { app } => show(format, COLUMNS, api.get(&["apps", &app]).await?),
        Verb::Create(new) => show_created(format, &create(&api, new).await?),
        Verb::Change { app, scopes } => {
            let change = json!({ "scopes": scopes });
            show(format, COLUMNS, api.change(Method::PATCH, &["apps", &app], change).await?)
        }
        Verb::Manifest { app, file } => manifest(&api, &app, file.as_deref()).await,
        Verb::Publish { app } => {
            api.act(&["apps", &app, "publish"]).await?;
            output::remark(&format!("App {app} is published: every merchant finds it in the hub."));
            Ok(())
        }
        Verb::Withdraw { app } => {
            api.act(&["apps", &app, "withdraw"]).await?;
            output::remark(&format!("App {app} is withdrawn: nobody but its maker finds it in the hub."));
            Ok(())
        }
        Verb::Revoke { app } => revoke(&api, &app).await,
        Verb::Readmit { app } => {
            api.act(&["apps", &app, "readmit"]).await?;
            output::remark(&format!("App {app} is let in again. It needs a new secret."));
            Ok(())
        }
    }
}

async fn create(api: &Api, new: New) -> Result<Value, Failure> {
    let New { name, title, org, scopes, algorithm } = new;
    let body = json!({
        "technical_name": name,
        "name": title,
        "organisation": org,
        "scopes": scopes,
        "algorithm": algorithm.map(Algorithm::name),
    });
    api.create(&["apps"], body).await
}

fn show_created(format: Format, answer: &Value) -> Result<(), Failure> {
    let variables = &[
        ("CLIENT_ID", &answer["client_id"]),
        ("SECRET_ID", &answer["secret_id"]),
        ("CLIENT_SECRET", &answer["client_secret"]),
    ];
    Created { answer, object: &answer["app"], variables }.show(format, COLUMNS)
}

/// Prints the manifest itself, so that what was printed can be given again.
async fn manifest(api: &Api, app: &str, file: Option<&Path>) -> Result<(), Failure> {
    let path = ["apps", app, "manifest"];
    let answer = match file {
        None => api.get(&path).await?,
        Some(file) => api.change(Method::PUT, &path, read(file)?).await?,
    };
    output::print(&format!("{:#}\n", answer["manifest"]))
}

fn read(file: &Path) -> Result<Value, Failure> {
    let from = || -> std::io::Result<String> {
        if file == Path::new("-") {
            std::io::read_to_string(std::io::stdin())
        } else {
            std::fs::read_to_string(file)
        }
    };
    let failed = |fault: String| Failure::Usage(format!("{}: {fault}", file.display()));
    let text = from().map_err(|fault| failed(fault.to_string()))?;
    serde_json::from_str(&text).map_err(|fault| failed(format!("no JSON: {fault}")))
}

async fn revoke(api: &Api, app: &str) -> Result<(), Failure> {
    let id = api.id_of(&["apps", app]).await?;
    api.revoke("app", &id).await?;
    output::remark(&format!("App {id} is shut out: its tokens are denied and its secrets have ended."));
    Ok(())
}
