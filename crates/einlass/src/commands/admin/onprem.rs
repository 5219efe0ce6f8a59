//! `einlass onprem`: apps at ERPs on merchants' own premises, for whoever has no browser at hand.

use super::api::Api;
use super::pages::Pages;
use super::printer::{Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use einlass_protocol::scope::ScopeSet;
use http::Method;
use serde_json::{Map, json};
use std::fs;
use std::path::PathBuf;

pub(super) const EXAMPLES: &str = "\
Examples:
  einlass onprem create eazybusiness --org 1f0c2f3e-5b6a-4d0c-9f0e-3b1f5a7d9c11
  einlass onprem open
  einlass onprem list
  einlass onprem approve 0190f3c2-7a5e-7c1b-9a40-5d2f8e6b1c11

An app can register only while somebody waits for it: `open` waits for ten minutes, and returns at once.";

const SITES: &[Column] = &[
    Column::text("DATABASE", "database"),
    Column::text("NAME", "name"),
    Column::text("ORGANISATION", "organisation"),
    Column::end("WAITING UNTIL", "waiting_until"),
];
const KEYS: &[Column] = &[Column::text("APP", "app_id"), Column::text("PUBLIC KEY", "public_key")];
const REGISTRATIONS: &[Column] = &[
    Column::text("ID", "id"),
    Column::text("APP", "app_id"),
    Column::text("NAME", "name"),
    Column::text("STATE", "state"),
    Column::text("MANDATORY", "mandatory"),
    Column::text("OPTIONAL", "optional"),
    Column::text("GRANTED", "granted"),
    Column::time("SINCE", "created_at"),
];

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Print the ERPs.
    Sites(Pages),
    /// Print one.
    Site(Database),
    /// Record one.
    Create {
        #[command(flatten)]
        database: Database,
        /// The id of the merchant whose it is.
        #[arg(long)]
        org: String,
        /// What people call it.
        #[arg(long)]
        name: Option<String>,
    },
    /// Say whether a merchant has a licence for apps: without one its ERP takes none.
    Licence {
        /// `on` or `off`.
        #[arg(value_parser = ["on", "off"])]
        licence: String,
        #[command(flatten)]
        database: Database,
    },
    /// Print the apps whose public keys are recorded.
    Keys(Pages),
    /// Record an app's public key: its signatures are checked from then on.
    SetKey {
        /// The app, as it registers: parcels/v1.
        app: String,
        /// A PEM file with the public key.
        file: PathBuf,
    },
    /// Forget an app's public key.
    DropKey {
        /// The app, as it registers: parcels/v1.
        app: String,
    },
    /// Wait for an app to register, for ten minutes from now.
    Open(Database),
    /// Wait no more.
    Close(Database),
    /// Print the apps that ask, and those that are or were there, the newest first.
    List {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        pages: Pages,
    },
    /// Print one.
    Show {
        /// The registration's id.
        id: String,
    },
    /// Let an app in.
    Approve {
        /// The registration's id.
        id: String,
        /// Which of the scopes that it would like it is to have, separated by spaces; all of them unless said here.
        #[arg(long, value_name = "SCOPES")]
        optional: Option<ScopeSet>,
    },
    /// Turn an app away.
    Reject {
        /// The registration's id.
        id: String,
    },
    /// Let an app that lost its key read another, once; the one so far stops working.
    HandOut {
        /// The registration's id.
        id: String,
    },
    /// End what an app may do there.
    Revoke {
        /// The registration's id.
        id: String,
    },
}

/// Which ERP.
#[derive(clap::Args)]
pub(crate) struct Database {
    /// What it is called behind /api.
    #[arg(default_value = "eazybusiness")]
    database: String,
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::Sites(pages) => pages.print(&api, &["sites"], &[], Printer::new(format, SITES)).await,
        Verb::Site(Database { database }) => show(format, SITES, api.get(&["sites", &database]).await?),
        Verb::Create { database: Database { database }, org, name } => {
            let mut new =
                Map::from_iter([("database".into(), json!(database)), ("organisation".into(), json!(org))]);
            new.extend(name.map(|name| ("name".to_owned(), json!(name))));
            show(format, SITES, api.create(&["sites"], new.into()).await?)
        }
        Verb::Licence { licence, database: Database { database } } => {
            let change = json!({ "licensed": licence == "on" });
            show(format, SITES, api.change(Method::PATCH, &["sites", &database], change).await?)
        }
        Verb::Keys(pages) => pages.print(&api, &["app-keys"], &[], Printer::new(format, KEYS)).await,
        Verb::SetKey { app, file } => {
            let text = fs::read_to_string(&file);
            let text = text.map_err(|fault| Failure::Failed(format!("{}: {fault}", file.display())))?;
            let new = json!({ "public_key": text });
            show(format, KEYS, api.change(Method::PUT, &["app-keys", &app], new).await?)
        }
        Verb::DropKey { app } => {
            api.delete(&["app-keys", &app]).await?;
            output::remark(&format!("Signatures of {app} are not checked any more."));
            Ok(())
        }
        Verb::Open(Database { database }) => {
            show(format, SITES, api.create(&["sites", &database, "wait"], json!({})).await?)
        }
        Verb::Close(Database { database }) => {
            api.delete(&["sites", &database, "wait"]).await?;
            output::remark(&format!("Nobody waits at {database} any more."));
            Ok(())
        }
        Verb::List { database: Database { database }, pages } => {
            let path = ["sites", &database, "registrations"];
            pages.print(&api, &path, &[], Printer::new(format, REGISTRATIONS)).await
        }
        Verb::Show { id } => show(format, REGISTRATIONS, api.get(&["registrations", &id]).await?),
        Verb::Approve { id, optional } => {
            let decision =
                optional.map_or_else(|| json!({}), |scopes| json!({ "optional": scopes.to_string() }));
            show(format, REGISTRATIONS, api.create(&["registrations", &id, "accept"], decision).await?)
        }
        Verb::Reject { id } => {
            show(format, REGISTRATIONS, api.create(&["registrations", &id, "reject"], json!({})).await?)
        }
        Verb::HandOut { id } => {
            let handed_out = api.create(&["registrations", &id, "hand-out"], json!({})).await?;
            output::remark("The app can read a key once more, within a day. The one so far stopped working.");
            show(format, REGISTRATIONS, handed_out)
        }
        Verb::Revoke { id } => {
            api.delete(&["registrations", &id]).await?;
            output::remark(&format!("{id} opens nothing any more."));
            Ok(())
        }
    }
}
