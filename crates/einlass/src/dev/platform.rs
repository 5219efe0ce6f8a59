//! The development platform: data folder → node → listener.

use super::api::Api;
use super::app;
use super::data_folder::DataFolder;
use super::environment;
use crate::failure::Failure;
use crate::node::{Door, KnownBy, Listening, Node, Plan};
use einlass_client::clock::{Clock, SystemClock};
use einlass_client::environment::Environment;
use einlass_client::source::Credentials;
use einlass_client::transport::BaseUrl;
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::policy::{CurrentPolicy, Document, Policy, Settings};
use einlass_proxy::forward::{Timeouts, Upstream, UpstreamTls};
use einlass_proxy::gateway::{MARKETPLACE_PREFIX, Mode, onpremise_prefix};
use einlass_proxy::listen::{self, Bound, Hosts, bind};
use einlass_server::PlatformSettings;
use einlass_server::emulator::{Demonstration, erp, marketplace};
use einlass_server::router::Surface;
use einlass_server::scx::ScxSettings;
use einlass_store::{Store, StoreError};
use std::future;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

/// Under which names the data folder keeps the ports of platform and demonstration app.
const PORT: &str = "port";
const APP_PORT: &str = "app-port";
/// What the demonstration ERP's database is called, as an ERP's usually is.
const DATABASE: &str = "eazybusiness";

/// A platform that is bound to its port and about to serve.
pub(crate) struct DevPlatform {
    /// Its public URL, without a slash at its end.
    pub(crate) url: String,
    /// What its `dev.env` says.
    pub(crate) demo: Demonstration,
    /// What is behind `/erp`, for people.
    pub(crate) behind: String,
    /// Where the demonstration app's pages are.
    pub(crate) app_url: String,
    bound: Bound,
    node: Node,
}

impl DevPlatform {
    /// Makes a platform out of a data folder. Nothing listens before everything that can be wrong has been
    /// looked at, and `dev.env` is in place before anything is served.
    pub(crate) async fn start(
        folder: &DataFolder,
        listen: SocketAddr,
        api: Api,
        access_token_lifetime: Duration,
    ) -> Result<Self, Failure> {
        let policy = api.documents.compile()?;
        let scopes = api.scopes(&policy)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let seed = folder.seed()?;
        let bound = bind_kept(folder, listen)?;
        let url = format!("http://{}", bound.local_addr());
        let behind = api.in_words(&policy);
        let Api { documents, upstream, .. } = api;
        let upstream = match upstream {
            Some(upstream) => upstream,
            None => start_demonstration_erp(Arc::clone(&clock)).await?,
        };

        let policy = CurrentPolicy::new(policy);
        tokio::spawn(documents.follow(Settings::default(), policy.clone(), future::pending));
        let store = open_store(folder).await?;
        let demo = Demonstration::of(&seed, scopes);
        demo.record(&seed, &store, clock.wall()).await.map_err(|fault| misfit(folder, &fault))?;
        let app = app::Place::find(folder.kept_port(APP_PORT)?, bound.local_addr().port()).await?;
        folder.keep_port(APP_PORT, app.port()?)?;
        let app_url = app.origin.clone();
        demo.record_listing(&app_url, &store, clock.wall()).await.map_err(failed)?;
        let settings = PlatformSettings {
            access_token_lifetime,
            demonstration: Some(demo.clone()),
            homes: FirstParty::ALL.map(|surface| (surface, url.clone())).into(),
            scx: Some(ScxSettings { auth_token_lifetime: access_token_lifetime, ..ScxSettings::default() }),
            ..PlatformSettings::new(url.clone())
        };
        let database: DatabaseName = DATABASE.parse().map_err(failed)?;
        let onpremise = door(&onpremise_prefix(&database), policy.clone(), upstream.clone());
        let onpremise = vec![(database, onpremise)];
        let doors = vec![door("/erp", policy, upstream)];
        let marketplace = Some(start_demonstration_marketplace(&store, &clock).await?);
        let master_key = seed.master_key();
        let plan = Plan { settings, store, master_key, clock, doors, marketplace, onpremise };
        let node = Node::open(plan).await.map_err(failed)?;
        app.open(&url, as_the_app_is_told(&url, &demo)?)?;
        environment::write(folder, &url, &app_url, &demo)?;
        Ok(Self { url, demo, behind, app_url, bound, node })
    }

    /// Serves until `end` comes, then lets what has begun finish.
    pub(crate) async fn serve(self, end: impl Future<Output = ()>) -> Result<(), Failure> {
        // What it gives away is for this machine.
        let settings = listen::Settings { hosts: Hosts::Loopback, ..listen::Settings::default() };
        let everything = Listening { bound: self.bound, settings, surfaces: Surface::ALL.into() };
        self.node.serve(vec![everything], Duration::ZERO, end).await
    }
}

/// What the demonstration app knows of the platform: what any other app would.
fn as_the_app_is_told(url: &str, demo: &Demonstration) -> Result<Environment, Failure> {
    let base: BaseUrl = url.parse().map_err(failed)?;
    let credentials = Credentials::new(&demo.client_id, demo.client_secret.clone());
    Ok(Environment { auth_base: base.clone(), api_base: base, credentials })
}

/// An API that nobody else reaches.
fn door(prefix: &str, policy: CurrentPolicy, upstream: Upstream) -> Door {
    Door {
        prefix: prefix.into(),
        policy,
        mode: Mode::Enforce,
        upstream,
        tls: UpstreamTls::default(),
        known_by: KnownBy::Network,
        timeouts: Timeouts::default(),
    }
}

/// Port 0 is picked once and kept: clients keep the URL, and tokens keep their issuer.
fn bind_kept(folder: &DataFolder, listen: SocketAddr) -> Result<Bound, Failure> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let kept = if listen.port() == 0 { folder.kept_port(PORT)? } else { None };
    let address = SocketAddr::new(listen.ip(), kept.unwrap_or(listen.port()));
    let bound = bind(address, workers).map_err(|fault| {
        let of_folder = if kept.is_some() { ", the port that this data folder keeps" } else { "" };
        Failure::Failed(format!(
            "cannot listen on {address}{of_folder}: {fault}; end what listens there, or choose another with --listen"
        ))
    })?;
    if listen.port() == 0 && kept.is_none() {
        folder.keep_port(PORT, bound.local_addr().port())?;
    }
    Ok(bound)
}

async fn open_store(folder: &DataFolder) -> Result<Store, Failure> {
    let url = Store::sqlite_url(&folder.path().join("einlass.db"));
    Store::open(&url).await.map_err(|fault| {
        let database = folder.path().join("einlass.db");
        Failure::Failed(format!("{}: {fault}", database.display()))
    })
}

/// What the demonstration refers to is there if database and seed belong together.
fn misfit(folder: &DataFolder, fault: &StoreError) -> Failure {
    match fault {
        StoreError::MissingReference => Failure::Failed(format!(
            "the seed in {} is not the one that its database was made from; put it back, or delete the folder for a fresh start",
            folder.path().display()
        )),
        other => failed(other),
    }
}

/// Serves the demonstration ERP at a port of its own, so that the gateway forwards for real.
async fn start_demonstration_erp(clock: Arc<dyn Clock>) -> Result<Upstream, Failure> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let upstream = format!("http://{}", listener.local_addr()?).parse().map_err(failed)?;
    tokio::spawn(async move {
        if let Err(fault) = axum::serve(listener, erp::router(clock)).await {
            tracing::error!(target: "einlass::dev", %fault, "the demonstration ERP ended");
        }
    });
    Ok(upstream)
}

/// The same for the demonstration marketplace.
async fn start_demonstration_marketplace(store: &Store, clock: &Arc<dyn Clock>) -> Result<Door, Failure> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let upstream = format!("http://{}", listener.local_addr()?).parse().map_err(failed)?;
    let router = marketplace::router(store.clone(), Arc::clone(clock));
    tokio::spawn(async move {
        if let Err(fault) = axum::serve(listener, router).await {
            tracing::error!(target: "einlass::dev", %fault, "the demonstration marketplace ended");
        }
    });
    let document = Document { name: "demonstration marketplace", text: marketplace::OPENAPI };
    let policy = Policy::compile([document], Settings::default()).map_err(|faults| {
        Failure::Failed(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    Ok(door(MARKETPLACE_PREFIX, CurrentPolicy::new(policy), upstream))
}

fn failed(fault: impl std::fmt::Display) -> Failure {
    Failure::Failed(fault.to_string())
}
