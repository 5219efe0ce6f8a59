//! What every request below `/v1` goes through: limit → authenticate → what it opens → rate → answer.

use super::{Scx, ScxError};
use crate::Platform;
use crate::audit::Actor;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use einlass_protocol::network::Network;
use einlass_protocol::scx::{Asker, INTERVAL, Language, Party, Rate, ScxClaims};
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::sync::{Arc, OnceLock};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const LENGTH: HeaderName = HeaderName::from_static("x-ratelimit-interval-length-seconds");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// What is left to a caller, once that is counted.
#[derive(Clone, Default)]
pub(super) struct Counted(Arc<OnceLock<Rate>>);

impl Counted {
    /// Takes what was counted into the answer, and refuses what was too much.
    pub(super) fn hold(&self, rate: Rate) -> Result<(), ScxError> {
        let Rate { admitted, resets_in, .. } = *self.0.get_or_init(|| rate);
        if admitted {
            Ok(())
        } else {
            Err(ScxError::TooMany { what: "too many requests", retry_after: resets_in })
        }
    }
}

/// Proof of who calls.
#[derive(Clone)]
pub(super) struct Caller(pub(super) Arc<ScxClaims>);

/// Judges a request, has it answered, and finishes the answer.
pub(super) async fn enter(
    State(platform): State<Arc<Platform>>,
    mut request: Request,
    next: Next,
) -> Response {
    let (actor, counted) = (Actor::of(&request), Counted::default());
    let language = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let (language, path) = (Language::of(language), request.uri().path().to_owned());
    request.extensions_mut().insert(counted.clone());
    let mut response = match admit(&platform, &mut request, &counted, &actor) {
        Ok(()) => next.run(request).await,
        Err(error) => axum::response::IntoResponse::into_response(error),
    };
    if let Some(error) = response.extensions_mut().remove::<Arc<ScxError>>() {
        let allow = response.headers_mut().remove(http::header::ALLOW);
        response = error.answer(language);
        response.headers_mut().extend(allow.map(|allow| (http::header::ALLOW, allow)));
        let (status, address) = (response.status().as_u16(), actor.ip());
        tracing::warn!(target: "einlass::scx", status, reason = %error, %address, "refused");
    }
    if let Ok(scx) = platform.scx() {
        let count =
            || scx.rates.take(Asker::Network(Network::of(actor.ip())), &path, platform.clock.monotonic());
        write_rate(response.headers_mut(), counted.0.get_or_init(count));
    }
    response
}

fn admit(
    platform: &Platform,
    request: &mut Request,
    counted: &Counted,
    actor: &Actor,
) -> Result<(), ScxError> {
    let scx = platform.scx()?;
    platform.limits.admit_address(actor.ip()).map_err(|retry_after| ScxError::TooMany {
        what: "too many requests from this address",
        retry_after,
    })?;
    let path = request.uri().path();
    let is_open = ["/v1/auth", "/v1/.well-known/"].iter().any(|open| path.starts_with(open));
    if is_open {
        return Ok(());
    }
    let claims = authenticate(platform, scx, request.headers())?;
    counted.hold(scx.rates.take(Asker::Party(claims.party.clone()), path, platform.clock.monotonic()))?;
    if !claims.party.opens(path) {
        return Err(ScxError::Forbidden(claims.party));
    }
    let actor = actor.clone().named(claims.party.to_string());
    request.extensions_mut().insert(actor);
    request.extensions_mut().insert(Caller(Arc::new(claims)));
    Ok(())
}

fn authenticate(platform: &Platform, scx: &Scx, headers: &HeaderMap) -> Result<ScxClaims, ScxError> {
    let token = bearer(headers).ok_or(ScxError::NoToken)?;
    let claims = scx.verifier.verify(token, scx.keys.ring().key_set(), platform.clock.wall())?;
    match platform.revocations.list().denies_scx(&claims) {
        Some(denied) => Err(denied.into()),
        None => Ok(claims),
    }
}

/// The one bearer token of a request (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut authorizations = headers.get_all(AUTHORIZATION).iter();
    let (Some(header), None) = (authorizations.next(), authorizations.next()) else {
        return None;
    };
    let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn write_rate(headers: &mut HeaderMap, rate: &Rate) {
    headers.insert(LIMIT, HeaderValue::from(rate.limit));
    headers.insert(LENGTH, HeaderValue::from(INTERVAL.as_secs()));
    headers.insert(REMAINING, HeaderValue::from(rate.remaining));
}

/// Which channel calls. [`enter`] lets nobody else in below `/v1/channel`.
pub(super) fn channel(caller: &Caller) -> Result<&einlass_protocol::scx::ChannelName, ScxError> {
    match &caller.0.party {
        Party::Channel(name) => Ok(name),
        seller @ Party::Seller { .. } => Err(ScxError::Forbidden(seller.clone())),
    }
}

/// Which tenant sells. [`enter`] lets nobody else in below `/v1/seller`.
pub(super) fn seller(caller: &Caller) -> Result<einlass_protocol::ids::TenantId, ScxError> {
    match &caller.0.party {
        Party::Seller { tenant, .. } => Ok(*tenant),
        channel @ Party::Channel(_) => Err(ScxError::Forbidden(channel.clone())),
    }
}
