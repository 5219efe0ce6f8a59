//! When a token counts (RFC 7519 §4.1.4 to §4.1.6); clocks may differ by 30 seconds.

use super::TokenRejected;
use crate::time::UnixTime;
use std::time::Duration;

const LEEWAY: Duration = Duration::from_secs(30);

/// When a token was issued, and from when until when it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) issued_at: UnixTime,
    pub(super) expires_at: UnixTime,
    valid_from: UnixTime,
}

impl Span {
    /// What the claims `exp`, `iat` and `nbf` say.
    pub(super) fn new(exp: i64, iat: i64, nbf: Option<i64>) -> Self {
        let issued_at = UnixTime::from_seconds(iat);
        let valid_from = UnixTime::from_seconds(nbf.unwrap_or(iat)).max(issued_at);
        Self { issued_at, expires_at: UnixTime::from_seconds(exp), valid_from }
    }

    /// Whether the token counts at `now`.
    pub(super) fn check(self, now: UnixTime) -> Result<(), TokenRejected> {
        // RFC 7519 §4.1.4: on or after the expiration time it must not be accepted.
        if now.minus(LEEWAY) >= self.expires_at {
            return Err(TokenRejected::Expired(self.expires_at));
        }
        // RFC 7519 §4.1.5
        if self.valid_from > now.plus(LEEWAY) {
            return Err(TokenRejected::NotYetValid(self.valid_from));
        }
        Ok(())
    }
}
