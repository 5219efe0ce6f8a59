//! A gateway on a port of its own.

use super::tokens::{AUDIENCE, ISSUER, KEY, PERSON, SECOND_ISSUER};
use super::{FakeDirectory, Issuer, StillClock, Upstream, text};
use einlass_client::fetch::FetchError;
use einlass_client::keyset::{KeySetCache, KeySetSettings};
use einlass_protocol::jose::{AccessVerifier, AppVerifier, Jwk, KeySet};
use einlass_protocol::policy::{CurrentPolicy, Document, Policy, Settings as PolicySettings};
use einlass_proxy::forward::{Timeouts, UpstreamTls};
use einlass_proxy::gateway::{
    AccessTokens, ApiKeys, Apps, CacheSettings, Counters, Credential, Door, Gateway, Installations,
    Invalidations, KeyInvalidations, KeySettings, Mode, OnPremise, OriginInvalidations, OriginSettings,
    Origins, RequestIds, Revocations, Sessions, Shared, onpremise_prefix,
};
use einlass_proxy::listen::{self, Handler, Route, Settings};
use http::uri::Scheme;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The key set's document.
type Published = Arc<Mutex<Vec<Jwk>>>;

const DOCUMENT: &str = include_str!("erp.yaml");

/// What a test may choose.
pub(crate) struct Setup {
    pub(crate) upstream: String,
    pub(crate) mode: Mode,
    pub(crate) tls: UpstreamTls,
    pub(crate) credential: Credential,
    pub(crate) directory: FakeDirectory,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) issuer: Issuer,
    /// The keys that the identity provider publishes; with none it is down.
    pub(crate) published: Published,
    /// What the second issuer publishes, if there is one.
    pub(crate) second: Option<Published>,
    pub(crate) timeouts: Timeouts,
    pub(crate) listen: Settings,
    pub(crate) workers: usize,
    /// One gateway for each, all before the same upstream.
    pub(crate) prefixes: &'static [&'static str],
    /// One more gateway for each, for on-premise apps.
    pub(crate) databases: &'static [&'static str],
    /// Whether somebody answers what is no gateway's.
    pub(crate) has_fallback: bool,
}

impl Setup {
    /// An app that is installed with `items.read` and `items.write`, where the test's person works, and a key for the
    /// same at one database, before the upstream at `address`.
    pub(crate) fn before(address: SocketAddr) -> Self {
        let (directory, issuer) = (FakeDirectory::default(), Issuer::new());
        directory.install("items.read items.write");
        directory.admit(PERSON);
        directory.give_key(KEY, "mandant1", "items.read items.write");
        Self {
            upstream: format!("http://{address}"),
            mode: Mode::Enforce,
            tls: UpstreamTls::default(),
            credential: Credential::None,
            directory,
            clock: Arc::default(),
            published: Arc::new(Mutex::new(vec![issuer.jwk()])),
            issuer,
            second: None,
            timeouts: Timeouts::default(),
            listen: Settings::default(),
            workers: 1,
            prefixes: &["/erp"],
            databases: &[],
            has_fallback: true,
        }
    }
}

pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    pub(crate) issuer: Issuer,
    pub(crate) directory: FakeDirectory,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) published: Published,
    pub(crate) keys: KeySetCache,
    pub(crate) invalidations: Invalidations,
    pub(crate) key_invalidations: KeyInvalidations,
    pub(crate) origin_invalidations: OriginInvalidations,
    pub(crate) revocations: Revocations,
    pub(crate) policy: CurrentPolicy,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) stopped: JoinHandle<std::io::Result<()>>,
}

impl Gate {
    /// Before an upstream that only records.
    pub(crate) async fn and_upstream() -> (Self, Upstream) {
        let upstream = Upstream::answering(|| text("served")).await;
        (Self::start(Setup::before(upstream.address)), upstream)
    }

    pub(crate) fn start(setup: Setup) -> Self {
        let Setup {
            upstream,
            mode,
            tls,
            credential,
            directory,
            clock,
            issuer,
            published,
            second,
            timeouts,
            listen,
            workers,
            prefixes,
            databases,
            has_fallback,
        } = setup;
        let keys = key_cache(Arc::clone(&published), clock.clone());
        let tokens = AccessTokens::new(AccessVerifier::new(ISSUER, AUDIENCE), keys.clone());
        let tokens = match second {
            None => tokens,
            Some(published) => tokens.and_of(
                AccessVerifier::new(SECOND_ISSUER, AUDIENCE),
                AppVerifier::of_every_app(SECOND_ISSUER),
                key_cache(published, clock.clone()),
            ),
        };
        let installations = Installations::new(directory.clone(), clock.clone(), CacheSettings::default());
        let invalidations = installations.invalidations();
        let api_keys = ApiKeys::new(directory.clone(), clock.clone(), KeySettings::default());
        let key_invalidations = api_keys.invalidations();
        let origins = Origins::new(directory.clone(), clock.clone(), OriginSettings::default());
        let origin_invalidations = origins.invalidations();
        let (revocations, counters) = (Revocations::default(), Arc::<Counters>::default());
        let policy = CurrentPolicy::new(compile(DOCUMENT));
        let counter = Arc::new(AtomicU64::new(0));
        let mut credential = credential;
        let apps = prefixes.iter().map(|prefix| {
            let (tokens, installations) = (tokens.clone(), installations.clone());
            let origins = origins.clone();
            ((*prefix).to_owned(), Door::Apps(Apps { tokens, installations, origins }))
        });
        let onpremise = databases.iter().map(|database| {
            let (database, keys) = (database.parse().unwrap(), api_keys.clone());
            let sessions = Sessions::new(&[7; 32]);
            (onpremise_prefix(&database), Door::OnPremise(OnPremise { database, keys, sessions }))
        });
        let shared = apps.chain(onpremise).map(|(prefix, door)| {
            let counter = Arc::clone(&counter);
            Arc::new(Shared {
                prefix,
                policy: policy.clone(),
                mode,
                tls: tls.clone(),
                credential: std::mem::take(&mut credential),
                revocations: revocations.clone(),
                counters: Arc::clone(&counters),
                upstream: upstream.parse().unwrap(),
                door,
                scheme: Scheme::HTTP,
                timeouts,
                clock: clock.clone(),
                request_ids: RequestIds::new(move |bytes| {
                    for id in bytes.chunks_exact_mut(16) {
                        id.copy_from_slice(
                            &u128::from(counter.fetch_add(1, Ordering::Relaxed)).to_be_bytes(),
                        );
                    }
                }),
            })
        });
        let shared: Vec<_> = shared.collect();
        let bound = listen::bind("127.0.0.1:0".parse().unwrap(), workers).unwrap();
        let address = bound.local_addr();
        let (stop, stopping) = oneshot::channel();
        let control = Handle::current();
        let route = move || {
            let gateways = shared.iter().cloned().map(Gateway::new).collect::<Result<Vec<_>, _>>()?;
            let route = Route::new(gateways);
            Ok(if has_fallback { route.otherwise(fallback(), control.clone()) } else { route })
        };
        let stopped = tokio::spawn(bound.run(listen, route, async { drop(stopping.await) }));
        Self {
            address,
            issuer,
            directory,
            clock,
            published,
            keys,
            invalidations,
            key_invalidations,
            origin_invalidations,
            revocations,
            policy,
            counters,
            stop,
            stopped,
        }
    }
}

/// What a document says, as a policy.
pub(crate) fn compile(text: &str) -> Policy {
    Policy::compile([Document { name: "erp.yaml", text }], PolicySettings::default()).unwrap()
}

/// Fetches what is published.
fn key_cache(published: Published, clock: Arc<StillClock>) -> KeySetCache {
    let fetch = move || {
        let keys = published.lock().unwrap().clone();
        async {
            if keys.is_empty() { Err(FetchError::Unreadable("down")) } else { Ok(KeySet::from_jwks(keys)) }
        }
    };
    KeySetCache::with(fetch, clock, KeySetSettings::default())
}

/// Answers 418, so that it cannot be taken for the upstream or the gateway.
fn fallback() -> Handler {
    Arc::new(|_: Request<Incoming>, _| {
        Box::pin(async {
            let mut response = text("fallback");
            *response.status_mut() = StatusCode::IM_A_TEAPOT;
            response
        })
    })
}
