//! `/admin/find?id=…`: the page of whatever has this id, as a line of the log or an event of the audit names it.

use super::Operator;
use super::words::Console;
use crate::Platform;
use crate::pages::fault::Fault;
use crate::pages::form::Asked;
use crate::pages::frame::{Frame, page as render};
use crate::pages::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::{
    AppId, ClientId, CredentialId, GrantId, OrganisationId, PersonId, RegistrationId, TenantId,
};
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::person::EmailAddress;
use einlass_protocol::scx::ChannelName;
use einlass_store::{Store, StoreError, TokenOwner};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "console/not_found.html")]
struct NothingFound<'v> {
    f: Frame<'v>,
    p: &'static Console,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    id: String,
}

pub(super) async fn find(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { id }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let id = id.trim();
    let found = match id.parse::<Uuid>() {
        Ok(id) => by_uuid(&platform.store, id).await?,
        Err(_) => None,
    };
    let found = match found {
        Some(found) => Some(found),
        None => by_name(&platform.store, id).await?,
    };
    if let Some(place) = found {
        return Ok(Redirect::to(&place).into_response());
    }
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    render(StatusCode::NOT_FOUND, &NothingFound { f, p })
}

/// Of ids that are UUIDs no two are alike.
async fn by_uuid(store: &Store, id: Uuid) -> Result<Option<String>, StoreError> {
    if let Some(tenant) = store.tenant(TenantId::new(id)).await? {
        return Ok(Some(format!("/admin/tenants/{}", tenant.id)));
    }
    if let Some(app) = store.app(AppId::new(id)).await? {
        return Ok(Some(format!("/admin/apps/{}", app.id)));
    }
    if let Some(organisation) = store.organisation(OrganisationId::new(id)).await? {
        return Ok(Some(format!("/admin/organisations/{}", organisation.id)));
    }
    if let Some(person) = store.person(PersonId::new(id)).await? {
        return Ok(Some(format!("/admin/people/{}", person.id)));
    }
    if let Some(grant) = store.grant_of_id(GrantId::new(id)).await? {
        return Ok(Some(format!("/admin/people/{}", grant.person)));
    }
    if let Some(registration) = store.registration(RegistrationId::new(id)).await? {
        let site = store.site(registration.site).await?;
        return Ok(site.map(|site| format!("/admin/sites/{}", site.database)));
    }
    if let Some((client, _)) = store.client_secret(CredentialId::new(id)).await? {
        return of_client(store, &client).await;
    }
    let token = store.refresh_token_of_id(CredentialId::new(id)).await?;
    Ok(token.map(|(owner, _)| match owner {
        TokenOwner::Channel(name) => format!("/admin/channels/{name}"),
        TokenOwner::Seller(tenant) => format!("/admin/tenants/{tenant}"),
    }))
}

/// Clients have ids that may be anything; all else has a name for machines, or an address.
async fn by_name(store: &Store, name: &str) -> Result<Option<String>, StoreError> {
    if let Ok(client) = name.parse()
        && let Some(place) = of_client(store, &client).await?
    {
        return Ok(Some(place));
    }
    if let Some(app) = store.app_named(name).await? {
        return Ok(Some(format!("/admin/apps/{}", app.id)));
    }
    if let Some(tenant) = store.tenant_with_slug(name).await? {
        return Ok(Some(format!("/admin/tenants/{}", tenant.id)));
    }
    if let Ok(channel) = name.parse::<ChannelName>()
        && let Some(channel) = store.channel(&channel).await?
    {
        return Ok(Some(format!("/admin/channels/{}", channel.name)));
    }
    if let Ok(database) = name.parse::<DatabaseName>()
        && let Some(site) = store.site_of_database(&database).await?
    {
        return Ok(Some(format!("/admin/sites/{}", site.database)));
    }
    let Ok(email) = name.parse::<EmailAddress>() else { return Ok(None) };
    let person = store.person_to_authenticate(&email).await?;
    Ok(person.map(|(person, _)| format!("/admin/people/{}", person.id)))
}

async fn of_client(store: &Store, id: &ClientId) -> Result<Option<String>, StoreError> {
    Ok(store.client(id).await?.map(|client| format!("/admin/apps/{}", client.app)))
}
