//! Which apps a tenant has installed: asked from the platform one by one, remembered for a while, and
//! forgotten at once when the platform says so.

use einlass_client::clock::Clock;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::scope::ScopeSet;
use moka::sync::Cache;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An app in a tenant.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The scopes that the tenant has granted.
    pub granted: ScopeSet,
}

/// The platform did not answer, so nothing can be said: a 503, not a 403.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the platform cannot be asked about installations")]
pub struct DirectoryUnavailable;

/// Where installations are looked up.
pub trait Directory: Send + Sync + 'static {
    /// The installation of `app` in `tenant`, if there is one.
    fn installation(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> impl Future<Output = Result<Option<Installation>, DirectoryUnavailable>> + Send;
}

/// How much is remembered.
#[derive(Clone, Copy, Debug)]
pub struct CacheSettings {
    /// How long an answer counts, "not installed" included.
    pub remember: Duration,
    /// How many answers are kept.
    pub capacity: u64,
}

impl Default for CacheSettings {
    /// 30 seconds, 100 000 answers.
    fn default() -> Self {
        Self { remember: Duration::from_secs(30), capacity: 100_000 }
    }
}

/// A directory with a memory.
pub struct Installations<D> {
    directory: D,
    clock: Arc<dyn Clock>,
    remember: Duration,
    memory: Arc<Memory>,
}

type Key = (AppId, TenantId);

/// An answer, and until when it counts on the monotonic clock.
type Entry = (Option<Arc<Installation>>, Duration);

struct Memory {
    entries: Cache<Key, Entry>,
    /// Counts invalidations. Entries are written and removed under this lock, so that a look-up that began
    /// before an invalidation cannot bring back what was invalidated.
    epoch: Mutex<u64>,
}

impl<D: Directory> Installations<D> {
    /// Puts a memory in front of a directory.
    pub fn new(directory: D, clock: Arc<dyn Clock>, settings: CacheSettings) -> Self {
        let memory = Memory { entries: Cache::new(settings.capacity), epoch: Mutex::new(0) };
        Self { directory, clock, remember: settings.remember, memory: Arc::new(memory) }
    }

    /// A handle for whoever knows about changes.
    #[must_use]
    pub fn invalidations(&self) -> Invalidations {
        Invalidations(Arc::clone(&self.memory))
    }

    /// The installation of `app` in `tenant`, remembered or asked.
    pub async fn get(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> Result<Option<Arc<Installation>>, DirectoryUnavailable> {
        let key = (app, tenant);
        let now = self.clock.monotonic();
        if let Some((installation, _)) = self.memory.entries.get(&key).filter(|(_, until)| now < *until) {
            return Ok(installation);
        }
        let epoch = self.memory.epoch();
        let installation = self.directory.installation(app, tenant).await?.map(Arc::new);
        self.memory.remember(epoch, key, (installation.clone(), now.saturating_add(self.remember)));
        Ok(installation)
    }
}

impl Memory {
    fn epoch(&self) -> u64 {
        *self.epoch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, since: u64, key: Key, entry: Entry) {
        let epoch = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        if *epoch == since {
            self.entries.insert(key, entry);
        }
    }

    fn forget(&self, what: impl FnOnce(&Cache<Key, Entry>)) {
        let mut epoch = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        *epoch += 1;
        what(&self.entries);
    }
}

/// Makes a gateway forget what has changed. Clones reach the same gateway.
#[derive(Clone)]
pub struct Invalidations(Arc<Memory>);

impl Invalidations {
    /// Forgets one installation. When this returns no request is judged by what was known before, but for
    /// those that have been judged already.
    pub fn installation(&self, app: AppId, tenant: TenantId) {
        self.0.forget(|entries| entries.invalidate(&(app, tenant)));
    }

    /// Forgets everything, for when changes may have been missed.
    pub fn everything(&self) {
        self.0.forget(Cache::invalidate_all);
    }
}

impl<D> fmt::Debug for Installations<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Installations({} remembered)", self.memory.entries.entry_count())
    }
}

impl fmt::Debug for Invalidations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invalidations")
    }
}
