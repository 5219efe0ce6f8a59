//! Marketplace channels (SCX): who calls, what they present, what they are told.
//!
//! A channel or a seller exchanges a long-lived refresh token for a short `authToken`. Neither opens anything outside
//! `/v1`, and nothing from outside opens anything there.

mod answer;
mod claims;
mod error;
mod ids;
mod rates;
pub mod said;

pub use crate::language::Language;
pub use answer::{AuthAnswer, ScopeWord, UnknownScopeWord};
pub use claims::{AUTH_TOKEN_TYPE, Party, ScxClaims};
pub use error::{ErrorItem, ErrorList, Severity};
pub use ids::{AccountId, ChannelName, InvalidName, SellerId};
pub use rates::{Asker, INTERVAL, Rate, Rates, per_minute};
pub use said::Said;

/// Whether a path below `/v1` is answered by the platform itself; everything else there is the marketplace's.
#[must_use]
pub fn is_platforms(path: &str) -> bool {
    ["/v1/auth", "/v1/channel/seller", "/v1/seller/channel", "/v1/.well-known"]
        .into_iter()
        .any(|own| path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::is_platforms;

    #[test]
    fn whole_segments_decide_what_is_the_platforms() {
        for own in
            ["/v1/auth", "/v1/auth/create/seller-token", "/v1/channel/seller/x", "/v1/seller/channel/A"]
        {
            assert!(is_platforms(own), "{own}");
        }
        for other in ["/v1/authority", "/v1/channel", "/v1/channel/event", "/v1/seller/order", "/v1", "/auth"]
        {
            assert!(!is_platforms(other), "{other}");
        }
    }
}
