//! Tenants.

use super::{NOW, TENANT, seed, tenant};
use einlass_protocol::ids::{OrganisationId, TenantId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{NewTenant, Organisation, Owner, Store, StoreError, Taken, Tenant};
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
    let same_id = Tenant { slug: "bert".into(), jtl_account_id: 2, ..tenant() };
    let same_account = Tenant { slug: "bert".into(), ..other.clone() };
    for (tenant, what) in
        [(same_slug, Taken::Slug), (same_account, Taken::AccountNumber), (same_id, Taken::Id)]
    {
        let refused = store.create_tenant(&tenant, NOW).await;
        assert!(
            matches!(refused, Err(StoreError::AlreadyExists(taken)) if taken == what),
            "{what}: {refused:?}"
        );
    }
    assert_eq!(store.tenant(other.id).await.unwrap(), None);
}

pub(crate) async fn a_tenant_and_its_new_organisation_are_recorded_together(store: &Store) {
    let owner = Organisation {
        id: OrganisationId::new(Uuid::from_u128(70)),
        name: "Bert".into(),
        kind: OrganisationKind::Both,
    };
    let new = |slug: &str, number, jtl_account_id| NewTenant {
        id: TenantId::new(Uuid::from_u128(number)),
        owner: Owner::New(Organisation { id: OrganisationId::new(Uuid::from_u128(number)), ..owner.clone() }),
        slug: slug.into(),
        name: "Bert".into(),
        customer_number: "K-2".into(),
        jtl_account_id,
    };
    let first = store.register_tenant(&new("bert", 70, None), NOW).await.unwrap();
    assert_eq!((first.organisation, first.jtl_account_id), (owner.id, 1));
    assert_eq!(store.tenant(first.id).await.unwrap(), Some(first));
    assert_eq!(store.organisation(owner.id).await.unwrap(), Some(owner.clone()));

    let refused = store.register_tenant(&new("bert", 71, None), NOW).await;
    assert!(matches!(refused, Err(StoreError::AlreadyExists(Taken::Slug))));
    let refused = store.register_tenant(&new("berta", 71, Some(1)), NOW).await;
    assert!(matches!(refused, Err(StoreError::AlreadyExists(Taken::AccountNumber))));
    assert_eq!(store.organisation(OrganisationId::new(Uuid::from_u128(71))).await.unwrap(), None);
    let given = store.register_tenant(&new("berta", 71, Some(500)), NOW).await.unwrap();
    assert_eq!(given.jtl_account_id, 500);
    assert_eq!(store.register_tenant(&new("carl", 72, None), NOW).await.unwrap().jtl_account_id, 501);
}
