//! Channels and sellers: what their calls to the marketplace are judged by. The order is fixed: path, token, how often,
//! whose part of `/v1`, operation, scopes.

mod answer;

use super::authenticate::{bearer, with_keys};
use super::record::Record;
use super::refusal::Refusal;
use super::{Shared, find};
use crate::body::Body;
use einlass_client::keyset::KeySetCache;
use einlass_protocol::jose::ScxVerifier;
use einlass_protocol::network::Network;
use einlass_protocol::policy::{Caller, CallerKind, Policy, RequestPath};
use einlass_protocol::scx::{Asker, INTERVAL, Rate, Rates, ScxClaims, is_platforms};
use einlass_protocol::time::UnixTime;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use std::sync::Arc;
use std::time::Duration;

/// Where what `/v1` is for everybody is found; documents have their paths without it.
pub const MARKETPLACE_PREFIX: &str = "/v1";

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const LENGTH: HeaderName = HeaderName::from_static("x-ratelimit-interval-length-seconds");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// Which `authToken`s are accepted, and how often their holders have called. Nothing is remembered of a token: a holder
/// may not come so often that its signature counts.
pub struct Marketplace {
    verifier: ScxVerifier,
    keys: KeySetCache,
    rates: Arc<Rates<Asker>>,
}

impl Marketplace {
    /// Tokens that `verifier` accepts and one of the keys has signed; calls are counted in `rates`, together with those
    /// that the platform answers itself.
    #[must_use]
    pub fn new(verifier: ScxVerifier, keys: KeySetCache, rates: Arc<Rates<Asker>>) -> Self {
        Self { verifier, keys, rates }
    }

    async fn claims(&self, headers: &HeaderMap, now: UnixTime) -> Result<Arc<ScxClaims>, Refusal> {
        let token = bearer(headers)?;
        with_keys(&self.keys, |keys| self.verifier.verify(token, keys, now).map(Arc::new)).await
    }

    /// Says how much is left to the caller: counted by its address where nobody knows who it is.
    pub(super) fn finish(&self, response: &mut Response<Body>, record: &Record<'_>, now: Duration) {
        let by_address = || self.rates.take(Asker::Network(Network::of(record.address)), record.path(), now);
        let rate = record.rate.unwrap_or_else(by_address);
        let headers = response.headers_mut();
        headers.insert(LIMIT, HeaderValue::from(rate.limit));
        headers.insert(LENGTH, HeaderValue::from(INTERVAL.as_secs()));
        headers.insert(REMAINING, HeaderValue::from(rate.remaining));
    }
}

/// Whose call it is, if it may pass.
pub(super) async fn admit<'g, D>(
    shared: &'g Shared<D>,
    marketplace: &Marketplace,
    policy: &'g Policy,
    parts: &Parts,
    path: &RequestPath,
    record: &mut Record<'g>,
) -> Result<Arc<ScxClaims>, Refusal> {
    let (at, now) = (shared.clock.wall(), shared.clock.monotonic());
    let claims = marketplace.claims(&parts.headers, at).await?;
    record.party(&claims, at);
    shared.revocations.check_scx(&claims, now)?;
    // As everybody reads it, whatever it was written like.
    let path_of_all = format!("{}{}", shared.prefix, path.canonical());
    let rate = marketplace.rates.take(Asker::Party(claims.party.clone()), &path_of_all, now);
    record.rate = Some(rate);
    if let Rate { admitted: false, resets_in, .. } = rate {
        return Err(Refusal::TooManyCalls(resets_in));
    }
    if is_platforms(&path_of_all) {
        return Err(Refusal::UnknownOperation);
    }
    // Not a matter of scopes: no mode forgives it.
    if claims.party.is_kept_out_of(&path_of_all) {
        return Err(Refusal::OthersPart(claims.party.clone()));
    }
    let operation = find(policy, parts, path)?;
    record.operation = Some(operation);
    let scopes = &claims.party.scopes();
    let caller = Caller { kind: CallerKind::Machine, token: scopes, granted: scopes };
    record.judge(policy.decide(operation, caller), shared.mode)?;
    Ok(claims)
}
