//! `einlass policy explain`: what the gateway would make of a call.

use crate::commands::admin::api::Api;
use crate::commands::admin::connection;
use crate::commands::{block_on, variable};
use crate::documents::Documents;
use crate::failure::Failure;
use crate::output;
use einlass_server::admin::policy::{below, in_words};
use std::path::PathBuf;

/// Where the API of `einlass dev` is.
const PREFIX: &str = "/erp";

/// Which call, and by what to judge it.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// GET, POST, …
    method: String,
    /// The path as callers send it: /erp/v2/info. With --openapi also as the document writes it: /v2/info.
    path: String,
    /// An OpenAPI document, JSON or YAML; several may be given.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    openapi: Vec<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let Options { method, path, openapi } = options;
    let platform = if openapi.is_empty() { connection::url(variable)? } else { None };
    let words = match platform {
        None => judge(openapi, method, path)?,
        Some(_) => block_on(ask(method, path))?,
    };
    output::print(&words)
}

fn judge(openapi: &[PathBuf], method: &str, path: &str) -> Result<String, Failure> {
    let policy = Documents::read(openapi)?.compile()?;
    let own = match below(PREFIX, path) {
        Some(own) => own,
        // Documents alone do not say where their API is.
        None if !openapi.is_empty() => path,
        None => return Err(Failure::Usage(format!("{path}: the demonstration's paths begin with {PREFIX}"))),
    };
    in_words(&policy, method, own).map_err(|fault| Failure::Usage(format!("{path}: {fault}")))
}

async fn ask(method: &str, path: &str) -> Result<String, Failure> {
    let call = [("method", method.to_owned()), ("path", path.to_owned())];
    Api::from_env()?.text(&["policy", "explain"], &call).await
}
