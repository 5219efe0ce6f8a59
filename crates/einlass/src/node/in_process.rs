//! What connects gateway and platform when both are in one process.

use einlass_client::KeySetCache;
use einlass_client::clock::Clock;
use einlass_protocol::ids::{AppId, PersonId, RegistrationId, TenantId};
use einlass_protocol::jose::KeySet;
use einlass_protocol::oauth::Generation;
use einlass_protocol::refused::Refused;
use einlass_protocol::revocation::DenyList;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::usage::UsageRow;
use einlass_proxy::gateway::{
    ApiKey, Counters, Directory, DirectoryUnavailable, Installation, Invalidations, KeyInvalidations,
    OriginInvalidations, Revocations,
};
use einlass_server::platform::GatewayFeed;
use einlass_store::{Store, StoreError};
use std::sync::{Arc, OnceLock};
use tokio::runtime::Handle;

/// The gateway's look-ups, answered by the store. They run on the control runtime: a pool of database
/// connections must not span runtimes.
#[derive(Clone)]
pub(crate) struct StoreDirectory {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) control: Handle,
    /// Where partners try calls from.
    pub(crate) portal: Option<Arc<str>>,
}

impl Directory for StoreDirectory {
    async fn installation(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> Result<Option<Installation>, DirectoryUnavailable> {
        let (store, now) = (self.store.clone(), self.clock.wall());
        let found = self.look_up(async move { store.open_installation(app, tenant, now).await }).await?;
        Ok(found.map(|found| Installation { granted: found.granted }))
    }

    async fn is_member(&self, person: &str, tenant: TenantId) -> Result<bool, DirectoryUnavailable> {
        // The subject of a token that acts for nobody of ours.
        let Ok(person) = person.parse() else { return Ok(false) };
        let store = self.store.clone();
        self.look_up(async move { store.works_at(person, tenant).await }).await
    }

    async fn is_registered_origin(&self, origin: &str) -> Result<bool, DirectoryUnavailable> {
        if self.portal.as_deref() == Some(origin) {
            return Ok(true);
        }
        let (store, origin) = (self.store.clone(), origin.to_owned());
        self.look_up(async move { store.is_registered_origin(&origin).await }).await
    }

    async fn api_key(&self, key: SecretHash) -> Result<Option<ApiKey>, DirectoryUnavailable> {
        let store = self.store.clone();
        let found = self.look_up(async move { store.api_key(&key).await }).await?;
        Ok(found.map(|einlass_store::ApiKey { registration, database, app_id, granted, licensed }| ApiKey {
            registration,
            database,
            app_id,
            granted,
            licensed,
        }))
    }
}

impl StoreDirectory {
    async fn look_up<T: Send + 'static>(
        &self,
        question: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, DirectoryUnavailable> {
        match self.control.spawn(question).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(fault)) => {
                tracing::error!(target: "einlass::gateway", %fault, "the store cannot be asked");
                Err(DirectoryUnavailable)
            }
            Err(_) => Err(DirectoryUnavailable),
        }
    }
}

/// The platform's changes, told to the gateways, and the gateways' counts, told to the platform.
pub(crate) struct Feed {
    invalidations: Invalidations,
    key_invalidations: KeyInvalidations,
    origin_invalidations: OriginInvalidations,
    revocations: Revocations,
    clock: Arc<dyn Clock>,
    /// One for each gateway.
    counters: Vec<Arc<Counters>>,
    /// Comes when the platform is there, whose keys it caches: until then there is nobody to tell.
    keys: OnceLock<KeySetCache>,
    second_keys: OnceLock<KeySetCache>,
    scx_keys: OnceLock<KeySetCache>,
}

impl Feed {
    pub(crate) fn new(
        invalidations: Invalidations,
        key_invalidations: KeyInvalidations,
        origin_invalidations: OriginInvalidations,
        revocations: Revocations,
        clock: Arc<dyn Clock>,
        counters: Vec<Arc<Counters>>,
    ) -> Self {
        let (keys, second_keys, scx_keys) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self {
            invalidations,
            key_invalidations,
            origin_invalidations,
            revocations,
            clock,
            counters,
            keys,
            second_keys,
            scx_keys,
        }
    }

    /// Tells this cache of an issuer's new keys from now on.
    pub(crate) fn connect(&self, issuer: Generation, keys: &KeySetCache) {
        let _ = self.keys_of(issuer).set(keys.clone());
    }

    fn keys_of(&self, issuer: Generation) -> &OnceLock<KeySetCache> {
        match issuer {
            Generation::A => &self.keys,
            Generation::B => &self.second_keys,
        }
    }

    /// Tells this one of new keys of `authToken`s.
    pub(crate) fn connect_scx(&self, keys: &KeySetCache) {
        let _ = self.scx_keys.set(keys.clone());
    }
}

impl GatewayFeed for Feed {
    fn installation_changed(&self, app: AppId, tenant: TenantId) {
        self.invalidations.installation(app, tenant);
    }

    fn membership_changed(&self, _: PersonId) {
        self.invalidations.memberships();
    }

    fn registration_changed(&self, registration: RegistrationId) {
        self.key_invalidations.registration(registration);
    }

    fn origins_changed(&self) {
        self.origin_invalidations.everything();
    }

    fn keys_changed(&self, issuer: Generation, keys: KeySet) {
        if let Some(cache) = self.keys_of(issuer).get() {
            cache.push(keys);
        }
    }

    fn scx_keys_changed(&self, keys: KeySet) {
        if let Some(cache) = self.scx_keys.get() {
            cache.push(keys);
        }
    }

    fn revoked(&self, list: DenyList) {
        self.revocations.replace(list);
    }

    fn up_to_date(&self) {
        self.revocations.confirm(self.clock.monotonic());
    }

    fn take_refused(&self) -> (Vec<Refused>, u64) {
        let (mut refused, mut left_out) = (Vec::new(), 0);
        for counters in &self.counters {
            let (noted, more) = counters.take_refused();
            refused.extend(noted);
            left_out += more;
        }
        (refused, left_out)
    }

    fn take_usage(&self) -> Vec<UsageRow> {
        self.counters.iter().flat_map(|counters| counters.take_usage()).collect()
    }
}
