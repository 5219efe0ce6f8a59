//! `/partner/apps/{app}/secrets`: what an app proves itself by. Several count at once, so that one can follow another while calls
//! go on.

use super::shown_once::{ShownOnce, Wish, Wished};
use super::words::Portal;
use super::{AtApp, Deciding};
use crate::Platform;
use crate::pages::ending::{Ending, Fact, Words};
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::Frame;
use crate::pages::visit::Visit;
use crate::people::acting;
use crate::portal::SecretFault;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{ClientId, CredentialId};
use einlass_protocol::secret::Secret;
use einlass_store::App;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub(super) struct OfClient {
    #[serde(default)]
    client: String,
}

#[derive(Deserialize)]
pub(super) struct New {
    client: ClientId,
    #[serde(flatten)]
    wished: Wished,
}

#[derive(Deserialize)]
pub(super) struct Meant {
    secret: CredentialId,
}

/// The page of a client's secret that was just made.
pub(super) fn shown_once(
    visit: &Visit,
    platform: &Platform,
    at: &AtApp,
    (client, secret): (&ClientId, Secret),
) -> Result<Response, Fault> {
    let url = &platform.settings.public_url;
    let (app, client) = (at.it.id.to_string(), client.to_string());
    let variables = [
        ("JTL_AUTH_BASE", url.clone()),
        ("JTL_API_BASE", url.clone()),
        ("JTL_APP_ID", app.clone()),
        ("CLIENT_ID", client.clone()),
    ];
    let what = |_: &_, p: &Portal| (p.secret, vec![(p.client_id, client), (p.app_id, app)]);
    ShownOnce::page(visit, (at.path(), at.it.name.clone()), what, &variables, ("CLIENT_SECRET", secret))
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn new(
    visit: Visit,
    Deciding(at): Deciding<App>,
    Asked(OfClient { client }): Asked<OfClient>,
) -> Result<Response, Fault> {
    ask(&visit, &at, client, String::new(), None)
}

fn ask(
    visit: &Visit,
    at: &AtApp,
    client: String,
    name: String,
    fault: Option<&'static str>,
) -> Result<Response, Fault> {
    let (f, p) = (Frame::of(visit), Portal::in_language(visit.language));
    let from = (at.path(), at.it.name.clone());
    let form = (format!("{}/secrets/new", at.path()), Some(("client", client)));
    Wish { f, p, from, title: p.new_secret, form, name, fault }.page()
}

pub(super) async fn create(
    visit: Visit,
    Deciding(at): Deciding<App>,
    State(platform): State<Arc<Platform>>,
    Posted(New { client, wished }): Posted<New>,
) -> Result<Response, Fault> {
    let (lasts, name) = (wished.lasts()?, wished.name);
    let actor = acting(&at.at.me.person, &visit.browser);
    match platform.add_secret(&at.it, &client, &name, lasts, &actor).await {
        Ok(secret) => shown_once(&visit, &platform, &at, (&client, secret)),
        Err(SecretFault::Name) => {
            let fault = Some(Frame::of(&visit).w.name_fault);
            ask(&visit, &at, client.to_string(), name, fault)
        }
        Err(SecretFault::NoClient | SecretFault::TooMany) => Err(Fault::NotFound),
        Err(SecretFault::ShutOut) => Err(Fault::ShutOut),
        Err(SecretFault::Store(fault)) => Err(fault.into()),
    }
}

/// What will stop working, before it does.
pub(super) async fn revoke_page(
    visit: Visit,
    Deciding(at): Deciding<App>,
    State(platform): State<Arc<Platform>>,
    Asked(Meant { secret }): Asked<Meant>,
) -> Result<Response, Fault> {
    let (client, secret) = platform.secret_of(&at.it, secret).await?.ok_or(Fault::NotFound)?;
    let calls_today = platform.calls_today(secret.id).await?;
    let installations = platform.store.count_installations(at.it.id, platform.clock.wall()).await?;
    let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
    let facts = vec![
        (f.w.what_for, Fact::Text(secret.name)),
        (p.client_id, Fact::Code(client.to_string())),
        (f.w.last_used, Fact::Time(secret.last_used_at)),
        (f.w.calls_today, Fact::Number(calls_today)),
        (p.installations, Fact::Number(installations)),
    ];
    let words = Words { ask: p.end_secret_what, what: p.end_secret_hint, verb: f.w.end };
    let from = (format!("{}#secrets", at.path()), at.it.name.clone());
    let form = (format!("{}/secrets/revoke", at.path()), Some(("secret", secret.id.to_string())));
    Ending { f, from, words, facts, form }.page()
}

pub(super) async fn revoke(
    visit: Visit,
    Deciding(at): Deciding<App>,
    State(platform): State<Arc<Platform>>,
    Posted(Meant { secret }): Posted<Meant>,
) -> Result<Response, Fault> {
    platform.secret_of(&at.it, secret).await?.ok_or(Fault::NotFound)?;
    platform.end_credential(secret, &acting(&at.at.me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("{}#secrets", at.path())).into_response())
}
