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
    let platform = variable("EINLASS_URL").zip(variable("ADMIN_TOKEN"));
    let words = match platform.filter(|_| openapi.is_empty()) {
        Some((url, token)) => block_on(ask(&url, &token, method, path))?,
        None => judge(openapi, method, path)?,
    };
    output::print(&words)
}

fn judge(openapi: &[PathBuf], method: &str, path: &str) -> Result<String, Failure> {
    let policy = Documents::read(openapi)?.compile()?;
    in_words(&policy, method, path).map_err(|fault| Failure::Usage(format!("{path}: {fault}")))
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
        Failure::Unavailable(format!("the platform at EINLASS_URL does not answer: {}", fault.without_url()))
    })?;
    let status = response.status();
    let words = response.text().await.map_err(failed)?;
    match status.as_u16() {
        200 => Ok(words),
        401 => Err(Failure::Credentials("ADMIN_TOKEN is not accepted".into())),
        _ => Err(Failure::Usage(words)),
    }
}

fn failed(fault: reqwest::Error) -> Failure {
    Failure::Failed(fault.without_url().to_string())
}
