//! The deny list of this process: what the store holds, read bit by bit.

use crate::platform::GatewayFeed;
use arc_swap::{ArcSwap, Guard};
use einlass_protocol::revocation::DenyList;
use einlass_protocol::time::UnixTime;
use einlass_store::{RecordedRevocation, Store, StoreError};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The deny list, and how much of the store it has seen.
#[derive(Default)]
pub struct KnownRevocations {
    list: ArcSwap<DenyList>,
    /// The number of the newest change that is in the list. Held while reading, so that an older list never replaces
    /// a newer one.
    seen: Mutex<i64>,
}

impl KnownRevocations {
    /// The list as it is now.
    #[must_use]
    pub fn list(&self) -> Guard<Arc<DenyList>> {
        self.list.load()
    }

    /// Has the next [`Self::refresh`] read everything.
    pub(crate) async fn read_from_the_start(&self) {
        *self.seen.lock().await = 0;
    }

    /// Reads what is new in the store and forgets what has expired. The gateway has the list when this returns.
    pub(crate) async fn refresh(
        &self,
        store: &Store,
        feed: &dyn GatewayFeed,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let mut seen = self.seen.lock().await;
        let new = store.revocations_after(*seen, now).await?;
        *seen = new.last().map_or(*seen, |newest| newest.seq);
        let mut list = self.list.load().forgetting(now);
        list.extend(new.into_iter().map(|RecordedRevocation { revocation, .. }| revocation));
        self.list.store(Arc::new(list.clone()));
        feed.revoked(list);
        Ok(())
    }
}
