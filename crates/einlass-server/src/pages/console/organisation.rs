//! `/admin/organisations/{organisation}`: who it is, and all that it has.

use super::words::Console;
use super::{Operator, additions};
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Named};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{Part, Row, behind};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::{AppId, SiteId, TenantId};
use einlass_protocol::scx::ChannelName;
use einlass_store::{Organisation, StoreError};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/organisation.html")]
struct OrganisationPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    organisation: Organisation,
    parts: Vec<Part>,
    /// What it may be given, for whoever may give it: where, and what that is called.
    additions: Vec<(String, &'static str)>,
}

/// Behind which each list goes on.
#[derive(Deserialize)]
pub(super) struct Wanted {
    tenants: Option<TenantId>,
    apps: Option<AppId>,
    channels: Option<ChannelName>,
    sites: Option<SiteId>,
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Fault> {
    let id = named.parse().map_err(|_| Fault::NotFound)?;
    let organisation = platform.store.organisation(id).await?.ok_or(Fault::NotFound)?;
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    let parts = parts(&platform, &organisation, wanted, p).await?;
    let additions = if may_change { additions::offered(&organisation, p) } else { Vec::new() };
    render(StatusCode::OK, &OrganisationPage { f, p, organisation, parts, additions })
}

/// What it has; nothing of what it has none of.
async fn parts(
    platform: &Platform,
    Organisation { id, .. }: &Organisation,
    Wanted { tenants, apps, channels, sites }: Wanted,
    p: &'static Console,
) -> Result<Vec<Part>, StoreError> {
    let store = &platform.store;
    let row = |path: String, name: &str, code: String| Row { path, name: name.to_owned(), code };
    let tenants = store.tenants_of(*id, &behind(tenants)).await?;
    let apps = store.apps_of(*id, &behind(apps)).await?;
    let channels = store.channels_of(*id, &behind(channels)).await?;
    let sites = store.sites_of(*id, &behind(sites)).await?;
    let parts = [
        Part::of(
            ("tenants", p.tenants),
            tenants,
            |it| it.id.to_string(),
            |it| row(format!("/admin/tenants/{}", it.id), &it.name, it.id.to_string()),
        ),
        Part::of(
            ("apps", p.apps),
            apps,
            |it| it.id.to_string(),
            |it| row(format!("/admin/apps/{}", it.id), &it.name, it.technical_name.clone()),
        ),
        Part::of(
            ("channels", p.channels),
            channels,
            |it| it.name.to_string(),
            |it| row(format!("/admin/channels/{}", it.name), it.name.as_str(), it.sign_up_url.clone()),
        ),
        Part::of(
            ("sites", p.sites),
            sites,
            |it| it.id.to_string(),
            |it| row(format!("/admin/sites/{}", it.database), &it.name, it.database.to_string()),
        ),
    ];
    Ok(parts.into_iter().filter(|part| !part.rows.is_empty()).collect())
}
