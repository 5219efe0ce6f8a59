//! Assertions for upstreams, signed with the platform's own keys: upstreams check them with the key set that the
//! platform publishes anyway, and their type keeps them apart from access tokens.

use einlass_proxy::gateway::{ASSERTION_TYPE, Assertions, SigningUnavailable};
use einlass_server::Platform;
use std::sync::Arc;

/// Assertions of this platform for the upstream that is called `audience`.
pub(super) fn of(issuer: &str, audience: String, platform: &Arc<Platform>) -> Assertions {
    let platform = Arc::clone(platform);
    let signer = move |claims| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let platform = Arc::clone(&platform);
        Box::pin(async move { platform.sign(ASSERTION_TYPE, claims).await.map_err(|_| SigningUnavailable) })
    };
    Assertions::new(issuer, audience, Arc::new(signer))
}
