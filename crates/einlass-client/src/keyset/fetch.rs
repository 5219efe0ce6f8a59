//! Where key sets come from.

use crate::fetch::{BoxFuture, FetchError};
use einlass_protocol::jose::KeySet;
use std::time::Duration;

/// Fetches a key set. The HTTP one is [`HttpKeySet`](super::HttpKeySet); in the identity provider's own
/// process a closure does.
pub trait KeySetFetch: Send + Sync + 'static {
    /// Asks once. `known` is the entity tag of the set that the cache holds (RFC 9110 §8.8.3).
    fn fetch(&self, known: Option<&str>) -> BoxFuture<'_, Result<Fetched, FetchError>>;
}

impl<F, A> KeySetFetch for F
where
    F: Fn() -> A + Send + Sync + 'static,
    A: Future<Output = Result<KeySet, FetchError>> + Send + 'static,
{
    fn fetch(&self, _known: Option<&str>) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        let answer = self();
        Box::pin(async move { Ok(Fetched { keys: Some(answer.await?), tag: None, max_age: None }) })
    }
}

/// The answer to one fetch.
#[derive(Debug)]
pub struct Fetched {
    /// The set; `None` if it is still the one that the cache holds.
    pub keys: Option<KeySet>,
    /// Its entity tag.
    pub tag: Option<String>,
    /// How long it counts as fresh; the cache keeps this within a minute and an hour.
    pub max_age: Option<Duration>,
}
