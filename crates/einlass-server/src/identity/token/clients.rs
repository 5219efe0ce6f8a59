//! The clients that asked lately, in memory.

use einlass_protocol::ids::ClientId;
use einlass_protocol::time::UnixTime;
use einlass_store::{AuthenticableClient, Store, StoreError};
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

const MOST_CLIENTS: u64 = 100_000;
/// How long a secret that was revoked on another node may still work here.
const FRESH_FOR: Duration = Duration::from_secs(30);

/// The look-up of clients, remembered for a while. It only ever lets somebody in quicker: before anybody
/// is turned away the store is asked.
pub struct ClientDirectory {
    store: Store,
    recent: Cache<ClientId, Arc<AuthenticableClient>>,
}

impl ClientDirectory {
    /// A look-up in this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        let recent = Cache::builder().max_capacity(MOST_CLIENTS).time_to_live(FRESH_FOR).build();
        Self { store, recent }
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

    /// Remembers a client that proved who it is. Those who did not are not worth the memory.
    pub(super) fn remember(&self, client: &Arc<AuthenticableClient>) {
        self.recent.insert(client.id.clone(), Arc::clone(client));
    }
}
