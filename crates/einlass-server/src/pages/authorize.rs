//! `/oauth2/auth` and `/id/oauth/v2/authorize`: the authorization endpoints (RFC 6749 §3.1), with a proof key (RFC 7636) always. At first-party clients nobody
//! is asked for consent: the surfaces are the platform itself. What others want is in [`super::consent`].

use super::consent;
use super::fault::Fault;
use super::form;
use super::local::MOST_BYTES;
use super::visit::Visit;
use crate::Platform;
use axum::Extension;
use axum::extract::{RawQuery, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::oauth::{CodeChallenge, ErrorCode, FirstParty, Form, Generation};
use std::sync::Arc;
use std::time::Duration;

/// What a client wants, once it is known who it is.
pub(super) struct Wish {
    pub(super) challenge: CodeChallenge,
    /// How old the proof of identity may be (OpenID Connect Core §3.1.2.1).
    pub(super) max_age: Option<Duration>,
}

/// The shortest `max_age` that is taken at its word: with less, whoever has just proved it would be asked again.
const SHORTEST_MAX_AGE: Duration = Duration::from_mins(1);

pub(super) async fn endpoint(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Extension(issuer): Extension<Generation>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let query = query.unwrap_or_default();
    let form = Form::parse_repeated(query.as_bytes()).map_err(|_| Fault::UnreadableRequest)?;
    let is_ours = form.get("client_id").is_some_and(|id| id.parse::<FirstParty>().is_ok());
    if !is_ours || issuer == Generation::B {
        return consent::page(visit, &platform, issuer, query, &form).await;
    }
    // RFC 6749 §4.1.2.1: without a client and a redirect URI that is its own nobody is sent anywhere.
    let client = form.get("client_id").and_then(|id| id.parse::<FirstParty>().ok());
    let client =
        client.filter(|client| platform.settings.homes.contains_key(client)).ok_or(Fault::UnknownClient)?;
    let redirect_uri = client.redirect_uri(platform.settings.origin_of(Some(client)));
    if form.get("redirect_uri") != Some(&redirect_uri) {
        return Err(Fault::UnknownClient);
    }
    let back = Back { redirect_uri, state: form.get("state"), issuer: &platform.settings.public_url };
    let Wish { challenge, max_age } = match wish(&form) {
        Ok(wish) => wish,
        Err(error) => return back.with("error", error.as_str()),
    };
    let me = visit.signed_in.as_ref().ok_or(Fault::SignInFirst)?;
    let age = platform.clock.wall().since(me.session.proved_at);
    if max_age.is_some_and(|most| age > most) {
        return Err(Fault::ConfirmFirst);
    }
    let code = platform.issue_code(me, client, challenge).await?.ok_or(Fault::SignInFirst)?;
    back.with("code", code.expose())
}

/// The same by a form (OpenID Connect Core §3.1.2.1). The browser is sent to what the form says as a query: from another site's
/// form it holds back who has signed in (`SameSite=Lax`), and not where that leads to.
pub(super) async fn post(request: Request) -> Result<Response, Fault> {
    let (head, body) = request.into_parts();
    let form = form::read(&head.headers, body).await.map_err(|_| Fault::UnreadableRequest)?;
    let query = std::str::from_utf8(&form).map_err(|_| Fault::UnreadableRequest)?;
    let there = format!("{}?{query}", head.uri.path());
    // As browsers send it: whatever else is in a form is percent-encoded, and a `#` would end the query.
    let is_query = query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if !is_query || there.len() > MOST_BYTES {
        return Err(Fault::UnreadableRequest);
    }
    Ok(Redirect::to(&there).into_response())
}

/// What every client says.
pub(super) fn wish(form: &Form) -> Result<Wish, ErrorCode> {
    // RFC 6749 §4.1.2.1: no parameter more than once.
    if form.has_repeated() {
        return Err(ErrorCode::InvalidRequest);
    }
    // OpenID Connect Core §6.1, §6.2: what is not done is not passed over.
    if form.get("request").is_some() {
        return Err(ErrorCode::RequestNotSupported);
    }
    if form.get("request_uri").is_some() {
        return Err(ErrorCode::RequestUriNotSupported);
    }
    // RFC 6749 §4.1.2: a code is in the query.
    if form.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(ErrorCode::InvalidRequest);
    }
    // RFC 6749 §4.1.2.1
    match form.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(ErrorCode::UnsupportedResponseType),
        None => return Err(ErrorCode::InvalidRequest),
    }
    // RFC 7636 §4.3: `plain` is not for us, so that what is seen on the way is worth nothing.
    if form.get("code_challenge_method") != Some("S256") {
        return Err(ErrorCode::InvalidRequest);
    }
    let challenge =
        form.get("code_challenge").and_then(|text| text.parse().ok()).ok_or(ErrorCode::InvalidRequest)?;
    let max_age = match form.get("max_age").map(str::parse) {
        None => None,
        Some(Ok(seconds)) => Some(Duration::from_secs(seconds).max(SHORTEST_MAX_AGE)),
        Some(Err(_)) => return Err(ErrorCode::InvalidRequest),
    };
    Ok(Wish { challenge, max_age })
}

/// The way back to a client.
pub(super) struct Back<'a> {
    pub(super) redirect_uri: String,
    pub(super) state: Option<&'a str>,
    pub(super) issuer: &'a str,
}

impl Back<'_> {
    /// RFC 6749 §4.1.2, and RFC 9207 §2 for who answers.
    pub(super) fn with(&self, name: &str, value: &str) -> Result<Response, Fault> {
        let mut query = vec![(name, value), ("iss", self.issuer)];
        query.extend(self.state.map(|state| ("state", state)));
        let query = serde_urlencoded::to_string(&query).map_err(|_| Fault::Unreadable)?;
        // RFC 6749 §3.1.2: a query that the URI has stays.
        let between = if self.redirect_uri.contains('?') { '&' } else { '?' };
        Ok(Redirect::to(&format!("{}{between}{query}", self.redirect_uri)).into_response())
    }
}
