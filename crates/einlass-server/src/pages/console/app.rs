//! `/admin/apps/{app}`: what an app says of itself, whose it is, what it proves itself by, where it is installed, and what the
//! operator does with it.

use super::words::Console;
use super::{Operator, SurelyOperator, ends};
use crate::Platform;
use crate::pages::credentials::Credential;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Named, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more};
use crate::pages::scopes::{Group, grouped};
use crate::pages::visit::Visit;
use crate::people::acting;
use crate::usage::AtWork;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{AppId, ClientId, TenantId};
use einlass_protocol::manifest::{Manifest, WebUrl};
use einlass_protocol::time::UnixTime;
use einlass_store::{
    App, Client, ClientKind, ListedInstallation, ListingState, Organisation, Page, PageSize, StoreError,
};
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
    clients: Vec<(Client, Vec<Credential>)>,
    more_clients: Option<ClientId>,
    installations: Vec<ListedInstallation>,
    /// Behind which the next page of them begins.
    more: Option<TenantId>,
    at_work: AtWork,
    /// Since when it is shut out, if it is.
    shut_out_at: Option<UnixTime>,
    may_change: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    done: String,
    after: Option<TenantId>,
    clients: Option<ClientId>,
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

async fn found(platform: &Platform, named: &str) -> Result<App, Fault> {
    let id = named.parse().map_err(|_| Fault::NotFound)?;
    platform.store.app(id).await?.ok_or(Fault::NotFound)
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Asked(Wanted { done, after, clients }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let app = found(&platform, &named).await?;
    let owner = platform.store.organisation(app.organisation).await?.ok_or(Fault::NotFound)?;
    let listing = platform.store.listing(app.id).await?;
    let state = listing.as_ref().map_or(ListingState::Development, |listing| listing.state);
    let text = listing.and_then(|listing| listing.manifest);
    let manifest = text.and_then(|text| Manifest::read(&text).ok());
    let at_work = platform.app_at_work(app.id).await?;
    let shut_out_at = platform.store.app_shut_out_at(app.id).await?;
    let mut clients = clients_behind(&platform, app.id, clients, may_change).await?;
    let more_clients = more(&mut clients, |(client, _)| client.id.clone());
    let now = platform.clock.wall();
    let mut installations = platform.store.installations_of_app(app.id, &behind(after), now).await?;
    let more = more(&mut installations, |it| it.tenant);
    let (scopes, p) = (grouped(&app.scopes), Console::in_language(visit.language));
    let f = Frame::of(&visit).saying(p.said(&visit, &done));
    let page = AppPage {
        f,
        p,
        app,
        owner,
        state,
        manifest,
        scopes,
        clients,
        more_clients,
        installations,
        more,
        at_work,
        shut_out_at,
        may_change,
    };
    render(StatusCode::OK, &page)
}

/// What it is at the token endpoint, and what proves that.
async fn clients_behind(
    platform: &Platform,
    app: AppId,
    after: Option<ClientId>,
    may_change: bool,
) -> Result<Vec<(Client, Vec<Credential>)>, StoreError> {
    let (store, now) = (&platform.store, platform.clock.wall());
    let mut clients = Vec::new();
    for client in store.clients_of_app(app, &behind(after)).await? {
        let secrets = store.client_secrets(&client.id, &Page { after: None, size: PageSize::MOST }).await?;
        clients.push((client, ends::secrets(secrets, may_change, now)));
    }
    Ok(clients)
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

/// Lets it in again, when it was shut out.
pub(super) async fn readmit(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    let app = found(&platform, &named).await?;
    platform.readmit_app(&app, &acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("/admin/apps/{}", app.id)).into_response())
}
