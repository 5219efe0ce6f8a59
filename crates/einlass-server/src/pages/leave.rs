//! `/oauth2/sessions/logout`: an app has its person sign out here too (OpenID Connect RP-Initiated Logout 1.0). The person is always
//! asked, so that no link ends a session by itself, and sent on only to where the client said it would.

use super::cookie::Cookies;
use super::fault::Fault;
use super::form::{Asked, Sent};
use super::frame::{Frame, page as render};
use super::redirect::{is_the_same, leads_to};
use super::visit::{LeadsTo, Visit};
use crate::Platform;
use crate::identity::Issuer;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::manifest::WebUrl;
use einlass_protocol::oauth::Generation;
use http::header::SET_COOKIE;
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "leave.html")]
struct Leave<'v> {
    f: Frame<'v>,
    wish: Wish,
}

/// What the client says (§2).
#[derive(Deserialize, Serialize)]
pub(super) struct Wish {
    #[serde(default)]
    id_token_hint: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    post_logout_redirect_uri: String,
    #[serde(default)]
    state: String,
}

impl Wish {
    /// Who asks, as it says itself or as its ID token says; what there is of that token is not passed on, since nobody has need of
    /// who that was.
    fn judged(self, issuer: &Issuer) -> Result<Self, Fault> {
        if self.id_token_hint.is_empty() {
            return Ok(self);
        }
        // §2: one that this issuer gave away, though it may have expired, and to no other client.
        let hint = issuer.hinted(&self.id_token_hint).ok_or(Fault::ForeignHint)?;
        let client_id = hint.client.to_string();
        if !self.client_id.is_empty() && self.client_id != client_id {
            return Err(Fault::ForeignHint);
        }
        Ok(Self { client_id, id_token_hint: String::new(), ..self })
    }
}

pub(super) async fn page(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Extension(issuer): Extension<Generation>,
    Asked(wish): Asked<Wish>,
) -> Result<Response, Fault> {
    let wish = wish.judged(platform.issuer(issuer))?;
    let next = next(&platform, &wish).await?;
    if visit.signed_in.is_none() {
        return Ok(Redirect::to(next.as_deref().unwrap_or("/login")).into_response());
    }
    let place = next.and_then(|next| next.parse::<WebUrl>().ok());
    let leave = Leave { f: Frame::of(&visit), wish };
    let mut response = render(StatusCode::OK, &leave)?;
    if let Some(place) = place {
        response.extensions_mut().insert(LeadsTo(leads_to(&place)));
    }
    Ok(response)
}

/// The answer to the page that asks. A form of the client's own is sent on to that page (§2): nobody is signed out by it, and a
/// browser holds back who is signed in from it.
pub(super) async fn post(
    visit: Visit,
    State(platform): State<Arc<Platform>>,
    Extension(issuer): Extension<Generation>,
    uri: Uri,
    sent: Sent<Wish>,
) -> Result<Response, Fault> {
    let issuer = platform.issuer(issuer);
    match sent {
        Sent::Ours(wish) => leave(visit, &platform, wish.judged(issuer)?).await,
        Sent::Foreign(wish) => {
            let query = serde_urlencoded::to_string(wish.judged(issuer)?).map_err(|_| Fault::Unreadable)?;
            Ok(Redirect::to(&format!("{}?{query}", uri.path())).into_response())
        }
    }
}

async fn leave(visit: Visit, platform: &Platform, wish: Wish) -> Result<Response, Fault> {
    let next = next(platform, &wish).await?;
    if let Some(me) = &visit.signed_in {
        platform.end_session(&me.person, me.session.id, &visit.browser).await?;
    }
    let mut response = Redirect::to(next.as_deref().unwrap_or("/login")).into_response();
    let dropped = Cookies::at(&visit.place).drop_session();
    response.headers_mut().extend(dropped.map(|dropped| (SET_COOKIE, dropped)));
    Ok(response)
}

/// Where to go on, if the client has said beforehand that it may be there (§3).
async fn next(platform: &Platform, wish: &Wish) -> Result<Option<String>, Fault> {
    if wish.post_logout_redirect_uri.is_empty() {
        return Ok(None);
    }
    let client = wish.client_id.parse().map_err(|_| Fault::UnknownClient)?;
    let uris = platform.store.redirect_uris(&client).await?;
    let wanted = &wish.post_logout_redirect_uri;
    if !uris.logout.iter().any(|known| is_the_same(known, wanted)) {
        return Err(Fault::UnknownClient);
    }
    if wish.state.is_empty() {
        return Ok(Some(wanted.clone()));
    }
    let state = serde_urlencoded::to_string([("state", &wish.state)]).map_err(|_| Fault::Unreadable)?;
    let between = if wanted.contains('?') { '&' } else { '?' };
    Ok(Some(format!("{wanted}{between}{state}")))
}
