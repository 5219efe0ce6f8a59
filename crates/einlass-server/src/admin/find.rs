//! Finding what a request names: an app by its id or its technical name, a tenant by its id or its slug.

use super::AdminError;
use super::fields::TechnicalName;
use crate::Platform;
use einlass_protocol::ids::{ClientId, OrganisationId};
use einlass_store::{App, Client, Organisation, Person, Tenant};

impl Platform {
    pub(super) async fn find_app(&self, name: &str) -> Result<App, AdminError> {
        let found = match (name.parse(), TechnicalName::try_from(name.to_owned())) {
            (Ok(id), _) => self.store.app(id).await?,
            (_, Ok(TechnicalName(name))) => self.store.app_named(&name).await?,
            _ => None,
        };
        found.ok_or_else(|| missing("app", name, "apps"))
    }

    pub(super) async fn find_tenant(&self, name: &str) -> Result<Tenant, AdminError> {
        let found = match (name.parse(), TechnicalName::try_from(name.to_owned())) {
            (Ok(id), _) => self.store.tenant(id).await?,
            (_, Ok(TechnicalName(slug))) => self.store.tenant_with_slug(&slug).await?,
            _ => None,
        };
        found.ok_or_else(|| missing("tenant", name, "tenants"))
    }

    pub(super) async fn find_client(&self, id: &str) -> Result<Client, AdminError> {
        let found = match id.parse::<ClientId>() {
            Ok(id) => self.store.client(&id).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| missing("client", id, "apps/{app}/clients"))
    }

    /// Somebody by the id or the address.
    pub(super) async fn find_person(&self, name: &str) -> Result<Person, AdminError> {
        let found = match (name.parse(), name.parse()) {
            (Ok(id), _) => self.store.person(id).await?,
            (_, Ok(email)) => self.store.person_to_authenticate(&email).await?.map(|(person, _)| person),
            _ => None,
        };
        found.ok_or_else(|| missing("person", name, "organisations/{organisation}/members"))
    }

    pub(super) async fn find_organisation(&self, id: OrganisationId) -> Result<Organisation, AdminError> {
        let found = self.store.organisation(id).await?;
        found.ok_or_else(|| missing("organisation", &id.to_string(), "organisations"))
    }
}

/// What is not there, and where to look for what is.
pub(super) fn missing(kind: &str, name: &str, list: &str) -> AdminError {
    let name: String = name.chars().take(200).collect();
    AdminError::NotFound(format!("no {kind} is called {name:?}; GET /admin/api/{list} lists what there is"))
}
