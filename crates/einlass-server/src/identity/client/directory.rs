//! The clients that asked lately, in memory.

use crate::identity::OAuthError;
use einlass_protocol::ids::ClientId;
use einlass_protocol::time::UnixTime;
use einlass_store::{AuthenticableClient, Store, StoreError};
use moka::sync::Cache;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

const MOST_CLIENTS: u64 = 100_000;
/// How long a secret that was revoked on another node may still work here, if word of it does not come through.
const FRESH_FOR: Duration = Duration::from_secs(30);

/// How much of the store those who proved nothing yet may take up: the rest is for everybody else.
const SHARE_OF_STRANGERS: u32 = 4;
/// How long one of them waits for another one.
const PATIENCE: Duration = Duration::from_millis(500);

/// The look-up of clients, remembered for a while. It only ever lets somebody in quicker: before anybody
/// is turned away the store is asked.
pub struct ClientDirectory {
    store: Store,
    recent: Cache<ClientId, Arc<AuthenticableClient>>,
    /// How often something was forgotten.
    forgotten: Mutex<u64>,
    strangers: Semaphore,
}

/// What the directory had been told to forget at some moment.
#[derive(Clone, Copy)]
pub(super) struct State(u64);

impl ClientDirectory {
    /// A look-up in this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        let recent = Cache::builder().max_capacity(MOST_CLIENTS).time_to_live(FRESH_FOR).build();
        let places = (store.most_connections() / SHARE_OF_STRANGERS).max(1);
        Self { store, recent, forgotten: Mutex::new(0), strangers: Semaphore::new(places as usize) }
    }

    /// A place at the store for who proved nothing yet: so however many come, neither clients that are known nor the
    /// gateway wait behind them.
    pub(super) async fn place_for_a_stranger(&self) -> Result<SemaphorePermit<'_>, OAuthError> {
        let place = timeout(PATIENCE, self.strangers.acquire()).await;
        place.ok().and_then(Result::ok).ok_or(OAuthError::TooManyStrangers)
    }

    /// The client as it was known at most [`FRESH_FOR`] ago.
    pub(super) fn recent(&self, id: &ClientId) -> Option<Arc<AuthenticableClient>> {
        self.recent.get(id)
    }

    /// The client as the store knows it now.
    pub(super) async fn current(
        &self,
        id: &ClientId,
        now: UnixTime,
    ) -> Result<Option<Arc<AuthenticableClient>>, StoreError> {
        Ok(self.store.client_to_authenticate(id, now).await?.map(Arc::new))
    }

    /// To be asked before the store is.
    pub(super) fn state(&self) -> State {
        State(*self.forgotten())
    }

    /// Remembers a client that proved who it is. Those who did not are not worth the memory, and what was looked up
    /// before something was forgotten may be just that.
    pub(super) fn remember(&self, client: &Arc<AuthenticableClient>, seen: State) {
        let forgotten = self.forgotten();
        if *forgotten == seen.0 {
            self.recent.insert(client.id.clone(), Arc::clone(client));
        }
    }

    /// Forgets a client whose secrets changed: from here on the store is asked.
    pub fn forget(&self, id: &ClientId) {
        *self.forgotten() += 1;
        self.recent.invalidate(id);
    }

    /// Forgets every client.
    pub fn forget_all(&self) {
        *self.forgotten() += 1;
        self.recent.invalidate_all();
    }

    fn forgotten(&self) -> MutexGuard<'_, u64> {
        self.forgotten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use einlass_protocol::ids::AppId;
    use einlass_protocol::jose::Algorithm;
    use einlass_protocol::scope::ScopeSet;
    use einlass_store::ClientKind;
    use uuid::Uuid;

    #[tokio::test]
    async fn what_was_looked_up_before_something_was_forgotten_is_not_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Store::sqlite_url(&folder.path().join("einlass.db"))).await.unwrap();
        let directory = ClientDirectory::new(store);
        let id: ClientId = "client".parse().unwrap();
        let client = Arc::new(AuthenticableClient {
            id: id.clone(),
            app: AppId::new(Uuid::from_u128(1)),
            scopes: ScopeSet::default(),
            algorithm: Algorithm::EdDsa,
            kind: ClientKind::Service,
            secrets: Vec::new(),
        });
        let seen = directory.state();
        directory.forget(&id);
        directory.remember(&client, seen);
        assert!(directory.recent(&id).is_none());
        directory.remember(&client, directory.state());
        assert!(directory.recent(&id).is_some());
        directory.forget(&id);
        assert!(directory.recent(&id).is_none());
    }

    #[tokio::test]
    async fn strangers_wait_for_each_other_and_not_for_long() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Store::sqlite_url(&folder.path().join("einlass.db"))).await.unwrap();
        let directory = ClientDirectory::new(store);
        tokio::time::pause();
        let places = directory.strangers.available_permits();
        let mut taken = Vec::new();
        for _ in 0..places {
            taken.push(directory.place_for_a_stranger().await.unwrap());
        }
        assert!(matches!(directory.place_for_a_stranger().await, Err(OAuthError::TooManyStrangers)));
        let (waiting, ()) = tokio::join!(directory.place_for_a_stranger(), async { drop(taken.pop()) });
        drop(waiting.unwrap());
    }
}
