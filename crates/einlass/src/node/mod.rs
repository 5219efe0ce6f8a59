//! One node of a platform, wired: store → gateways' caches → platform → gateways. `dev` and `serve` differ in where
//! its parts come from and in who may reach it, and in nothing else.

mod assertion;
mod fallback;
mod in_process;
mod listening;
mod metrics;

pub(crate) use listening::Listening;

use einlass_client::KeySetCache;
use einlass_client::clock::Clock;
use einlass_client::fetch::FetchError;
use einlass_client::keyset::KeySetSettings;
use einlass_protocol::jose::{AccessVerifier, AppVerifier, KeySet, ScxVerifier};
use einlass_protocol::oauth::Generation;
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::policy::CurrentPolicy;
use einlass_proxy::forward::{Timeouts, Upstream, UpstreamTls};
use einlass_proxy::gateway::{
    self as gateway, AccessTokens, ApiKeys, Apps, CacheSettings, Counters, Credential, Installations,
    KeySettings, Marketplace, Mode, OnPremise, OriginSettings, Origins, RequestIds, Revocations,
    SecretHeader, Sessions, Shared,
};
use einlass_server::keys::{KeyError, MasterKey};
use einlass_server::platform::{Behind, Parts};
use einlass_server::random::{OsRandom, Random};
use einlass_server::{Platform, PlatformSettings};
use einlass_store::Store;
use http::uri::Scheme;
use in_process::{Feed, StoreDirectory};
use std::sync::Arc;
use tokio::runtime::Handle;

/// What a node is made of.
pub(crate) struct Plan {
    /// What the operator decided.
    pub(crate) settings: PlatformSettings,
    /// The durable state.
    pub(crate) store: Store,
    /// What is secret in it is sealed under this.
    pub(crate) master_key: MasterKey,
    /// Where the time comes from.
    pub(crate) clock: Arc<dyn Clock>,
    /// The APIs that it guards.
    pub(crate) doors: Vec<Door>,
    /// What channels and sellers find behind the platform's own paths.
    pub(crate) marketplace: Option<Door>,
    /// ERPs at merchants' own premises, by their databases.
    pub(crate) onpremise: Vec<(DatabaseName, Door)>,
}

/// An API and the way to it.
pub(crate) struct Door {
    /// What comes before its paths: `/erp`.
    pub(crate) prefix: String,
    /// Its operations.
    pub(crate) policy: CurrentPolicy,
    /// Whether callers are held to the scopes that these need.
    pub(crate) mode: Mode,
    /// Where it is.
    pub(crate) upstream: Upstream,
    /// How it is recognised by TLS, and we by it.
    pub(crate) tls: UpstreamTls,
    /// What else it knows us by.
    pub(crate) known_by: KnownBy,
    /// How long to wait for it.
    pub(crate) timeouts: Timeouts,
}

/// What an upstream knows us by.
#[derive(Debug)]
pub(crate) enum KnownBy {
    /// The identity headers alone, and its network or our client certificate.
    Network,
    /// A header with a secret.
    Header(SecretHeader),
    /// An assertion, signed by us for the upstream of this name.
    Assertion(String),
}

/// A node that is ready to serve.
pub(crate) struct Node {
    store: Store,
    pub(crate) platform: Arc<Platform>,
    /// One for each door.
    gateways: Vec<Arc<Shared<StoreDirectory>>>,
    /// The door of channels and sellers.
    marketplace: Option<Arc<Shared<StoreDirectory>>>,
    /// The doors of on-premise apps, one for each database.
    onpremise: Vec<Arc<Shared<StoreDirectory>>>,
}

impl Node {
    /// Puts a node together. To be called on the control runtime.
    ///
    /// # Errors
    /// When the store does not answer or holds keys that the master key does not open.
    pub(crate) async fn open(plan: Plan) -> Result<Self, KeyError> {
        let Plan { settings, store, master_key, clock, doors, marketplace, onpremise } = plan;
        let directory = StoreDirectory {
            store: store.clone(),
            clock: Arc::clone(&clock),
            control: Handle::current(),
            portal: settings.portal_elsewhere().map(Arc::from),
        };
        let (api_keys, origins) = (api_keys(directory.clone()), origins(directory.clone()));
        let sessions = Sessions::new(&*master_key.onpremise_sessions()?);
        let installations = Installations::new(directory, Arc::clone(&clock), CacheSettings::default());
        let revocations = Revocations::default();
        let every_door = || doors.iter().chain(&marketplace).chain(onpremise.iter().map(|(_, door)| door));
        let counters: Vec<Arc<Counters>> = every_door().map(|_| Arc::default()).collect();
        let feed = Feed::new(
            installations.invalidations(),
            api_keys.invalidations(),
            origins.invalidations(),
            revocations.clone(),
            Arc::clone(&clock),
            counters.clone(),
        );
        let feed = Arc::new(feed);
        let of_issuer = |generation: Generation| {
            let url = generation.issuer(&settings.public_url);
            (AccessVerifier::new(&url, &settings.audience), AppVerifier::of_every_app(url))
        };
        let ((first, _), (second, app)) = (of_issuer(Generation::A), of_issuer(Generation::B));
        let scheme = if settings.public_url.starts_with("https:") { Scheme::HTTPS } else { Scheme::HTTP };
        let issuer = settings.public_url.clone();
        let scx_issuer = einlass_server::scx::issuer_at(&issuer);
        let scx_verifier = settings.scx.as_ref().map(|scx| ScxVerifier::new(scx_issuer, &scx.audience));
        let behind = every_door().map(Behind::from).collect();
        let parts = Parts {
            settings,
            store: store.clone(),
            clock: Arc::clone(&clock),
            random: Arc::new(OsRandom),
            master_key,
            behind,
            feed: feed.clone(),
        };
        let platform = Platform::open(parts).await?;
        let keys_of = |generation| {
            key_set_of(&platform, &clock, move |platform| Some(platform.key_set_document(generation)))
        };
        let (keys, second_keys) = (keys_of(Generation::A), keys_of(Generation::B));
        feed.connect(Generation::A, &keys);
        feed.connect(Generation::B, &second_keys);
        let tokens = AccessTokens::new(first, keys).and_of(second, app, second_keys);
        let mut counters = counters.into_iter();
        let mut shared = |door: Door, takes| {
            Arc::new(Shared {
                prefix: door.prefix,
                policy: door.policy,
                mode: door.mode,
                revocations: revocations.clone(),
                counters: counters.next().unwrap_or_default(),
                upstream: door.upstream,
                tls: door.tls,
                credential: credential(door.known_by, &issuer, &platform),
                door: takes,
                scheme: scheme.clone(),
                timeouts: door.timeouts,
                clock: Arc::clone(&clock),
                request_ids: RequestIds::new(|bytes| OsRandom.fill(bytes)),
            })
        };
        let apps = || {
            let (tokens, installations) = (tokens.clone(), installations.clone());
            gateway::Door::Apps(Apps { tokens, installations, origins: origins.clone() })
        };
        let gateways = doors.into_iter().map(|door| shared(door, apps())).collect();
        let marketplace = match (marketplace, scx_verifier, platform.scx_rates()) {
            (Some(door), Some(verifier), Some(rates)) => {
                let scx_keys = key_set_of(&platform, &clock, Platform::scx_key_set_document);
                feed.connect_scx(&scx_keys);
                let takes = gateway::Door::Marketplace(Marketplace::new(verifier, scx_keys, rates));
                Some(shared(door, takes))
            }
            _ => None,
        };
        let onpremise = onpremise
            .into_iter()
            .map(|(database, door)| {
                let (keys, sessions) = (api_keys.clone(), sessions.clone());
                shared(door, gateway::Door::OnPremise(OnPremise { database, keys, sessions }))
            })
            .collect();
        Ok(Self { store, platform, gateways, marketplace, onpremise })
    }
}

/// How much of the store those get who invent keys, and as much those who invent origins.
fn quarter(directory: &StoreDirectory) -> usize {
    (directory.store.most_connections() / 4).max(1) as usize
}

/// Origins of apps' pages.
fn origins(directory: StoreDirectory) -> Origins<StoreDirectory> {
    let (strangers, clock) = (quarter(&directory), Arc::clone(&directory.clock));
    Origins::new(directory, clock, OriginSettings { strangers, ..OriginSettings::default() })
}

/// Keys of on-premise apps.
fn api_keys(directory: StoreDirectory) -> ApiKeys<StoreDirectory> {
    let (strangers, clock) = (quarter(&directory), Arc::clone(&directory.clock));
    ApiKeys::new(directory, clock, KeySettings { strangers, ..KeySettings::default() })
}

impl From<&Door> for Behind {
    fn from(door: &Door) -> Self {
        Self { prefix: door.prefix.clone(), policy: door.policy.clone() }
    }
}

fn credential(known_by: KnownBy, issuer: &str, platform: &Arc<Platform>) -> Credential {
    match known_by {
        KnownBy::Network => Credential::None,
        KnownBy::Header(header) => Credential::Header(header),
        KnownBy::Assertion(audience) => Credential::Assertion(assertion::of(issuer, audience, platform)),
    }
}

/// Keys of the platform's, as the gateways know them.
fn key_set_of<T: AsRef<[u8]>>(
    platform: &Arc<Platform>,
    clock: &Arc<dyn Clock>,
    document: impl Fn(&Platform) -> Option<T> + Send + Sync + 'static,
) -> KeySetCache {
    // Not a strong one: the platform's feed holds the cache.
    let platform = Arc::downgrade(platform);
    let fetch = move || {
        let document = platform.upgrade().and_then(|platform| document(&platform));
        let parsed = document.and_then(|document| KeySet::parse(document.as_ref()).ok());
        async move { parsed.ok_or(FetchError::Unreadable("the platform's own key set")) }
    };
    KeySetCache::with(fetch, Arc::clone(clock), KeySetSettings::default())
}
