//! `einlass policy explain`: what the gateway would make of a call.

use crate::commands::{block_on, variable};
use crate::documents::Documents;
use crate::failure::Failure;
use crate::output;
use einlass_client::transport::BaseUrl;
use einlass_server::admin::policy::in_words;
use reqwest::redirect;
use std::path::PathBuf;

/// Which call, and by what to judge it.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// GET, POST, …
    method: String,
    /// The path, as /erp/v2/info.
    path: String,
    /// An OpenAPI document, JSON or YAML; several may be given.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    openapi: Vec<PathBuf>,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let Options { method, path, openapi } = options;
    let platform = variable("EINLASS_URL").filter(|_| openapi.is_empty());
    let words = match (platform, variable("ADMIN_TOKEN")) {
        (None, _) => judge(openapi, method, path)?,
        (Some(url), Some(token)) => block_on(ask(&url, &token, method, path))?,
        (Some(_), None) => {
            let message =
                "ADMIN_TOKEN is needed to ask the platform at EINLASS_URL; or name documents with --openapi";
            return Err(Failure::Credentials(message.into()));
        }
    };
    output::print(&words)
}

fn judge(openapi: &[PathBuf], method: &str, path: &str) -> Result<String, Failure> {
    let policy = Documents::read(openapi)?.compile()?;
    in_words("/erp", &policy, method, path).map_err(|fault| Failure::Usage(format!("{path}: {fault}")))
}

async fn ask(url: &str, token: &str, method: &str, path: &str) -> Result<String, Failure> {
    let base: BaseUrl = url.parse().map_err(|fault| Failure::Usage(format!("EINLASS_URL: {fault}")))?;
    let builder = reqwest::Client::builder().redirect(redirect::Policy::none());
    // A plain URL is a loopback one: a proxy would carry the token off.
    let builder = if url.starts_with("http:") { builder.no_proxy() } else { builder };
    let client = builder.build().map_err(failed)?;
    let url = format!("{}/admin/api/policy/explain", base.to_string().trim_end_matches('/'));
    let url = reqwest::Url::parse_with_params(&url, [("method", method), ("path", path)])
        .map_err(|fault| Failure::Usage(fault.to_string()))?;
    let response = client.get(url).bearer_auth(token).send().await;
    let response = response.map_err(|fault| {
        let why = if fault.is_connect() { "nobody listens there" } else { "it broke off or took too long" };
        Failure::Unavailable(format!("the platform at {base} does not answer: {why}"))
    })?;
    let status = response.status();
    let words = response.text().await.map_err(failed)?;
    match status.as_u16() {
        200 => Ok(words),
        401 => Err(Failure::Credentials("ADMIN_TOKEN is not accepted".into())),
        _ => Err(Failure::Usage(message_in(&words))),
    }
}

/// The administration's `message`, or the body as it is.
fn message_in(body: &str) -> String {
    let parsed: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    parsed["message"].as_str().unwrap_or(body).to_owned()
}

fn failed(fault: reqwest::Error) -> Failure {
    Failure::Failed(fault.without_url().to_string())
}
