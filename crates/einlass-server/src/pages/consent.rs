//! `/oauth2/auth` for apps' clients: a person reads which app wants to act for them, where and how, and says yes or no
//! (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).

use super::authorize::{self, Back, Wish};
use super::fault::Fault;
use super::form::Posted;
use super::frame::{Frame, page as render};
use super::scopes::{Group, grouped};
use super::visit::{LeadsTo, Me, Visit};
use crate::Platform;
use crate::identity::granting::{Wanted, of_the_api};
use crate::people::{SignedIn, acting};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::manifest::WebUrl;
use einlass_protocol::oauth::{ErrorCode, Form};
use einlass_protocol::scope::ScopeSet;
use einlass_store::{SignInClient, Tenant};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How fresh the proof is that `prompt=login` asks for (OpenID Connect Core §3.1.2.1).
const JUST_NOW: Duration = Duration::from_mins(1);
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
    /// What was asked, to be asked again with the answer.
    query: String,
    /// The scopes that are shown: what the app asks for may be another thing by then.
    shown: String,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    query: String,
    #[serde(default)]
    shown: String,
    #[serde(default)]
    allow: bool,
}

/// A request of an app's client that may be answered at its redirect URI.
struct Asked<'f> {
    client: SignInClient,
    back: Back<'f>,
}

/// What it wants, read.
struct Reading {
    wish: Wish,
    wanted: Wanted,
    prompt: Prompt,
}

/// What the client says of asking the person.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Prompt {
    AsNeeded,
    /// Nothing may be asked.
    Nothing,
    /// The proof of identity has to be new.
    SignIn,
}

/// Shows what is wanted, to whoever has signed in.
pub(super) async fn page(
    visit: Visit,
    platform: &Platform,
    query: String,
    form: &Form,
) -> Result<Response, Fault> {
    let Asked { client, back } = asked(platform, form).await?;
    let reading = match read(form, &client) {
        Ok(reading) => reading,
        Err(error) => return back.with("error", error.as_str()),
    };
    let silent = reading.prompt == Prompt::Nothing;
    let me = match (&visit.signed_in, silent) {
        (Some(me), _) => me,
        (None, true) => return back.with("error", ErrorCode::LoginRequired.as_str()),
        (None, false) => return Err(Fault::SignInFirst),
    };
    if is_stale(platform, me, &reading) {
        return if silent {
            back.with("error", ErrorCode::LoginRequired.as_str())
        } else {
            Err(Fault::ConfirmFirst)
        };
    }
    if silent {
        return back.with("error", ErrorCode::ConsentRequired.as_str());
    }
    let now = platform.clock.wall();
    let tenants = platform.store.tenants_with_app(me.person.id, client.app.id, now).await?;
    let provider = platform.store.organisation(client.app.organisation).await?;
    let place = back.redirect_uri.parse::<WebUrl>().map(|url| url.origin().to_owned()).unwrap_or_default();
    let page = Consent {
        f: Frame::of(&visit),
        app: client.app.name,
        provider: provider.map(|organisation| organisation.name).unwrap_or_default(),
        place: place.clone(),
        tenants,
        wants: grouped(&reading.wanted.scope),
        offline: reading.wanted.offline,
        shown: reading.wanted.scope.to_string(),
        query,
    };
    let mut response = render(StatusCode::OK, &page)?;
    // A browser holds the way on after a form to its policy too.
    response.extensions_mut().insert(LeadsTo(place));
    Ok(response)
}

/// The answer: everything is judged again, since it comes from a form.
pub(super) async fn decide(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Posted(Decision { query, shown, allow }): Posted<Decision>,
) -> Result<Response, Fault> {
    let form = Form::parse(query.as_bytes()).map_err(|_| Fault::Unreadable)?;
    let Asked { client, back } = asked(&platform, &form).await?;
    let reading = match read(&form, &client) {
        Ok(reading) => reading,
        Err(error) => return back.with("error", error.as_str()),
    };
    let now = platform.clock.wall();
    let tenants = platform.store.tenants_with_app(me.person.id, client.app.id, now).await?;
    if !allow || tenants.is_empty() {
        return back.with("error", ErrorCode::AccessDenied.as_str());
    }
    if shown.parse::<ScopeSet>().ok().as_ref() != Some(&reading.wanted.scope) {
        return Err(Fault::AskedAnew);
    }
    let redirect_uri = form.get("redirect_uri").unwrap_or_default();
    let Reading { wish: Wish { challenge, .. }, wanted, .. } = reading;
    let actor = acting(&me.person, &visit.browser);
    let code = platform.grant(&me, (&client.client.id, redirect_uri), challenge, wanted, &actor).await?;
    back.with("code", code.ok_or(Fault::SignInFirst)?.expose())
}

/// RFC 6749 §4.1.2.1: without a client and a redirect URI that is its own nobody is sent anywhere.
async fn asked<'f>(platform: &'f Platform, form: &'f Form) -> Result<Asked<'f>, Fault> {
    let id = form.get("client_id").and_then(|id| id.parse().ok()).ok_or(Fault::UnknownClient)?;
    let client = platform.store.sign_in_client(&id).await?.ok_or(Fault::UnknownClient)?;
    let wanted = form.get("redirect_uri").ok_or(Fault::UnknownClient)?;
    if !client.uris.login.iter().any(|known| is_the_same(known, wanted)) {
        return Err(Fault::UnknownClient);
    }
    let back = Back {
        redirect_uri: wanted.to_owned(),
        state: form.get("state"),
        issuer: &platform.settings.public_url,
    };
    Ok(Asked { client, back })
}

/// Letter by letter (RFC 9700 §2.1), but for the port of a program on the person's own machine, which takes any that is free
/// (RFC 8252 §7.3).
pub(super) fn is_the_same(known: &str, wanted: &str) -> bool {
    if known == wanted {
        return true;
    }
    let without_port = |text: &str| -> Option<String> {
        let rest = text.strip_prefix("http://127.0.0.1")?;
        let rest = match rest.strip_prefix(':') {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                rest[..end].bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
                rest[..end].parse::<u16>().ok()?;
                &rest[end..]
            }
            None => rest,
        };
        Some(rest.to_owned())
    };
    // One that is registered with a port means that port.
    let (Some(known_rest), Some(wanted_rest)) =
        (known.strip_prefix("http://127.0.0.1"), without_port(wanted))
    else {
        return false;
    };
    !known_rest.starts_with(':') && known_rest == wanted_rest
}

fn read(form: &Form, client: &SignInClient) -> Result<Reading, ErrorCode> {
    // OpenID Connect Core §6.1, RFC 6749 §4.2: what is not done is not passed over.
    if form.get("request").is_some() || form.get("request_uri").is_some() {
        return Err(ErrorCode::InvalidRequest);
    }
    if form.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(ErrorCode::InvalidRequest);
    }
    let wish = authorize::wish(form)?;
    let prompt = match form.get("prompt") {
        None | Some("consent") => Prompt::AsNeeded,
        Some("none") => Prompt::Nothing,
        Some("login" | "login consent" | "consent login") => Prompt::SignIn,
        Some(_) => return Err(ErrorCode::InvalidRequest),
    };
    let nonce = form.get("nonce").map(str::to_owned);
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > MOST_NONCE) {
        return Err(ErrorCode::InvalidRequest);
    }
    let said: ScopeSet =
        form.get("scope").unwrap_or_default().parse().map_err(|_| ErrorCode::InvalidScope)?;
    let has = |word: &str| said.iter().any(|scope| scope.as_str() == word);
    let of_the_api = of_the_api(&said);
    if !of_the_api.is_subset(&client.app.scopes) {
        return Err(ErrorCode::InvalidScope);
    }
    let scope = if of_the_api.is_empty() { client.app.scopes.clone() } else { of_the_api };
    let wanted = Wanted { scope, openid: has("openid"), offline: has("offline_access"), nonce };
    Ok(Reading { wish, wanted, prompt })
}

fn is_stale(platform: &Platform, me: &SignedIn, reading: &Reading) -> bool {
    let age = platform.clock.wall().since(me.session.proved_at);
    let most = match reading.prompt {
        Prompt::SignIn => Some(JUST_NOW),
        _ => reading.wish.max_age,
    };
    most.is_some_and(|most| age > most)
}

#[cfg(test)]
mod tests {
    use super::is_the_same;

    #[test]
    fn a_redirect_uri_is_the_clients_letter_by_letter() {
        let known = "https://app.example/callback";
        assert!(is_the_same(known, known));
        for wanted in [
            "https://app.example/callback/",
            "https://app.example/callback?x=1",
            "https://app.example/callback#",
            "https://app.example/Callback",
            "https://APP.example/callback",
            "https://app.example:443/callback",
            "http://app.example/callback",
            "https://app.example.evil.example/callback",
            "https://app.example/callback/../evil",
            "https://app.example@evil.example/callback",
            "",
        ] {
            assert!(!is_the_same(known, wanted), "{wanted}");
        }
    }

    #[test]
    fn a_program_on_ones_own_machine_takes_any_port() {
        let known = "http://127.0.0.1/callback";
        assert!(is_the_same(known, "http://127.0.0.1:50000/callback"));
        for wanted in [
            "http://127.0.0.1:50000/other",
            "http://127.0.0.1:99999/callback",
            "http://127.0.0.1:x/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1:1@evil.example/callback",
            "http://localhost:50000/callback",
        ] {
            assert!(!is_the_same(known, wanted), "{wanted}");
        }
        assert!(!is_the_same("http://127.0.0.1:8080/callback", "http://127.0.0.1:8081/callback"));
    }
}
