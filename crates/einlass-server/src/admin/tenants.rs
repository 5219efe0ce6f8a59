//! `/admin/api/tenants`: what `X-Tenant-ID` names.

use super::fields::{AccountNumber, CustomerNumber, Name, Parsed, TechnicalName, present};
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::{Admin, AdminError, By, done};
use crate::Platform;
use crate::audit::Actor;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{OrganisationId, TenantId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{NewTenant, Organisation, Owner, StoreError, Tenant};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A tenant in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: TenantId,
    organisation: OrganisationId,
    slug: String,
    name: String,
    customer_number: String,
    jtl_account_id: i64,
}

impl From<Tenant> for View {
    fn from(tenant: Tenant) -> Self {
        let Tenant { id, organisation, slug, name, customer_number, jtl_account_id } = tenant;
        Self { id, organisation, slug, name, customer_number, jtl_account_id }
    }
}

/// A tenant to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    slug: TechnicalName,
    #[serde(default, deserialize_with = "present")]
    name: Option<Name>,
    #[serde(default, deserialize_with = "present")]
    organisation: Option<Parsed<OrganisationId>>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Parsed<TenantId>>,
    #[serde(default)]
    customer_number: CustomerNumber,
    #[serde(default, deserialize_with = "present")]
    jtl_account_id: Option<AccountNumber>,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = paging.page()?;
    let rows = platform.store.tenants(&page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(tenant): Named<String>,
) -> Result<Json<View>, AdminError> {
    Ok(Json(platform.find_tenant(&tenant).await?.into()))
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Input(new): Input<New>,
) -> Result<(StatusCode, Json<View>), AdminError> {
    let TechnicalName(slug) = new.slug;
    let name = new.name.map_or_else(|| slug.clone(), |Name(name)| name);
    let owner = if let Some(Parsed(id)) = new.organisation {
        let organisation = platform.find_organisation(id).await?;
        if !organisation.kind.is_merchant() {
            return Err(AdminError::Conflict(
                "this organisation is no merchant; only merchants have tenants",
            ));
        }
        Owner::Known(organisation.id)
    } else {
        let (id, kind) = (OrganisationId::new(platform.random.uuid()), OrganisationKind::Merchant);
        Owner::New(Organisation { id, name: name.clone(), kind })
    };
    let id = new.id.map_or_else(|| TenantId::new(platform.random.uuid()), |Parsed(id)| id);
    let new = NewTenant {
        id,
        owner,
        slug,
        name,
        customer_number: new.customer_number.0,
        jtl_account_id: new.jtl_account_id.map(|AccountNumber(number)| number),
    };
    let tenant = platform.create_tenant(&new, &actor).await?;
    Ok((StatusCode::CREATED, Json(tenant.into())))
}

impl Platform {
    /// Records a tenant.
    pub(crate) async fn create_tenant(&self, new: &NewTenant, actor: &Actor) -> Result<Tenant, StoreError> {
        let event = self.event(actor, "create tenant", &new.id.to_string(), &new.slug);
        let tenant = self.store.register_tenant(new, &event).await?;
        done(&event);
        Ok(tenant)
    }
}
