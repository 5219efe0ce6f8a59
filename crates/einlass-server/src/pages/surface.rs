//! What every surface has: the way to the identity provider and back, as any client of it would go, and the way out.

use super::cookie::Cookies;
use super::fault::Fault;
use super::form::{Asked, Posted};
use super::language;
use super::local::Local;
use super::place::Place;
use super::visit::{self, Visit};
use crate::Platform;
use crate::people::Held;
use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use einlass_protocol::oauth::{CodeVerifier, FirstParty};
use http::header::SET_COOKIE;
use serde::Deserialize;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What a second attempt's `state` ends with: there is no third.
const AGAIN: &str = ".again";
/// How fresh the proof is that a dangerous step asks for: fresher than it has to be when the step is taken.
const FRESH: &str = "300";

/// These pages of a surface, with the way in and out around them.
pub(super) fn router(
    platform: &Arc<Platform>,
    surface: FirstParty,
    pages: Router<Arc<Platform>>,
) -> Router<Arc<Platform>> {
    let place = Arc::new(Place::of(&platform.settings, Some(surface)));
    let at = |path: &str| format!("{}{path}", surface.path());
    pages
        .route(&at("/sign-in"), get(begin))
        .route(&at("/callback"), get(finish))
        .route(&at("/logout"), post(sign_out))
        .route(&at("/language"), post(language::choose))
        .layer(from_fn_with_state((Arc::clone(platform), place), visit::enter))
}

/// What the browser keeps between going and coming back.
pub(super) struct Flow {
    pub(super) state: String,
    pub(super) verifier: CodeVerifier,
    pub(super) next: Local,
}

impl Flow {
    /// As a cookie's value.
    pub(super) fn to_text(&self) -> String {
        let next = URL_SAFE_NO_PAD.encode(self.next.as_str());
        format!("{}|{}|{next}", self.state, self.verifier.expose())
    }

    pub(super) fn of_text(text: &str) -> Option<Self> {
        let mut parts = text.split('|');
        let (state, verifier, next) = (parts.next()?, parts.next()?, parts.next()?);
        let next = String::from_utf8(URL_SAFE_NO_PAD.decode(next).ok()?).ok()?;
        let verifier = CodeVerifier::parse(verifier.into()).ok()?;
        Some(Self { state: state.into(), verifier, next: next.into() })
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: Local,
    /// Whether the proof of identity has to be fresh.
    #[serde(default)]
    fresh: bool,
    /// Whether it did not work out before.
    #[serde(default)]
    again: bool,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    code: Option<String>,
    #[serde(default)]
    state: String,
    #[serde(default)]
    iss: String,
}

/// Sends the browser to the identity provider.
async fn begin(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { next, fresh, again }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let Place { surface: Some(client), origin, .. } = &*visit.place else { return Err(Fault::NotFound) };
    let mut entropy = Zeroizing::new([0; 32]);
    platform.random.fill(&mut *entropy);
    let state = platform.random.uuid().simple().to_string() + if again { AGAIN } else { "" };
    let verifier = CodeVerifier::from_entropy(&entropy);
    let (redirect_uri, challenge) = (client.redirect_uri(origin), verifier.challenge());
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", client.client_id()),
        ("redirect_uri", &redirect_uri),
        ("state", &state),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    query.extend(fresh.then_some(("max_age", FRESH)));
    let query = serde_urlencoded::to_string(&query).map_err(|_| Fault::Unreadable)?;
    let mut response =
        Redirect::to(&format!("{}/oauth2/auth?{query}", platform.settings.public_url)).into_response();
    let flow = Flow { state, verifier, next: next.within(client.path()) };
    let kept = Cookies::at(&visit.place).keep(&flow);
    response.headers_mut().extend(kept.map(|kept| (SET_COOKIE, kept)));
    Ok(response)
}

/// Takes the identity provider's answer. What does not belong to what this browser began is none (RFC 6749 §10.12,
/// RFC 9207 §2.4).
async fn finish(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Asked(Answer { code, state, iss }): Asked<Answer>,
) -> Result<Response, Fault> {
    let Some(client) = visit.place.surface else { return Err(Fault::NotFound) };
    let cookies = Cookies::at(&visit.place);
    let flow = visit.flow.as_deref().and_then(Flow::of_text);
    if let (Some(flow), Some(code)) = (flow.filter(|flow| flow.state == state), code)
        && iss == platform.settings.public_url
    {
        let held = platform.redeem_code(&code, client, &flow.verifier, &visit.browser).await?;
        if let Some(held) = held {
            return Ok(arrived(cookies, &held, &flow.next));
        }
    }
    // Another tab may have begun in between, or the sign-in took longer than the browser kept its half.
    if visit.signed_in.is_some() {
        return Ok(Redirect::to(client.path()).into_response());
    }
    if state.ends_with(AGAIN) {
        return Err(Fault::SignInIncomplete);
    }
    Ok(Redirect::to(&format!("{}/sign-in?again=true", client.path())).into_response())
}

fn arrived(cookies: Cookies, held: &Held, next: &Local) -> Response {
    let mut response = Redirect::to(next.as_str()).into_response();
    let set = [cookies.hold(held), cookies.forget_flow()].into_iter().flatten();
    for cookie in set {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Ends the session at the identity provider, and so at every surface of this browser.
async fn sign_out(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    if let Some(me) = &visit.signed_in {
        platform.end_session(&me.person, me.session.id, &visit.browser).await?;
    }
    let mut response = Redirect::to(&format!("{}/login", visit.place.identity)).into_response();
    let dropped = Cookies::at(&visit.place).drop_session();
    response.headers_mut().extend(dropped.map(|dropped| (SET_COOKIE, dropped)));
    Ok(response)
}

/// `/` of a host without the identity provider: the surface that is there.
pub(super) fn root(platform: &Platform, surfaces: &[FirstParty]) -> Router<Arc<Platform>> {
    let Some(first) = surfaces.first().copied() else { return Router::new() };
    let homes: Vec<Place> = surfaces.iter().map(|it| Place::of(&platform.settings, Some(*it))).collect();
    let homes = Arc::new(homes);
    Router::new().route(
        "/",
        get(move |request: axum::extract::Request| {
            let homes = Arc::clone(&homes);
            async move {
                let named = homes.iter().find(|place| place.is_named_by(&request));
                Redirect::to(named.map_or(first.path(), Place::path))
            }
        }),
    )
}
