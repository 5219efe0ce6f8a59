//! The authorization endpoint for apps' clients: a person reads which app wants to act for them, where and how, and says yes or no
//! (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).

use super::authorize::{self, Back, Wish};
use super::fault::Fault;
use super::form::Posted;
use super::frame::{Frame, page as render};
use super::local::Local;
use super::prompt::Prompt;
use super::redirect::{is_the_same, leads_to};
use super::scopes::{Group, grouped};
use super::visit::{LeadsTo, Me, Visit};
use crate::Platform;
use crate::identity::Issuer;
use crate::identity::granting::{self, Wanted, of_the_api};
use crate::people::SignedIn;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{ClientId, PersonId};
use einlass_protocol::manifest::WebUrl;
use einlass_protocol::oauth::{ErrorCode, Form, Generation};
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;
use einlass_store::{ClientKind, GrantWish, SignInClient, Tenant};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

const MOST_NONCE: usize = 512;

#[derive(Template)]
#[template(path = "consent.html")]
struct Consent<'v> {
    f: Frame<'v>,
    app: String,
    provider: String,
    /// Where the app is that gets the code.
    place: String,
    tenants: Vec<Tenant>,
    wants: Vec<Group>,
    offline: bool,
    /// What was asked, and at which issuer, to be asked again with the answer.
    query: String,
    issuer: Generation,
    /// The scopes that are shown: what the app asks for may be another thing by then.
    shown: String,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    query: String,
    issuer: String,
    #[serde(default)]
    shown: String,
    #[serde(default)]
    allow: bool,
}

/// A request of an app's client that may be answered at its redirect URI.
struct Asked<'f> {
    client: SignInClient,
    back: Back<'f>,
    /// Where the app is that gets the answer.
    place: WebUrl,
}

/// What it wants, read.
struct Reading {
    wish: Wish,
    wanted: Wanted,
    prompt: Prompt,
    /// The person that it means, if it says so.
    hint: Option<PersonId>,
}

/// Shows what is wanted, to whoever has signed in and has not allowed it before.
pub(super) async fn page(
    visit: Visit,
    platform: &Platform,
    issuer: Generation,
    query: String,
    form: &Form,
) -> Result<Response, Fault> {
    let Asked { client, back, place } = asked(platform, issuer, form).await?;
    let reading = match read(platform, issuer, form, &client) {
        Ok(reading) => reading,
        Err(error) => return back.with("error", error.as_str()),
    };
    let silent = reading.prompt.is_silent;
    let me = match (&visit.signed_in, silent) {
        (Some(me), _) => me,
        (None, true) => return back.with("error", ErrorCode::LoginRequired.as_str()),
        (None, false) => return Err(Fault::SignInFirst),
    };
    let now = platform.clock.wall();
    if let Some(there) = proves_at(me, &reading, reading.prompt.proof_counts_for(), now) {
        return if silent {
            back.with("error", ErrorCode::LoginRequired.as_str())
        } else {
            Ok(first(there, issuer, &query))
        };
    }
    let tenants = platform.store.tenants_with_app(me.person.id, client.app.id, now).await?;
    if !tenants.is_empty() && has_allowed(platform, me, &client, &reading, now).await? {
        return give_code(platform, &visit, me, (&client, &back), reading).await;
    }
    if silent {
        return back.with("error", ErrorCode::ConsentRequired.as_str());
    }
    let provider = platform.store.organisation(client.app.organisation).await?;
    let page = Consent {
        f: Frame::of(&visit),
        app: client.app.name,
        provider: provider.map(|organisation| organisation.name).unwrap_or_default(),
        place: place.origin().to_owned(),
        tenants,
        wants: grouped(&reading.wanted.scope),
        offline: reading.wanted.offline,
        shown: reading.wanted.scope.to_string(),
        issuer,
        query,
    };
    let mut response = render(StatusCode::OK, &page)?;
    // A browser holds the way on after a form to its policy too.
    response.extensions_mut().insert(LeadsTo(leads_to(&place)));
    Ok(response)
}

/// The answer: everything is judged again, since it comes from a form.
pub(super) async fn decide(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Posted(Decision { query, issuer, shown, allow }): Posted<Decision>,
) -> Result<Response, Fault> {
    let issuer: Generation = issuer.parse().map_err(|_| Fault::Unreadable)?;
    let form = Form::parse(query.as_bytes()).map_err(|_| Fault::Unreadable)?;
    let Asked { client, back, .. } = asked(&platform, issuer, &form).await?;
    let reading = match read(&platform, issuer, &form, &client) {
        Ok(reading) => reading,
        Err(error) => return back.with("error", error.as_str()),
    };
    let now = platform.clock.wall();
    let tenants = platform.store.tenants_with_app(me.person.id, client.app.id, now).await?;
    if !allow || tenants.is_empty() {
        return back.with("error", ErrorCode::AccessDenied.as_str());
    }
    if let Some(there) = proves_at(&me, &reading, reading.prompt.proof_counts_while_read(), now) {
        return Ok(first(there, issuer, &query));
    }
    if shown.parse::<ScopeSet>().ok().as_ref() != Some(&reading.wanted.scope) {
        return Err(Fault::AskedAnew);
    }
    give_code(&platform, &visit, &me, (&client, &back), reading).await
}

async fn give_code(
    platform: &Platform,
    visit: &Visit,
    me: &SignedIn,
    (client, back): (&SignInClient, &Back<'_>),
    Reading { wish: Wish { challenge, .. }, wanted, .. }: Reading,
) -> Result<Response, Fault> {
    let to = (&client.client.id, &*back.redirect_uri);
    let code = platform.grant(me, to, challenge, wanted, &visit.browser).await?;
    back.with("code", code.ok_or(Fault::SignInFirst)?.expose())
}

/// Whether the person need not be asked: what is wanted now is part of what the same client was granted and has. A client that
/// can keep no secret may be another one by now (RFC 6749 §10.2, RFC 8252 §8.6).
async fn has_allowed(
    platform: &Platform,
    me: &SignedIn,
    SignInClient { client, .. }: &SignInClient,
    Reading { wanted, prompt, .. }: &Reading,
    now: UnixTime,
) -> Result<bool, Fault> {
    if prompt.asks || client.kind == ClientKind::Public {
        return Ok(false);
    }
    let Wanted { issuer, scope, openid, offline, .. } = wanted;
    let wish = GrantWish { scope, openid: *openid, offline: *offline };
    Ok(platform.store.has_granted(me.person.id, (&client.id, *issuer), wish, now).await?)
}

/// To where the person proves who it is, and then back to the page that asks: its address, since this may be the answer to it.
fn first(there: &str, issuer: Generation, query: &str) -> Response {
    let page = format!("{}{}?{query}", issuer.prefix(), issuer.paths().authorization);
    Redirect::to(&format!("{there}next={}", Local::from(page).encoded())).into_response()
}

/// RFC 6749 §4.1.2.1: without a client and a redirect URI that is its own nobody is sent anywhere.
async fn asked<'f>(platform: &'f Platform, issuer: Generation, form: &'f Form) -> Result<Asked<'f>, Fault> {
    let id = form.get("client_id").and_then(|id| id.parse().ok()).ok_or(Fault::UnknownClient)?;
    let client = platform.store.sign_in_client(&id).await?.ok_or(Fault::UnknownClient)?;
    let wanted = form.get("redirect_uri").ok_or(Fault::UnknownClient)?;
    if !client.uris.login.iter().any(|known| is_the_same(known, wanted)) {
        return Err(Fault::UnknownClient);
    }
    // Who is asked is told where the answer goes.
    let place = wanted.parse().map_err(|_| Fault::UnknownClient)?;
    let back = Back {
        redirect_uri: wanted.to_owned(),
        state: form.get("state"),
        issuer: &platform.issuer(issuer).url,
    };
    Ok(Asked { client, back, place })
}

fn read(
    platform: &Platform,
    issuer: Generation,
    form: &Form,
    client: &SignInClient,
) -> Result<Reading, ErrorCode> {
    let wish = authorize::wish(form)?;
    let prompt = Prompt::parse(form.get("prompt").unwrap_or_default()).ok_or(ErrorCode::InvalidRequest)?;
    let hint = hinted(platform.issuer(issuer), form, &client.client.id)?;
    let nonce = form.get("nonce").map(str::to_owned);
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > MOST_NONCE) {
        return Err(ErrorCode::InvalidRequest);
    }
    let said: ScopeSet =
        form.get("scope").unwrap_or_default().parse().map_err(|_| ErrorCode::InvalidScope)?;
    let has = |word: &str| granting::has(&said, word);
    if issuer == Generation::B && !has("openid") {
        return Err(ErrorCode::InvalidScope);
    }
    let of_the_api = of_the_api(&said);
    if !of_the_api.is_subset(&client.app.scopes) {
        return Err(ErrorCode::InvalidScope);
    }
    let scope = if of_the_api.is_empty() { client.app.scopes.clone() } else { of_the_api };
    let wanted = Wanted { issuer, scope, openid: has("openid"), offline: has("offline_access"), nonce };
    Ok(Reading { wish, wanted, prompt, hint })
}

/// OpenID Connect Core §3.1.2.1: whom the client means, by an ID token that it got of this issuer, however long ago.
fn hinted(issuer: &Issuer, form: &Form, client: &ClientId) -> Result<Option<PersonId>, ErrorCode> {
    let Some(token) = form.get("id_token_hint") else { return Ok(None) };
    let hint = issuer.hinted(token).filter(|hint| hint.client == *client);
    hint.map(|hint| Some(hint.person)).ok_or(ErrorCode::InvalidRequest)
}

/// Where the person has to prove first who it is, if it has to.
fn proves_at(
    me: &SignedIn,
    reading: &Reading,
    counts_for: Option<Duration>,
    now: UnixTime,
) -> Option<&'static str> {
    // OpenID Connect Core §3.1.2.2: no answer for another person than the hint names.
    if reading.hint.is_some_and(|person| person != me.person.id) {
        return Some("/login?again=true&");
    }
    is_stale(me, reading, counts_for, now).then_some("/confirm?")
}

/// Whether the proof is too old: since the client wants it so, or since what is granted goes on when the person is away, as
/// whoever finds an open browser would like it to.
fn is_stale(me: &SignedIn, reading: &Reading, counts_for: Option<Duration>, now: UnixTime) -> bool {
    let age = now.since(me.session.proved_at);
    let is_older = |most: Option<Duration>| most.is_some_and(|most| age > most);
    is_older(reading.wish.max_age) || is_older(counts_for) || reading.wanted.offline && !me.is_fresh(now)
}
