//! `einlass serve`: one node of a platform, as its operator configured it.
//!
//! configuration → listeners → store → node → first operator → serve. What is wrong with the configuration is said before
//! anything is opened, and nothing is answered before everything is in place.

mod doors;
mod first_operator;
mod listeners;
mod profile;

use crate::config::{self, Config, Surface};
use crate::failure::Failure;
use crate::node::{Node, Plan};
use crate::{log, signals};
use einlass_client::clock::{Clock, SystemClock};
use einlass_protocol::oauth::FirstParty;
use einlass_store::Store;
use profile::Profile;
use std::path::PathBuf;
use std::sync::Arc;

/// Which configuration.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The configuration; docs/einlass.toml shows every key.
    #[arg(long, value_name = "FILE", default_value = "einlass.toml")]
    config: PathBuf,
    #[command(flatten)]
    profile: Profile,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let of_profile = options.profile.kind.map(|_| options.profile.file()).transpose()?;
    let (config, effective) = config::load(of_profile.as_ref().unwrap_or(&options.config))?;
    let remarks = config::remarks(&effective);
    let control = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    log::start(config.log.filter.clone(), config.log.format)?;
    for remark in remarks {
        tracing::warn!(target: "einlass::config", "{remark}");
    }
    control.block_on(serve(config, of_profile.is_some())).map_err(|failure| {
        tracing::error!(target: "einlass::serve", %failure, "cannot go on");
        failure.logged()
    })
}

async fn serve(config: Config, records_sites: bool) -> Result<(), Failure> {
    let (settings, listening) = (config.platform(), config.listening());
    let Config { public_url, store, keys, listeners, upstreams, scx, onpremise, shutdown, .. } = config;
    signals::survive_hang_ups();
    let is_here = listeners.iter().any(|listener| listener.surfaces.contains(&Surface::Admin));
    let administered_at = settings.homes.get(&FirstParty::Console).filter(|_| is_here).cloned();
    let listeners = listeners::open(listeners, &listening)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let store = Store::open(store.url.expose()).await.map_err(|fault| store.does_not_open(&fault))?;
    let doors = upstreams.into_iter().map(doors::open).collect();
    let marketplace = scx.and_then(|scx| scx.upstream).map(doors::open);
    let databases: Vec<_> = onpremise.iter().map(|site| site.database.clone()).collect();
    let onpremise = onpremise.into_iter().map(|site| (site.database, doors::open(site.upstream))).collect();
    let plan = Plan { settings, store, master_key: keys.master_key, clock, doors, marketplace, onpremise };
    let node = Node::open(plan).await.map_err(|fault| Failure::Failed(fault.to_string()))?;
    if records_sites {
        for database in &databases {
            let recorded = node.platform.ensure_site(database).await;
            recorded.map_err(|fault| Failure::Unavailable(fault.to_string()))?;
        }
    }
    first_operator::invite(&node.platform, administered_at).await?;
    let version = env!("CARGO_PKG_VERSION");
    tracing::info!(target: "einlass::serve", %public_url, version, "started");
    let outcome = node.serve(listeners, shutdown.grace, signals::end()).await;
    tracing::info!(target: "einlass::serve", "ended");
    outcome
}
