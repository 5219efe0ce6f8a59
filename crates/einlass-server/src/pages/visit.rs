//! What happens around every page: who comes and in which language, what an error looks like, and which headers leave.

use super::cookie::Cookies;
use super::fault::Fault;
use super::local::Local;
use super::place::Place;
use crate::Platform;
use crate::audit::Actor;
use crate::people::{Browser, SignedIn};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::language::Language;
use http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERER, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, USER_AGENT, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

/// Beside the policy of its place. `same-origin` keeps `Origin` on forms, which writes are judged by, and links out of
/// others' sight.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (VARY, HeaderValue::from_static("cookie, accept-language")),
];

/// RFC 6797 §6.1: whoever was here once does not come without TLS again.
const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Whose pages a page shows in frames: an extension of its answer, which its policy then allows.
#[derive(Clone)]
pub(super) struct Framed(String);

impl Framed {
    /// These origins, and no others.
    pub(super) fn of(origins: &BTreeSet<&str>) -> Self {
        Self(origins.iter().copied().collect::<Vec<_>>().join(" "))
    }

    fn allowed_by(&self, policy: &HeaderValue) -> HeaderValue {
        let text = format!("{}; frame-src {}", policy.to_str().unwrap_or_default(), self.0);
        // Origins are visible characters; whatever is not is not shown.
        HeaderValue::try_from(text).unwrap_or_else(|_| policy.clone())
    }
}

/// Where a page's form leads to beside hosts of ours: an extension of its answer, which its policy then allows.
#[derive(Clone)]
pub(super) struct LeadsTo(pub(super) String);

impl LeadsTo {
    fn allowed_by(&self, policy: &HeaderValue) -> HeaderValue {
        let text = policy.to_str().unwrap_or_default();
        let text = text.replace("form-action 'self'", &format!("form-action 'self' {}", self.0));
        HeaderValue::try_from(text).unwrap_or_else(|_| policy.clone())
    }
}

/// What a page's script asks beside its own host: an extension of its answer, which its policy then allows.
#[derive(Clone)]
pub(super) struct Asks(pub(super) String);

impl Asks {
    fn allowed_by(&self, policy: &HeaderValue) -> HeaderValue {
        let text = policy.to_str().unwrap_or_default();
        let text = text.replace("connect-src 'self'", &format!("connect-src 'self' {}", self.0));
        HeaderValue::try_from(text).unwrap_or_else(|_| policy.clone())
    }
}

/// Somebody who looks at a page.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) place: Arc<Place>,
    pub(super) language: Language,
    pub(super) browser: Browser,
    pub(super) signed_in: Option<Arc<SignedIn>>,
    /// The browser's half of a sign-in that has begun.
    pub(super) flow: Option<Arc<str>>,
    /// What is asked for.
    pub(super) here: Local,
    /// The page of ours that led here, as it says.
    from: Local,
    is_read: bool,
}

impl Visit {
    /// Somebody of whom nothing is known but what the browser says.
    fn of(place: Arc<Place>, request: &Request) -> Self {
        let headers = request.headers();
        let cookies = Cookies::at(&place);
        let (holds, flow) = (cookies.session(headers), cookies.flow(headers).map(Arc::from));
        Self {
            language: language(headers),
            browser: Browser {
                actor: Actor::of(request),
                agent: text_of(headers, &USER_AGENT).into(),
                holds,
            },
            signed_in: None,
            flow,
            place,
            here: request
                .uri()
                .path_and_query()
                .map_or_else(Local::default, |it| it.as_str().to_owned().into()),
            from: text_of(headers, &REFERER).parse::<Uri>().ok().and_then(local).unwrap_or_default(),
            is_read: matches!(*request.method(), Method::GET | Method::HEAD),
        }
    }

    /// Finds out who that is.
    async fn recognise(&mut self, platform: &Platform) -> Result<(), Fault> {
        let Some(holds) = &self.browser.holds else { return Ok(()) };
        let found = match self.place.surface {
            Some(surface) => platform.signed_in_at(surface, holds).await?,
            None => platform.signed_in(holds).await?,
        };
        self.signed_in = found.map(Arc::new);
        Ok(())
    }

    /// Looks again, now that the whole request is here: of whoever sends a body slowly the session may have ended meanwhile.
    pub(super) async fn still_holds(&self, platform: &Platform) -> Result<(), Fault> {
        if self.signed_in.is_none() {
            return Ok(());
        }
        let mut again = Self { signed_in: None, ..self.clone() };
        again.recognise(platform).await?;
        again.signed_in.map(drop).ok_or(Fault::SignInFirst)
    }

    /// Sends whoever has to prove first who they are to where that is done: at the identity provider to its page, at a
    /// surface to where it begins, and then back.
    pub(super) fn sent_to(&self, page: &str, beginning: &str) -> Response {
        let next = self.back().encoded();
        let there = match self.place.surface {
            Some(surface) => format!("{}{}{beginning}next={next}", self.place.origin, surface.path()),
            None => format!("{page}?next={next}"),
        };
        Redirect::to(&there).into_response()
    }

    /// Whether a page of ours below this path led here, as the browser says: what a link says was done may not have been.
    pub(super) fn came_from(&self, start: &str) -> bool {
        self.from.as_str().starts_with(start)
    }

    /// Where to go on after something that has to be done before: here, or where a form was.
    pub(super) fn back(&self) -> &Local {
        if self.is_read { &self.here } else { &self.from }
    }
}

fn language(headers: &HeaderMap) -> Language {
    let accepted = || Language::of(headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()));
    Cookies::language(headers).unwrap_or_else(accepted)
}

fn text_of<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn local(uri: Uri) -> Option<Local> {
    Some(uri.into_parts().path_and_query?.as_str().to_owned().into())
}

/// Finds out who comes, has the page made, and finishes it.
pub(super) async fn enter(
    State((platform, place)): State<(Arc<Platform>, Arc<Place>)>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(there) = place.elsewhere(&request) {
        return Redirect::to(&there).into_response();
    }
    let (policy, is_secure) = (place.policy.clone(), place.is_secure());
    let mut visit = Visit::of(place, &request);
    let admitted = platform.limits.admit_address(visit.browser.actor.ip()).map_err(Fault::TooManyRequests);
    let recognised = match admitted {
        Ok(()) => visit.recognise(&platform).await,
        Err(fault) => Err(fault),
    };
    let mut response = match recognised {
        Ok(()) => {
            request.extensions_mut().insert(visit.clone());
            next.run(request).await
        }
        Err(fault) => fault.answer(&visit),
    };
    if let Some(fault) = response.extensions_mut().remove::<Arc<Fault>>() {
        response = fault.answer(&visit);
    }
    response.headers_mut().extend(HEADERS);
    let policy = match response.extensions_mut().remove::<Framed>() {
        Some(framed) => framed.allowed_by(&policy),
        None => policy,
    };
    let policy = match response.extensions_mut().remove::<LeadsTo>() {
        Some(leads_to) => leads_to.allowed_by(&policy),
        None => policy,
    };
    let policy = match response.extensions_mut().remove::<Asks>() {
        Some(asks) => asks.allowed_by(&policy),
        None => policy,
    };
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    if is_secure {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, FOR_A_YEAR);
    }
    response
}

impl FromRequestParts<Arc<Platform>> for Visit {
    type Rejection = Infallible;

    #[expect(clippy::expect_used, reason = "every page is behind `enter`")]
    async fn from_request_parts(parts: &mut Parts, _: &Arc<Platform>) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().expect("`enter` was here").clone())
    }
}

/// Somebody who has signed in; whoever has not is sent to do so.
pub(super) struct Me(pub(super) Arc<SignedIn>);

impl FromRequestParts<Arc<Platform>> for Me {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Platform>) -> Result<Self, Fault> {
        let visit = parts.extensions.get::<Visit>();
        visit.and_then(|visit| visit.signed_in.clone()).map(Self).ok_or(Fault::SignInFirst)
    }
}

/// Somebody who has just proved to be who it is: for dangerous steps.
pub(super) struct Surely(pub(super) Arc<SignedIn>);

impl FromRequestParts<Arc<Platform>> for Surely {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let Me(me) = Me::from_request_parts(parts, platform).await?;
        if me.is_fresh(platform.clock.wall()) { Ok(Self(me)) } else { Err(Fault::ConfirmFirst) }
    }
}
