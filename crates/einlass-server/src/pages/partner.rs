//! `/partner`: where partners see their apps.

use super::fault::Fault;
use super::form::Asked;
use super::frame::{Frame, page as render};
use super::visit::{Me, Visit};
use crate::Platform;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use einlass_protocol::ids::AppId;
use einlass_store::{App, Client, Organisation, Page, PageSize, StoreError};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

/// How many apps a page shows, and how many clients of each.
const APPS: u16 = 20;
const CLIENTS: u16 = 20;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new().route("/partner", get(page))
}

#[derive(Template)]
#[template(path = "partner.html")]
struct Partner<'v> {
    f: Frame<'v>,
    partners: Vec<Portfolio>,
}

struct Portfolio {
    organisation: Organisation,
    apps: Vec<(App, Vec<Client>)>,
    /// Behind which app the next page begins.
    more: Option<AppId>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<AppId>,
}

async fn page(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let mut partners = Vec::new();
    for (organisation, _) in platform.store.memberships_of(me.person.id).await? {
        if organisation.kind.is_partner() {
            partners.push(portfolio(&platform, organisation, after).await?);
        }
    }
    render(StatusCode::OK, &Partner { f: Frame::of(&visit), partners })
}

async fn portfolio(
    platform: &Platform,
    organisation: Organisation,
    after: Option<AppId>,
) -> Result<Portfolio, StoreError> {
    let page = Page { after, size: PageSize::new(APPS).unwrap_or(PageSize::MOST) };
    let found = platform.store.apps_of(organisation.id, &page).await?;
    let more = found.last().map(|app| app.id).filter(|_| found.len() == usize::from(APPS));
    let mut apps = Vec::new();
    for app in found {
        let page = Page { after: None, size: PageSize::new(CLIENTS).unwrap_or(PageSize::MOST) };
        let clients = platform.store.clients_of_app(app.id, &page).await?;
        apps.push((app, clients));
    }
    Ok(Portfolio { organisation, apps, more })
}
