//! `/hub/{tenant}/apps/{app}`: what an app is, wants and may; letting it in, and ending it.

use super::{AtApp, Deciding};
use crate::Platform;
use crate::pages::ending::{Ending, Fact, Words};
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Frame, page as render};
use crate::pages::scopes::{Group, grouped};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_store::UsageOf;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "app.html")]
struct AppPage<'v> {
    f: Frame<'v>,
    at: AtApp,
    /// Whose it is.
    provider: String,
    /// What it asks for: all of it, or what it was not granted yet.
    wants: Vec<Group>,
    may: Vec<Group>,
}

/// What was shown when somebody consented.
#[derive(Deserialize)]
pub(super) struct Consent {
    scopes: String,
}

pub(super) async fn page(
    visit: Visit,
    at: AtApp,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let provider = platform.store.organisation(at.found.app.organisation).await?;
    let provider = provider.map(|organisation| organisation.name).unwrap_or_default();
    let (wants, may) = match &at.found.installation {
        Some(installation) => (grouped(&at.found.asks_beyond()), grouped(&installation.granted)),
        None => (grouped(&at.found.app.scopes), Vec::new()),
    };
    render(StatusCode::OK, &AppPage { f: Frame::of(&visit), at, provider, wants, may })
}

pub(super) async fn install(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(Consent { scopes }): Posted<Consent>,
) -> Result<Response, Fault> {
    let shown = scopes.parse().map_err(|_| Fault::Unreadable)?;
    let actor = acting(&at.at.me.person, &visit.browser);
    platform.consent(&at.at.tenant, &at.found, &shown, &actor).await?;
    let is_new = at.found.installation.is_none();
    let next = if is_new && at.found.manifest.setup.is_some() { "/setup" } else { "" };
    Ok(Redirect::to(&format!("{}{next}", at.path())).into_response())
}

/// What will stop working, before it does.
pub(super) async fn remove_page(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    if at.found.installation.is_none() {
        return Err(Fault::NotFound);
    }
    let of = UsageOf::Installation(at.found.app.id, at.at.tenant.id);
    let calls_today = platform.store.calls_since(of, platform.clock.wall()).await?;
    let (f, name) = (Frame::of(&visit), &at.found.manifest.name);
    let facts = vec![
        (f.w.app, Fact::Text(name.clone())),
        (f.w.tenant_id, Fact::Text(at.at.tenant.name.clone())),
        (f.w.calls_today, Fact::Number(calls_today)),
    ];
    let words = Words { ask: f.w.remove_app_ask, what: f.w.remove_app_what, verb: f.w.remove_app };
    let (from, form) = ((at.path(), name.clone()), (format!("{}/remove", at.path()), None));
    Ending { f, from, words, facts, form }.page()
}

pub(super) async fn remove(
    visit: Visit,
    Deciding(at): Deciding,
    State(platform): State<Arc<Platform>>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    let actor = acting(&at.at.me.person, &visit.browser);
    platform.uninstall(&at.at.tenant, at.found.app.id, &actor).await?;
    Ok(Redirect::to(&at.at.path()).into_response())
}
