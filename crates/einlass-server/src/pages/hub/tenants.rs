//! `/hub`: where merchants see their tenants and what is installed there.

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
use einlass_protocol::ids::TenantId;
use einlass_store::{Organisation, Page, PageSize, StoreError, Tenant};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

/// How many tenants a page shows, and how many apps of each.
const TENANTS: u16 = 20;
const APPS: u16 = 50;

pub(super) fn routes() -> Router<Arc<Platform>> {
    Router::new().route("/hub", get(page))
}

#[derive(Template)]
#[template(path = "hub.html")]
struct Hub<'v> {
    f: Frame<'v>,
    merchants: Vec<Merchant>,
}

struct Merchant {
    organisation: Organisation,
    tenants: Vec<Shop>,
    /// Behind which tenant the next page begins.
    more: Option<TenantId>,
}

struct Shop {
    tenant: Tenant,
    /// The names of the apps that are installed.
    apps: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<TenantId>,
}

async fn page(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let mut merchants = Vec::new();
    for (organisation, _) in platform.store.memberships_of(me.person.id).await? {
        if organisation.kind.is_merchant() {
            merchants.push(merchant(&platform, organisation, after).await?);
        }
    }
    render(StatusCode::OK, &Hub { f: Frame::of(&visit), merchants })
}

async fn merchant(
    platform: &Platform,
    organisation: Organisation,
    after: Option<TenantId>,
) -> Result<Merchant, StoreError> {
    let page = Page { after, size: PageSize::new(TENANTS).unwrap_or(PageSize::MOST) };
    let found = platform.store.tenants_of(organisation.id, &page).await?;
    let more = found.last().map(|tenant| tenant.id).filter(|_| found.len() == usize::from(TENANTS));
    let mut tenants = Vec::new();
    for tenant in found {
        let apps = installed(platform, &tenant).await?;
        tenants.push(Shop { tenant, apps });
    }
    Ok(Merchant { organisation, tenants, more })
}

async fn installed(platform: &Platform, tenant: &Tenant) -> Result<Vec<String>, StoreError> {
    let page = Page { after: None, size: PageSize::new(APPS).unwrap_or(PageSize::MOST) };
    let now = platform.clock.wall();
    let mut names = Vec::new();
    for listed in platform.store.installations_of_tenant(tenant.id, &page, now).await? {
        names.extend(platform.store.app(listed.app).await?.map(|app| app.name));
    }
    Ok(names)
}
