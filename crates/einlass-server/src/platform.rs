//! The platform: everything that a request may need, put together in one place.

use crate::admin;
use crate::audit::Refusals;
use crate::cors::Origins;
use crate::emulator::Demonstration;
use crate::identity::Issuers;
use crate::identity::client::{ClientDirectory, Failures, TokenLimits};
use crate::identity::granting::Successors;
use crate::identity::token::TokenCounters;
use crate::keys::{KeyError, KeyKeeper, MasterKey, RotationSettings, SessionKeys, SigningPool};
use crate::onprem;
use crate::people::People;
use crate::per_minute::PerMinute;
use crate::random::Random;
use crate::revocation::KnownRevocations;
use crate::scx::{Scx, ScxSettings};
use crate::usage::{MOST_SUMMING, UsageCounter};
use einlass_protocol::ids::{AppId, OrganisationId, PersonId, RegistrationId, TenantId};
use einlass_protocol::jose::KeySet;
use einlass_protocol::oauth::{FirstParty, Generation};
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::policy::CurrentPolicy;
use einlass_protocol::refused::Refused;
use einlass_protocol::revocation::DenyList;
use einlass_protocol::time::{Clock, UnixTime};
use einlass_protocol::usage::UsageRow;
use einlass_store::{Change, Organisation, Store, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Semaphore};

/// What an operator decides about a platform.
#[derive(Clone, Debug)]
pub struct PlatformSettings {
    /// The public URL, without a slash at its end: the issuer of every token.
    pub public_url: String,
    /// What access tokens are for: the platform's name, which is no URL.
    pub audience: String,
    /// How long an access token is valid.
    pub access_token_lifetime: Duration,
    /// How long a session token is valid.
    pub session_token_lifetime: Duration,
    /// How many requests a second one client may make from one address, to get, give back or ask about tokens; four
    /// times as many at once.
    pub token_requests_per_second: u32,
    /// How many such requests a second may come from one address in all, whoever they are of; four times as many at
    /// once. An IPv6 network of 64 bits counts as one address.
    pub requests_per_second_per_address: u32,
    /// How often clients may fail to prove who they are within a minute, from one address; one client a third of it.
    /// Whoever comes after that is refused, but for who got in lately with the same secret from the same address.
    pub failures_per_minute: u32,
    /// How signing keys follow each other.
    pub rotation: RotationSettings,
    /// How often a node looks for what other nodes changed: how late it may hear of a revocation where nobody tells
    /// it.
    pub follow_every: Duration,
    /// Marketplace channels, where they are served.
    pub scx: Option<ScxSettings>,
    /// Which surfaces have pages, and where: scheme and host, without a slash. Several may be at one host.
    pub homes: BTreeMap<FirstParty, String>,
    /// What a newcomer is shown, on a platform that is there to be tried.
    pub demonstration: Option<Demonstration>,
}

impl PlatformSettings {
    /// The defaults, for a platform at this URL.
    #[must_use]
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into(),
            audience: "einlass-platform".into(),
            access_token_lifetime: Duration::from_hours(1),
            session_token_lifetime: Duration::from_mins(5),
            token_requests_per_second: 200,
            requests_per_second_per_address: 1_000,
            failures_per_minute: 60,
            rotation: RotationSettings::default(),
            follow_every: Duration::from_millis(500),
            scx: None,
            homes: BTreeMap::new(),
            demonstration: None,
        }
    }

    /// The origin of the Partner Portal, where that is another one than the API's: partners try calls there, so that its pages
    /// may read what is answered, as those of registered origins may.
    #[must_use]
    pub fn portal_elsewhere(&self) -> Option<&str> {
        self.homes.get(&FirstParty::Partner).map(String::as_str).filter(|home| *home != self.public_url)
    }

    /// Scheme and host of a surface's pages; of none: the identity provider's.
    pub(crate) fn origin_of(&self, surface: Option<FirstParty>) -> &str {
        surface.and_then(|surface| self.homes.get(&surface)).unwrap_or(&self.public_url)
    }
}

/// What the platform tells the gateway of. In one process a change has reached it before the answer to
/// whoever made it leaves.
pub trait GatewayFeed: Send + Sync + 'static {
    /// What this app may do for this tenant is not what it was.
    fn installation_changed(&self, app: AppId, tenant: TenantId);

    /// The key of this on-premise registration is not what it was.
    fn registration_changed(&self, _registration: RegistrationId) {}

    /// Where this person works is not what it was.
    fn membership_changed(&self, _person: PersonId) {}

    /// Which origins apps have registered is not what it was.
    fn origins_changed(&self) {}

    /// These are the keys that tokens of this issuer may be signed with.
    fn keys_changed(&self, issuer: Generation, keys: KeySet);

    /// The same of `authToken`s.
    fn scx_keys_changed(&self, _keys: KeySet) {}

    /// This is what is denied, in place of what was before.
    fn revoked(&self, list: DenyList);

    /// It has heard of everything up to now. It hears this several times a minute; who does not, for half a minute,
    /// cannot know what was revoked meanwhile.
    fn up_to_date(&self) {}

    /// The other way: which callers, who had proved who they are, it has refused since it was asked last; and how many
    /// such calls there were beyond those.
    fn take_refused(&self) -> (Vec<Refused>, u64) {
        (Vec::new(), 0)
    }

    /// The other way: which calls the gateway has counted since it was asked last.
    fn take_usage(&self) -> Vec<UsageRow> {
        Vec::new()
    }
}

/// An API behind the gateway.
#[derive(Clone, Debug)]
pub struct Behind {
    /// What comes before its paths: `/erp`.
    pub prefix: String,
    /// What its calls are judged by.
    pub policy: CurrentPolicy,
}

/// A running platform. Shared by every request; holds no other state than the store's.
pub struct Platform {
    pub(crate) settings: PlatformSettings,
    pub(crate) store: Store,
    /// The runtime that the store's connections belong to: whoever serves on another one asks for it there.
    pub(crate) home: Handle,
    /// The same over connections of its own: what a node must hear, it hears while callers use up the others.
    pub(crate) quiet: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) issuers: Issuers,
    pub(crate) session_keys: SessionKeys,
    /// What makes refresh tokens.
    pub(crate) successors: Successors,
    /// How many session tokens were made, and how many app tokens.
    pub(crate) session_tokens: AtomicU64,
    pub(crate) app_tokens: AtomicU64,
    pub(crate) scx: Option<Scx>,
    pub(crate) revocations: KnownRevocations,
    /// The number of the last change of other nodes that was taken note of.
    pub(crate) followed: Mutex<i64>,
    /// How many there were to take note of when they were last looked for.
    pub(crate) changes_behind: AtomicU64,
    pub(crate) pool: SigningPool,
    pub(crate) clients: ClientDirectory,
    pub(crate) origins: Origins,
    pub(crate) limits: TokenLimits,
    pub(crate) failures: Failures,
    pub(crate) people: People,
    pub(crate) usage: UsageCounter,
    pub(crate) counters: TokenCounters,
    pub(crate) behind: Vec<Behind>,
    pub(crate) feed: Arc<dyn GatewayFeed>,
    pub(crate) refusals: Refusals,
    /// Admin tokens that did and did not work.
    pub(crate) attempts: admin::Attempts,
    /// Polls for registrations that were none, or another caller's.
    pub(crate) wrong_polls: PerMinute,
    /// Places for apps that ask to be registered.
    pub(crate) registering: Semaphore,
    /// Codes for the first admin token that did not count.
    pub(crate) wrong_codes: PerMinute,
    /// Places for those who send such codes.
    pub(crate) claiming: Arc<Semaphore>,
    /// Places for those who ask what was used.
    pub(crate) summing: Semaphore,
    /// Whether it is about to end.
    pub(crate) leaving: AtomicBool,
    /// When it was opened.
    pub(crate) started_at: UnixTime,
}

/// What a platform is made of.
pub struct Parts {
    /// What the operator decided.
    pub settings: PlatformSettings,
    /// The durable state.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
    /// What the signing keys are sealed under.
    pub master_key: MasterKey,
    /// The APIs behind the gateway, for the administration to explain.
    pub behind: Vec<Behind>,
    /// What is told of changes.
    pub feed: Arc<dyn GatewayFeed>,
}

impl Platform {
    /// Puts a platform together; makes its signing keys and the operator's organisation if this is its first start. To
    /// be called on the runtime that stays the store's.
    ///
    /// # Errors
    /// When the store does not answer or holds keys that the master key does not open.
    pub async fn open(parts: Parts) -> Result<Arc<Self>, KeyError> {
        let Parts { settings, store, clock, random, master_key, behind, feed } = parts;
        // Before anything is read: what changes meanwhile is then noted twice rather than never.
        let followed = Mutex::new(store.last_change().await?);
        let operator = Organisation {
            id: OrganisationId::OPERATOR,
            name: "Operator".into(),
            kind: OrganisationKind::Operator,
        };
        store.ensure_organisation(&operator, clock.wall()).await?;
        let (master_key, started_at) = (Arc::new(master_key), clock.wall());
        let keys_of = async |issuer: &str| {
            let (store, master_key, random) = (store.apart(), Arc::clone(&master_key), Arc::clone(&random));
            KeyKeeper::open(store, master_key, issuer, settings.rotation, random, clock.wall()).await
        };
        let issuers = Issuers::open(&settings.public_url, &settings.audience, keys_of).await?;
        let scx = match settings.scx.clone() {
            Some(scx) => {
                Some(Scx::open(scx, &settings.public_url, settings.failures_per_minute, keys_of).await?)
            }
            None => None,
        };
        let platform = Self {
            pool: SigningPool::start(&clock),
            clients: ClientDirectory::new(store.clone()),
            origins: Origins::new(store.clone()),
            limits: TokenLimits::new(&settings, Arc::clone(&clock)),
            failures: Failures::new(settings.failures_per_minute, Arc::clone(&clock)),
            people: People::new(&settings.public_url, &clock),
            usage: UsageCounter::default(),
            changes_behind: AtomicU64::default(),
            counters: TokenCounters::default(),
            scx,
            revocations: KnownRevocations::default(),
            followed,
            settings,
            quiet: store.apart(),
            store,
            home: Handle::current(),
            clock,
            random,
            issuers,
            successors: Successors::new(Arc::clone(&master_key)),
            session_keys: SessionKeys::new(master_key),
            session_tokens: AtomicU64::default(),
            app_tokens: AtomicU64::default(),
            behind,
            feed,
            refusals: Refusals::default(),
            attempts: admin::Attempts::default(),
            wrong_polls: PerMinute::new(onprem::MOST_WRONG_POLLS),
            registering: Semaphore::new(onprem::MOST_REGISTERING),
            wrong_codes: PerMinute::new(admin::MOST_WRONG_CODES),
            claiming: Arc::new(Semaphore::new(admin::MOST_CLAIMS)),
            summing: Semaphore::new(MOST_SUMMING),
            leaving: AtomicBool::default(),
            started_at,
        };
        platform.apply(&Change::Revocations).await?;
        platform.feed.up_to_date();
        Ok(Arc::new(platform))
    }

    /// Takes note of a change in the store, and passes it on. When this returns, no request is answered from what was
    /// before.
    pub(crate) async fn apply(&self, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::Client(id) => self.clients.forget(id),
            Change::Installation(app, tenant) => self.feed.installation_changed(*app, *tenant),
            Change::Registration(id) => self.feed.registration_changed(*id),
            Change::Membership(person) => self.feed.membership_changed(*person),
            Change::Origins => {
                self.origins.forget();
                self.feed.origins_changed();
            }
            Change::Revocations => {
                self.revocations.refresh(&self.quiet, &*self.feed, self.clock.wall()).await?;
            }
            Change::SigningKeys => {
                for (generation, issuer) in self.issuers.each() {
                    issuer.keys.refresh(|keys| self.feed.keys_changed(generation, keys)).await?;
                }
                if let Some(scx) = &self.scx {
                    scx.keys.refresh(|keys| self.feed.scx_keys_changed(keys)).await?;
                }
            }
        }
        Ok(())
    }

    /// The same for several.
    pub(crate) async fn apply_all(&self, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            self.apply(change).await?;
        }
        Ok(())
    }

    /// It will end soon: `/readyz` answers 503 from here on, so that no requests are sent here any more.
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    /// The public key set of an issuer, as it is published (RFC 7517 §5).
    #[must_use]
    pub fn key_set_document(&self, issuer: Generation) -> bytes::Bytes {
        self.issuer(issuer).keys.ring().document()
    }

    /// The durable state.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}
