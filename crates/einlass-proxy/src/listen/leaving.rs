//! A listener that is about to stop: its callers learn it with their answers, so that none of them sends a request
//! down a connection that is being closed.

use crate::body::Body;
use http::header::{CONNECTION, HeaderValue};
use http::{Response, StatusCode, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether callers are sent elsewhere. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct Leaving(Arc<AtomicBool>);

impl Leaving {
    /// From here on every HTTP/1 answer closes its connection (RFC 9112 §9.6). HTTP/2 has GOAWAY for this, which leaves
    /// when the listener stops.
    pub fn announce(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Says so with an answer, if it is so. A tunnel is no answer that others follow.
    pub(super) fn mark(&self, version: Version, answer: &mut Response<Body>) {
        let persistent = version <= Version::HTTP_11 && answer.status() != StatusCode::SWITCHING_PROTOCOLS;
        if persistent && self.0.load(Ordering::Relaxed) {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
}
