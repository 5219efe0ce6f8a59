//! A name for each request, ours and never the caller's, so that a log line means one request.

use http::HeaderValue;
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// The name of one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestId(Uuid);

impl RequestId {
    pub(super) fn header(self) -> HeaderValue {
        let mut buffer = Uuid::encode_buffer();
        let text = self.0.hyphenated().encode_lower(&mut buffer);
        // A UUID is visible ASCII, so this is never the alternative.
        HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Where request ids come from.
#[derive(Clone)]
pub struct RequestIds(Arc<dyn Fn() -> [u8; 16] + Send + Sync>);

impl RequestIds {
    /// Ids made of the given random bytes.
    pub fn new(random: impl Fn() -> [u8; 16] + Send + Sync + 'static) -> Self {
        Self(Arc::new(random))
    }

    pub(super) fn next(&self) -> RequestId {
        RequestId(uuid::Builder::from_random_bytes((self.0)()).into_uuid())
    }
}

impl fmt::Debug for RequestIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestIds")
    }
}
