//! `einlass dev`: a whole platform on this machine. The production routers and gateway, seeded; not a second
//! implementation.
//!
//! [`platform`] wires everything; the other files are its parts.

mod api;
mod app;
mod data_folder;
mod environment;
mod overview;
mod platform;
mod tour;

use crate::documents::Documents;
use crate::failure::Failure;
use crate::{log, output, signals};
use api::Api;
use data_folder::DataFolder;
use einlass_protocol::scope::ScopeSet;
use einlass_proxy::forward::Upstream;
use platform::DevPlatform;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Where and in front of what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where to listen; a loopback address with a port. Port 0 picks a free port once and keeps it.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8480", value_parser = address)]
    listen: SocketAddr,
    /// Where to keep everything. Deleting the folder is a fresh start.
    #[arg(long, value_name = "FOLDER", default_value = ".einlass")]
    data: PathBuf,
    /// Put this API behind /erp instead of the demonstration ERP.
    #[arg(long, value_name = "URL", requires = "openapi")]
    upstream: Option<Upstream>,
    /// The OpenAPI documents that describe it, JSON or YAML.
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "upstream")]
    openapi: Vec<PathBuf>,
    /// What the demonstration app asks for and is granted, separated by spaces; with --openapi everything that the
    /// documents name, unless said here.
    #[arg(long, value_name = "SCOPES")]
    scopes: Option<ScopeSet>,
    /// How long an access token is valid, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    access_token_lifetime: u64,
    /// Play the whole story as a client against a platform of its own, then end.
    #[arg(long, conflicts_with_all = ["listen", "data", "upstream", "openapi", "scopes", "access_token_lifetime"])]
    tour: bool,
}

pub(crate) fn run(options: Options) -> Result<(), Failure> {
    log::start_from_environment(if options.tour { "error" } else { "info" })?;
    let control = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if options.tour {
        return control.block_on(tour::play());
    }
    control.block_on(serve(options))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an address and a port are needed, as 127.0.0.1:8480".into())
}

async fn serve(options: Options) -> Result<(), Failure> {
    if !options.listen.ip().is_loopback() {
        return Err(Failure::Usage(format!(
            "dev listens on loopback only, as 127.0.0.1, and {} is not: what it gives away is for this machine",
            options.listen.ip()
        )));
    }
    let folder = DataFolder::open(&options.data)?;
    let documents = Documents::read(&options.openapi)?;
    let api = Api { documents, upstream: options.upstream, wished: options.scopes };
    let lifetime = Duration::from_secs(options.access_token_lifetime);
    let platform = DevPlatform::start(&folder, options.listen, api, lifetime).await?;
    output::print(&overview::of(&platform, &folder))?;
    let (url, version) = (platform.url.clone(), env!("CARGO_PKG_VERSION"));
    tracing::info!(target: "einlass::dev", %url, data = %folder.path().display(), version, "started");
    let outcome = platform.serve(signals::end()).await;
    tracing::info!(target: "einlass::dev", %url, "ended");
    outcome
}
