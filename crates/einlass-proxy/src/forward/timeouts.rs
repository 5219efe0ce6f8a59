//! How long the forwarder waits.

use std::time::Duration;

/// How long to wait for what. Nothing waits without a bound.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection to the upstream, TLS included. Then: 504.
    pub connect: Duration,
    /// For the head of the answer, from the moment that the upstream last took a piece of the request.
    /// Then: 504.
    pub response_head: Duration,
    /// For the next piece of a body, in either direction. Then the call is aborted, or answered with 408
    /// if it is the caller's body and no answer has begun.
    pub body_idle: Duration,
    /// How long an answer may lie without the caller asking for the next piece of it. Then the upstream is let
    /// go. Far longer than `body_idle`: a caller who takes little at a time asks seldom.
    pub unread: Duration,
    /// How long a connection to the upstream is kept without use.
    pub pooled: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            response_head: Duration::from_mins(1),
            body_idle: Duration::from_mins(1),
            unread: Duration::from_mins(5),
            pooled: Duration::from_mins(1),
        }
    }
}
