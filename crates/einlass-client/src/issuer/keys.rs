//! An issuer's keys, wherever it says that they are.

use super::{Issuer, Metadata};
use crate::fetch::{BoxFuture, FetchError};
use crate::keyset::{Fetched, HttpKeySet, KeySetFetch};
use crate::transport::{self, BaseUrl};
use std::sync::{Arc, Mutex, PoisonError};

/// The key set of an issuer. Each fetch asks first where it is: an issuer that moves its keys is followed, and one that
/// speaks for another is not believed.
pub(crate) struct DiscoveredKeys {
    issuer: Issuer,
    /// Where they were last, with its connections.
    last: Mutex<Option<(BaseUrl, Arc<HttpKeySet>)>>,
}

impl DiscoveredKeys {
    pub(crate) fn of(issuer: Issuer) -> Self {
        Self { issuer, last: Mutex::default() }
    }

    async fn get(&self, known: Option<&str>) -> Result<Fetched, FetchError> {
        let place = Metadata::of(&self.issuer).await?.keys()?;
        let (set, is_same) = self.at(place)?;
        // The tag is of what was at another place.
        set.fetch(known.filter(|_| is_same)).await
    }

    /// The set at this place, and whether it is where it was.
    fn at(&self, place: BaseUrl) -> Result<(Arc<HttpKeySet>, bool), FetchError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, set)) = last.as_ref().filter(|(known, _)| *known == place) {
            return Ok((Arc::clone(set), true));
        }
        let set = Arc::new(HttpKeySet::at(&place).map_err(|fault| transport::no_tls(&fault))?);
        *last = Some((place, Arc::clone(&set)));
        Ok((set, false))
    }
}

impl KeySetFetch for DiscoveredKeys {
    fn fetch(&self, known: Option<&str>) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        let known = known.map(str::to_owned);
        Box::pin(async move { self.get(known.as_deref()).await })
    }
}
