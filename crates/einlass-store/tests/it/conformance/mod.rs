//! The cases, one file per aggregate, and the data that they share.

pub(crate) mod admin_tokens;
pub(crate) mod apps;
pub(crate) mod audit;
pub(crate) mod changes;
pub(crate) mod channels;
pub(crate) mod grant_ends;
pub(crate) mod grant_races;
pub(crate) mod grants;
pub(crate) mod installations;
pub(crate) mod listings;
pub(crate) mod members;
pub(crate) mod onprem;
pub(crate) mod origins;
pub(crate) mod pages;
pub(crate) mod passkeys;
pub(crate) mod people;
pub(crate) mod races;
pub(crate) mod redirects;
pub(crate) mod revocations;
pub(crate) mod secrets;
pub(crate) mod signing_keys;
pub(crate) mod surfaces;
pub(crate) mod tenants;
pub(crate) mod totals;
pub(crate) mod usage;
pub(crate) mod usage_days;

use einlass_protocol::ids::{AppId, ClientId, CredentialId, OrganisationId, TenantId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::secret::{Secret, SecretHash};
use einlass_protocol::time::UnixTime;
use einlass_store::{App, NewApp, NewSecret, Organisation, Store, Tenant};
use uuid::Uuid;

pub(crate) const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);
pub(crate) const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
pub(crate) const TENANT: TenantId = TenantId::new(Uuid::from_u128(2));
pub(crate) const APP: AppId = AppId::new(Uuid::from_u128(3));

pub(crate) fn client_id() -> ClientId {
    "client-1".parse().unwrap()
}

pub(crate) fn hash(text: &str) -> SecretHash {
    SecretHash::of(&Secret::new(text.into()))
}

pub(crate) fn tenant() -> Tenant {
    Tenant {
        id: TENANT,
        organisation: ORGANISATION,
        slug: "anna".into(),
        name: "Anna's shop".into(),
        customer_number: "K-1".into(),
        jtl_account_id: 1_001,
    }
}

pub(crate) fn new_app() -> NewApp {
    NewApp {
        app: App {
            id: APP,
            organisation: ORGANISATION,
            technical_name: "stock-mirror".into(),
            name: "Stock mirror".into(),
            scopes: "items.read items.write".parse().unwrap(),
        },
        client_id: client_id(),
        algorithm: Algorithm::Rs256,
        secret: None,
    }
}

pub(crate) fn new_secret(id: u128, clear: &str) -> NewSecret {
    NewSecret {
        id: CredentialId::new(Uuid::from_u128(id)),
        client_id: client_id(),
        name: format!("secret {id}"),
        hash: hash(clear),
        expires_at: None,
    }
}

/// An organisation with one tenant and one app.
pub(crate) async fn seed(store: &Store) {
    let organisation =
        Organisation { id: ORGANISATION, name: "Everybody".into(), kind: OrganisationKind::Both };
    store.create_organisation(&organisation, NOW).await.unwrap();
    store.create_tenant(&tenant(), NOW).await.unwrap();
    store.register_app(&new_app(), NOW).await.unwrap();
}
