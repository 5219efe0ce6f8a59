//! Tenants.

use super::{NOW, TENANT, seed, tenant};
use einlass_protocol::ids::TenantId;
use einlass_store::{Store, StoreError, Tenant};
use uuid::Uuid;

pub(crate) async fn a_tenant_reads_back(store: &Store) {
    seed(store).await;
    assert_eq!(store.tenant(TENANT).await.unwrap(), Some(tenant()));
    assert_eq!(store.tenant(TenantId::new(Uuid::from_u128(77))).await.unwrap(), None);
}

pub(crate) async fn slug_and_account_number_are_unique(store: &Store) {
    seed(store).await;
    let other = Tenant { id: TenantId::new(Uuid::from_u128(77)), ..tenant() };
    let same_slug = Tenant { jtl_account_id: 2, ..other.clone() };
    let same_account = Tenant { slug: "bert".into(), ..other.clone() };
    for taken in [same_slug, same_account] {
        assert!(matches!(store.create_tenant(&taken, NOW).await, Err(StoreError::AlreadyExists)));
    }
    assert_eq!(store.tenant(other.id).await.unwrap(), None);
}
