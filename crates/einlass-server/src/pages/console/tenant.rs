//! `/admin/tenants/{tenant}`: whose it is, which apps it has, and what it sells with.

use super::words::Console;
use super::{Operator, ends};
use crate::Platform;
use crate::pages::credentials::Credential;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Named};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use einlass_protocol::ids::AppId;
use einlass_store::{CallsOf, ListedInstallation, Organisation, Page, PageSize, Tenant};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/tenant.html")]
struct TenantPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    tenant: Tenant,
    owner: Organisation,
    calls_today: i64,
    installations: Vec<ListedInstallation>,
    /// Behind which the next page of them begins.
    more: Option<AppId>,
    tokens: Vec<Credential>,
    may_change: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    done: String,
    after: Option<AppId>,
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Asked(Wanted { done, after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let (store, now) = (&platform.store, platform.clock.wall());
    let id = named.parse().map_err(|_| Fault::NotFound)?;
    let tenant = store.tenant(id).await?.ok_or(Fault::NotFound)?;
    let owner = store.organisation(tenant.organisation).await?.ok_or(Fault::NotFound)?;
    let calls_today = store.calls_of_several(&CallsOf::Tenant(id), now).await?;
    let mut installations = store.installations_of_tenant(id, &behind(after), now).await?;
    let more = more(&mut installations, |it| it.app);
    let tokens = store.refresh_tokens_of_tenant(id, &Page { after: None, size: PageSize::MOST }).await?;
    let tokens = ends::refresh_tokens(tokens, may_change, now);
    let p = Console::in_language(visit.language);
    let f = Frame::of(&visit).saying(p.said(&visit, &done));
    let page = TenantPage { f, p, tenant, owner, calls_today, installations, more, tokens, may_change };
    render(StatusCode::OK, &page)
}
