//! Which apps a tenant has installed and who works there: asked from the platform one by one, remembered
//! for a while, and forgotten at once when the platform says so.

use super::directory::{Directory, DirectoryUnavailable, Installation};
use super::memory::Memory;
use einlass_client::clock::Clock;
use einlass_protocol::ids::{AppId, TenantId};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How much is remembered.
#[derive(Clone, Copy, Debug)]
pub struct CacheSettings {
    /// How long an answer counts, "not installed" included.
    pub remember: Duration,
    /// How many answers of each kind are kept.
    pub capacity: u64,
}

impl Default for CacheSettings {
    /// 30 seconds, 100 000 answers.
    fn default() -> Self {
        Self { remember: Duration::from_secs(30), capacity: 100_000 }
    }
}

/// A directory with a memory. Clones share the memory.
#[derive(Clone)]
pub struct Installations<D> {
    directory: D,
    clock: Arc<dyn Clock>,
    remember: Duration,
    known: Arc<Known>,
}

/// What is remembered.
struct Known {
    installations: Memory<(AppId, TenantId), Option<Arc<Installation>>, DirectoryUnavailable>,
    members: Memory<(Box<str>, TenantId), bool, DirectoryUnavailable>,
}

impl<D: Directory> Installations<D> {
    /// Puts a memory in front of a directory.
    pub fn new(directory: D, clock: Arc<dyn Clock>, settings: CacheSettings) -> Self {
        let CacheSettings { remember, capacity } = settings;
        let known = Known { installations: Memory::new(capacity), members: Memory::new(capacity) };
        Self { directory, clock, remember, known: Arc::new(known) }
    }

    /// A handle for whoever knows about changes.
    #[must_use]
    pub fn invalidations(&self) -> Invalidations {
        Invalidations(Arc::clone(&self.known))
    }

    /// The installation of `app` in `tenant`, remembered or asked.
    pub async fn get(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> Result<Option<Arc<Installation>>, DirectoryUnavailable> {
        let ask = async { Ok(self.directory.installation(app, tenant).await?.map(Arc::new)) };
        let now = self.clock.monotonic();
        self.known.installations.recall((app, tenant), now, self.remember, ask).await
    }

    /// Whether `person` may work in `tenant`, remembered or asked.
    pub async fn is_member(&self, person: &str, tenant: TenantId) -> Result<bool, DirectoryUnavailable> {
        let ask = self.directory.is_member(person, tenant);
        let now = self.clock.monotonic();
        self.known.members.recall((person.into(), tenant), now, self.remember, ask).await
    }
}

/// Makes a gateway forget what has changed. Clones reach the same gateway. When a call returns no request
/// is judged by what was known before, but for those that have been judged already.
#[derive(Clone)]
pub struct Invalidations(Arc<Known>);

impl Invalidations {
    /// Forgets one installation.
    pub fn installation(&self, app: AppId, tenant: TenantId) {
        self.0.installations.forget(&(app, tenant));
    }

    /// Forgets whether one person may work in one tenant.
    pub fn membership(&self, person: &str, tenant: TenantId) {
        self.0.members.forget(&(person.into(), tenant));
    }

    /// Forgets who works where. That changes rarely.
    pub fn memberships(&self) {
        self.0.members.forget_all();
    }

    /// Forgets everything, for when changes may have been missed.
    pub fn everything(&self) {
        self.0.installations.forget_all();
        self.0.members.forget_all();
    }
}

impl fmt::Debug for Invalidations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invalidations")
    }
}
