//! A name for each request, ours and never the caller's, so that a log line means one request.

use super::headers;
use http::HeaderValue;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{Builder, Uuid};

/// The name of one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestId(Uuid);

impl RequestId {
    pub(super) fn header(self) -> HeaderValue {
        headers::id(self.0)
    }
}

impl From<RequestId> for Uuid {
    fn from(id: RequestId) -> Self {
        id.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Draws random bytes.
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// Where request ids come from.
#[derive(Clone)]
pub struct RequestIds(Arc<Fill>);

impl RequestIds {
    /// Ids made of the random bytes that `fill` draws.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// The ids of one worker.
    pub(super) fn of_worker(&self) -> WorkersIds {
        WorkersIds { source: self.clone(), drawn: Arc::new(Mutex::new(Vec::with_capacity(AT_ONCE))) }
    }
}

impl fmt::Debug for RequestIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestIds")
    }
}

/// How many ids are drawn at once: to ask the operating system for each would be a system call a request.
const AT_ONCE: usize = 64;

/// One worker's ids, drawn ahead. Nobody else has its lock.
#[derive(Clone)]
pub(super) struct WorkersIds {
    source: RequestIds,
    drawn: Arc<Mutex<Vec<RequestId>>>,
}

impl WorkersIds {
    pub(super) fn next(&self) -> RequestId {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        drawn.pop().unwrap_or_else(|| self.draw(&mut drawn))
    }

    /// Fills up what is empty, and gives one more.
    fn draw(&self, drawn: &mut Vec<RequestId>) -> RequestId {
        let mut bytes = [[0; 16]; AT_ONCE];
        (self.source.0)(bytes.as_flattened_mut());
        let [first, rest @ ..] = bytes.map(|bytes| RequestId(Builder::from_random_bytes(bytes).into_uuid()));
        drawn.extend(rest);
        first
    }
}
