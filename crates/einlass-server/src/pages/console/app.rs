//! `/admin/apps/{app}`: what an app says of itself, whose it is, how much rests on it, and what the operator does with it.

use super::words::Console;
use super::{Operator, SurelyOperator};
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Named, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::scopes::{Group, grouped};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::AppId;
use einlass_protocol::manifest::{Manifest, WebUrl};
use einlass_protocol::revocation::Subject;
use einlass_store::{App, ListingState, Organisation, StoreError, UsageOf};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/app.html")]
struct AppPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    app: App,
    owner: Organisation,
    state: ListingState,
    manifest: Option<Manifest>,
    scopes: Vec<Group>,
    affected: Affected,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "console/shut_out.html")]
struct ShutOutPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    app: App,
    affected: Affected,
}

/// What rests on an app.
struct Affected {
    installations: i64,
    calls_today: i64,
}

#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    done: String,
}

impl AppPage<'_> {
    /// Where it leads people.
    fn links(&self) -> Vec<(&WebUrl, &'static str)> {
        let Some(Manifest { launcher, support, privacy, terms, .. }) = &self.manifest else {
            return Vec::new();
        };
        let p = self.p;
        let links = [(launcher, p.launcher), (support, p.support), (privacy, p.privacy), (terms, p.terms)];
        links.into_iter().filter_map(|(url, word)| Some((url.as_ref()?, word))).collect()
    }
}

impl Affected {
    async fn of(platform: &Platform, app: AppId) -> Result<Self, StoreError> {
        let now = platform.clock.wall();
        Ok(Self {
            installations: platform.store.count_installations(app, now).await?,
            calls_today: platform.store.calls_since(UsageOf::App(app), now).await?,
        })
    }
}

async fn found(platform: &Platform, named: &str) -> Result<App, Fault> {
    let id = named.parse().map_err(|_| Fault::NotFound)?;
    platform.store.app(id).await?.ok_or(Fault::NotFound)
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Asked(Said { done }): Asked<Said>,
) -> Result<Response, Fault> {
    let app = found(&platform, &named).await?;
    let owner = platform.store.organisation(app.organisation).await?.ok_or(Fault::NotFound)?;
    let listing = platform.store.listing(app.id).await?;
    let state = listing.as_ref().map_or(ListingState::Development, |listing| listing.state);
    let text = listing.and_then(|listing| listing.manifest);
    let manifest = text.and_then(|text| Manifest::read(&text).ok());
    let affected = Affected::of(&platform, app.id).await?;
    let (scopes, p) = (grouped(&app.scopes), Console::in_language(visit.language));
    let f = Frame::of(&visit).saying((done == "shut-out").then_some(p.was_shut_out));
    let page = AppPage { f, p, app, owner, state, manifest, scopes, affected, may_change };
    render(StatusCode::OK, &page)
}

pub(super) async fn publish(
    visit: Visit,
    me: SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    list(&visit, me, &platform, &named, ListingState::Published).await
}

pub(super) async fn send_back(
    visit: Visit,
    me: SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    list(&visit, me, &platform, &named, ListingState::Development).await
}

/// One without a manifest stays as it is; its page offers no more.
async fn list(
    visit: &Visit,
    SurelyOperator(me): SurelyOperator,
    platform: &Platform,
    named: &str,
    state: ListingState,
) -> Result<Response, Fault> {
    let app = found(platform, named).await?;
    platform.list_app(&app, state, &acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("/admin/apps/{}#listing", app.id)).into_response())
}

/// What will stop working, before it does.
pub(super) async fn shut_out_page(
    visit: Visit,
    _: SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
) -> Result<Response, Fault> {
    let app = found(&platform, &named).await?;
    let affected = Affected::of(&platform, app.id).await?;
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    render(StatusCode::OK, &ShutOutPage { f, p, app, affected })
}

pub(super) async fn shut_out(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    let app = found(&platform, &named).await?;
    platform.revoke(Subject::App(app.id), &acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("/admin/apps/{}?done=shut-out", app.id)).into_response())
}
