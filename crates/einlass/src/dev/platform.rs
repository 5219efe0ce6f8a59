//! The development platform, wired: data folder → store → gateway's caches → platform → listener.

use super::api::Api;
use super::data_folder::DataFolder;
use super::environment;
use super::host::LoopbackOnly;
use super::in_process::{Feed, StoreDirectory};
use crate::failure::Failure;
use einlass_client::KeySetCache;
use einlass_client::clock::{Clock, SystemClock};
use einlass_client::fetch::FetchError;
use einlass_client::keyset::KeySetSettings;
use einlass_protocol::jose::{AccessVerifier, KeySet};
use einlass_protocol::policy::{CurrentPolicy, Settings};
use einlass_proxy::body::{Body, boxed};
use einlass_proxy::forward::{Timeouts, Upstream, UpstreamTls};
use einlass_proxy::gateway::{
    CacheSettings, Credential, Gateway, Installations, Mode, RequestIds, Revocations, Shared,
};
use einlass_proxy::listen::{self, Bound, Fallback, Route, bind};
use einlass_server::emulator::{Demonstration, erp};
use einlass_server::peer::Peer;
use einlass_server::platform::Parts;
use einlass_server::random::{OsRandom, Random};
use einlass_server::{Platform, PlatformSettings, router};
use einlass_store::{Store, StoreError};
use http::uri::Scheme;
use http::{Request, Response};
use hyper::body::Incoming;
use std::future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tower::ServiceExt;

/// A platform that is bound to its port and about to serve.
pub(crate) struct DevPlatform {
    /// Its public URL, without a slash at its end.
    pub(crate) url: String,
    /// What its `dev.env` says.
    pub(crate) demo: Demonstration,
    /// What is behind `/erp`, for people.
    pub(crate) behind: String,
    bound: Bound,
    store: Store,
    platform: Arc<Platform>,
    gateway: Arc<Shared<StoreDirectory>>,
    fallback: Fallback,
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
        let directory =
            StoreDirectory { store: store.clone(), clock: Arc::clone(&clock), control: Handle::current() };
        let installations = Installations::new(directory, Arc::clone(&clock), CacheSettings::default());
        let settings = PlatformSettings { access_token_lifetime, ..PlatformSettings::new(url.clone()) };
        let revocations = Revocations::default();
        let feed = Arc::new(Feed::new(installations.invalidations(), revocations.clone()));
        let verifier = AccessVerifier::new(&settings.public_url, &settings.audience);
        let parts = Parts {
            settings,
            store: store.clone(),
            clock: Arc::clone(&clock),
            random: Arc::new(OsRandom),
            master_key: seed.master_key(),
            policy: policy.clone(),
            feed: feed.clone(),
        };
        let platform = Platform::open(parts).await.map_err(failed)?;
        let keys = key_set_of(&platform, &clock);
        feed.connect(&keys);
        let gateway = Arc::new(Shared {
            prefix: "/erp".into(),
            policy,
            mode: Mode::Enforce,
            revocations,
            counters: Arc::default(),
            upstream,
            tls: UpstreamTls::default(),
            credential: Credential::None,
            verifier,
            keys,
            installations,
            scheme: Scheme::HTTP,
            timeouts: Timeouts::default(),
            clock,
            request_ids: RequestIds::new(random_bytes),
        });
        environment::write(folder, &url, &demo)?;
        let fallback = fallback(Arc::clone(&platform));
        Ok(Self { url, demo, behind, bound, store, platform, gateway, fallback })
    }

    /// Serves until `end` comes, then lets what has begun finish.
    pub(crate) async fn serve(self, end: impl Future<Output = ()>) -> Result<(), Failure> {
        let (gateway, fallback, control) = (self.gateway, self.fallback, Handle::current());
        let worker = move || -> io::Result<_> {
            let gateway = Gateway::new(Arc::clone(&gateway))?;
            Ok(LoopbackOnly(Route::new(gateway, Arc::clone(&fallback), control.clone())))
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let platform = self.platform;
        let maintenance = tokio::spawn(async move { platform.maintain(async { _ = stopped.await }).await });
        let outcome = self.bound.run(listen::Settings::default(), worker, end).await;
        drop(stop);
        let _ = maintenance.await;
        self.store.close().await;
        Ok(outcome?)
    }
}

/// Port 0 is picked once and kept: clients keep the URL, and tokens keep their issuer.
fn bind_kept(folder: &DataFolder, listen: SocketAddr) -> Result<Bound, Failure> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let kept = if listen.port() == 0 { folder.kept_port()? } else { None };
    let address = SocketAddr::new(listen.ip(), kept.unwrap_or(listen.port()));
    let bound = bind(address, workers).map_err(|fault| {
        let of_folder = if kept.is_some() { ", the port that this data folder keeps" } else { "" };
        Failure::Failed(format!(
            "cannot listen on {address}{of_folder}: {fault}; end what listens there, or choose another with --listen"
        ))
    })?;
    if listen.port() == 0 && kept.is_none() {
        folder.keep_port(bound.local_addr().port())?;
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

/// The platform's keys, as the gateway knows them.
fn key_set_of(platform: &Arc<Platform>, clock: &Arc<dyn Clock>) -> KeySetCache {
    // Not a strong one: the platform's feed holds the cache.
    let platform = Arc::downgrade(platform);
    let fetch = move || {
        let document = platform.upgrade().map(|platform| platform.key_set_document());
        let parsed = document.and_then(|document| KeySet::parse(&document).ok());
        async move { parsed.ok_or(FetchError::Unreadable("the platform's own key set")) }
    };
    KeySetCache::with(fetch, Arc::clone(clock), KeySetSettings::default())
}

/// Everything that is not the gateway's.
fn fallback(platform: Arc<Platform>) -> Fallback {
    let router = router::router(platform);
    Arc::new(move |request, peer| Box::pin(answer(router.clone(), request, peer)))
}

async fn answer(router: axum::Router, mut request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    request.extensions_mut().insert(Peer(peer));
    match router.oneshot(request.map(axum::body::Body::new)).await {
        Ok(response) => response.map(boxed),
        Err(never) => match never {},
    }
}

fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    OsRandom.fill(&mut bytes);
    bytes
}

fn failed(fault: impl std::fmt::Display) -> Failure {
    Failure::Failed(fault.to_string())
}
