//! `einlass client`: the clients of an app.

use super::Algorithm;
use super::api::Api;
use super::pages::Pages;
use super::printer::{Created, Format, Printer, show};
use super::table::Column;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use http::Method;
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
        /// One that can keep no secret: people sign in through it.
        #[arg(long)]
        public: bool,
        #[command(flatten)]
        uris: Uris,
    },
    /// Print where people who let one in come back to, or set it.
    RedirectUris {
        /// Its id.
        client: String,
        #[command(flatten)]
        uris: Uris,
    },
    /// Shut one out: deny its tokens and end its secrets, at once.
    Revoke {
        /// Its id.
        client: String,
    },
}

/// Where people come back to.
#[derive(clap::Args)]
pub(crate) struct Uris {
    /// With a code; several are possible. Of `http://127.0.0.1/…` the port may be any.
    #[arg(long = "redirect-uri", value_name = "URI")]
    login: Vec<String>,
    /// After they have signed out; several are possible.
    #[arg(long = "post-logout-uri", value_name = "URI")]
    logout: Vec<String>,
}

impl Uris {
    fn is_empty(&self) -> bool {
        self.login.is_empty() && self.logout.is_empty()
    }

    fn body(&self) -> Value {
        json!({ "redirect_uris": self.login, "post_logout_redirect_uris": self.logout })
    }
}

pub(super) async fn run(verb: Verb, format: Format) -> Result<(), Failure> {
    let api = Api::from_env()?;
    match verb {
        Verb::List { app, pages } => {
            pages.print(&api, &["apps", &app, "clients"], &[], Printer::new(format, COLUMNS)).await
        }
        Verb::Show { client } => show(format, COLUMNS, api.get(&["clients", &client]).await?),
        Verb::Create { app, algorithm, public, uris } => {
            let mut body = if public || !uris.is_empty() { uris.body() } else { json!({}) };
            body["algorithm"] = json!(algorithm.map(Algorithm::name));
            if public {
                body["public"] = json!(true);
            }
            show_created(format, &api.create(&["apps", &app, "clients"], body).await?)
        }
        Verb::RedirectUris { client, uris } => redirect_uris(&api, &client, &uris).await,
        Verb::Revoke { client } => revoke(&api, &client).await,
    }
}

fn show_created(format: Format, answer: &Value) -> Result<(), Failure> {
    let id = ("CLIENT_ID", &answer["client"]["id"]);
    let with_secret = [id, ("SECRET_ID", &answer["secret_id"]), ("CLIENT_SECRET", &answer["client_secret"])];
    let variables = if answer["client_secret"].is_string() { &with_secret[..] } else { &with_secret[..1] };
    Created { answer, object: &answer["client"], variables }.show(format, COLUMNS)
}

/// Prints them as they are, which is how they are given.
async fn redirect_uris(api: &Api, client: &str, uris: &Uris) -> Result<(), Failure> {
    let path = ["clients", client, "redirect-uris"];
    let answer = if uris.is_empty() {
        api.get(&path).await?
    } else {
        api.change(Method::PUT, &path, uris.body()).await?
    };
    output::print(&format!("{answer:#}\n"))
}

async fn revoke(api: &Api, client: &str) -> Result<(), Failure> {
    let id = api.id_of(&["clients", client]).await?;
    api.revoke("client", &id).await?;
    output::remark(&format!("Client {id} is shut out: its tokens are denied and its secrets have ended."));
    Ok(())
}
