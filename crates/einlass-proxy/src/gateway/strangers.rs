//! A share of the platform for questions that anybody can make up: who invents what is asked for waits for others who do,
//! and nobody else waits for them.

use super::directory::DirectoryUnavailable;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// How long one who asks for what nobody knows yet waits for others of that kind.
const PATIENCE: Duration = Duration::from_millis(500);

/// Places for them. Clones share these.
#[derive(Clone)]
pub(super) struct Strangers(Arc<Semaphore>);

impl Strangers {
    /// So many at once, but one at least.
    pub(super) fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places.max(1))))
    }

    /// A place, until it is dropped.
    pub(super) async fn place(&self) -> Result<SemaphorePermit<'_>, DirectoryUnavailable> {
        let place = timeout(PATIENCE, self.0.acquire()).await;
        place.ok().and_then(Result::ok).ok_or(DirectoryUnavailable)
    }
}
