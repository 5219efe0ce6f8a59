//! `/onprem`: the ERPs of whoever looks.

use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::{Me, Visit};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::person::Role;
use einlass_store::{Page, PageSize, Site};
use http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "sites.html")]
struct Sites<'v> {
    f: Frame<'v>,
    sites: Vec<Site>,
}

/// A merchant with one ERP is led to it.
pub(super) async fn page(
    visit: Visit,
    Me(me): Me,
    State(platform): State<Arc<Platform>>,
) -> Result<Response, Fault> {
    let mut sites = Vec::new();
    for (organisation, role) in platform.store.memberships_of(me.person.id).await? {
        if role == Role::Admin {
            let page = Page { after: None, size: PageSize::MOST };
            sites.extend(platform.store.sites_of(organisation.id, &page).await?);
        }
    }
    if let [only] = &*sites {
        return Ok(Redirect::to(&format!("/onprem/{}", only.database)).into_response());
    }
    render(StatusCode::OK, &Sites { f: Frame::of(&visit), sites })
}
