//! `/partner/apps/{app}`: what an app is, what it proves itself by, what it needs and does not use, where it is installed and how
//! much it is used.

use super::AtApp;
use super::words::Portal;
use crate::Platform;
use crate::pages::assets;
use crate::pages::credentials::{Credential, relevant};
use crate::pages::fault::Fault;
use crate::pages::form::Asked;
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more};
use crate::pages::scopes::{Group, grouped};
use crate::pages::visit::{Asks, Visit};
use crate::portal::{Lack, RefusedCall};
use crate::usage::Figures;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::{ClientId, TenantId};
use einlass_protocol::manifest::Manifest;
use einlass_protocol::scope::ScopeSet;
use einlass_store::{
    Client, ClientKind, ClientSecret, ListedInstallation, Listing, ListingState, Page, PageSize, UsageOf,
};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "partner/app.html")]
struct AppPage<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtApp,
    state: ListingState,
    version: String,
    lacks: Vec<Lack>,
    clients: Vec<(Client, Vec<Credential>)>,
    more_clients: Option<ClientId>,
    scopes: Vec<Group>,
    /// What it needs and has not used for a month; nothing while it is not used at all.
    unused: ScopeSet,
    installations: Vec<ListedInstallation>,
    /// Behind which the next page of them begins.
    more: Option<TenantId>,
    figures: Figures,
    refused: Vec<RefusedCall>,
    is_shut_out: bool,
    url: String,
    script: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    done: String,
    after: Option<TenantId>,
    clients: Option<ClientId>,
}

pub(super) async fn page(
    visit: Visit,
    at: AtApp,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { done, after, clients: after_client }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let (store, now, id) = (&platform.store, platform.clock.wall(), at.it.id);
    let mut clients = Vec::new();
    for client in store.clients_of_app(id, &behind(after_client)).await? {
        let secrets = store.client_secrets(&client.id, &Page { after: None, size: PageSize::MOST }).await?;
        let listed = |secret: ClientSecret| {
            let may_end = at.at.is_admin;
            let end = may_end.then(|| format!("{}/secrets/revoke?secret={}", at.path(), secret.id));
            Credential::of_secret(secret, now).ended_at(end)
        };
        let secrets = relevant(secrets.into_iter().map(listed));
        clients.push((client, secrets));
    }
    let more_clients = more(&mut clients, |(client, _)| client.id.clone());
    let refused = platform.refused_calls(id, clients.iter().map(|(client, _)| &client.id)).await?;
    let is_shut_out = store.app_shut_out_at(id).await?.is_some();
    let listing = store.listing(id).await?;
    let mut installations = store.installations_of_app(id, &behind(after), now).await?;
    let more = more(&mut installations, |it| it.tenant);
    let figures = platform.figures_of(UsageOf::App(id)).await?;
    let unused = platform.dispensable_scopes(&at.it).await?;
    let (state, version) = shown(listing.as_ref());
    let lacks = crate::portal::lacks(listing.as_ref());
    let p = Portal::in_language(visit.language);
    let f = Frame::of(&visit).saying((done == "manifest").then_some(p.saved));
    let (scopes, url) = (grouped(&at.it.scopes), platform.settings.public_url.clone());
    let script = assets::PORTAL;
    let page = AppPage {
        f,
        p,
        at,
        state,
        version,
        lacks,
        clients,
        more_clients,
        scopes,
        unused,
        installations,
        more,
        figures,
        refused,
        is_shut_out,
        url,
        script,
    };
    // Calls are tried where the API is.
    let mut response = render(StatusCode::OK, &page)?;
    response.extensions_mut().insert(Asks(platform.settings.public_url.clone()));
    Ok(response)
}

fn shown(listing: Option<&Listing>) -> (ListingState, String) {
    let Some(listing) = listing else { return (ListingState::Development, String::new()) };
    let manifest = listing.manifest.as_deref().and_then(|text| Manifest::read(text).ok());
    (listing.state, manifest.map(|manifest| manifest.version).unwrap_or_default())
}
