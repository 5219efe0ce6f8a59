//! Lists: by key, page after page, each row once.

use super::revocations::revoke_secret;
use super::{APP, NOW, ORGANISATION, TENANT, client_id, hash, new_app, new_secret, seed, tenant};
use einlass_protocol::ids::{AppId, ClientId, CredentialId, OrganisationId, TenantId};
use einlass_protocol::organisation::OrganisationKind;
use einlass_store::{
    Access, CONSENT_LAPSES_AFTER, Client, ClientKind, Installation, ListedInstallation, NewAdminToken,
    Organisation, OrganisationFilter, Page, PageSize, Store, Tenant,
};
use std::fmt::Debug;
use std::time::Duration;
use uuid::Uuid;

fn page<K>(after: Option<K>, rows: u16) -> Page<K> {
    Page { after, size: PageSize::new(rows).unwrap() }
}

/// Reads a list to its end, two rows at a time, and gives the keys in the order in which they came.
async fn read<K: Clone + Debug, T>(next: impl AsyncFn(Page<K>) -> Vec<T>, key: impl Fn(&T) -> K) -> Vec<K> {
    let mut keys: Vec<K> = Vec::new();
    loop {
        let rows = next(page(keys.last().cloned(), 2)).await;
        assert!(rows.len() <= 2);
        keys.extend(rows.iter().map(&key));
        if rows.len() < 2 {
            return keys;
        }
    }
}

fn numbered<T>(of: impl Fn(Uuid) -> T, numbers: impl IntoIterator<Item = u128>) -> Vec<T> {
    numbers.into_iter().map(|number| of(Uuid::from_u128(number))).collect()
}

pub(crate) async fn organisations_and_tenants_are_listed_by_id(store: &Store) {
    seed(store).await;
    for number in [15, 14, 13, 12] {
        let id = OrganisationId::new(Uuid::from_u128(number));
        store
            .create_organisation(&Organisation { id, name: "More".into(), kind: OrganisationKind::Both }, NOW)
            .await
            .unwrap();
        let id = TenantId::new(Uuid::from_u128(number));
        let (slug, account) = (format!("t{number}"), i64::try_from(number).unwrap());
        let tenant = Tenant { id, slug, jtl_account_id: account, ..tenant() };
        store.create_tenant(&tenant, NOW).await.unwrap();
    }
    let organisations = read(async |page| store.organisations(&page).await.unwrap(), |row| row.id).await;
    assert_eq!(organisations, numbered(OrganisationId::new, [1, 12, 13, 14, 15]));
    let tenants = read(async |page| store.tenants(&page).await.unwrap(), |row| row.id).await;
    assert_eq!(tenants, numbered(TenantId::new, [2, 12, 13, 14, 15]));
    let operator =
        Organisation { id: OrganisationId::OPERATOR, name: "Operator".into(), kind: OrganisationKind::Both };
    for name in ["Operator", "again"] {
        let operator = Organisation { name: name.into(), ..operator.clone() };
        store.ensure_organisation(&operator, NOW).await.unwrap();
    }
    assert_eq!(store.organisation(operator.id).await.unwrap(), Some(operator));
    assert_eq!(store.organisation(ORGANISATION).await.unwrap().unwrap().name, "Everybody");
}

pub(crate) async fn organisations_are_listed_by_name_and_found_by_a_part(store: &Store) {
    for (number, name) in (1..).zip(["Zoe", "anna", "Bert", "ÄNNE", "Anna", "100%"]) {
        let id = OrganisationId::new(Uuid::from_u128(number));
        let organisation = Organisation { id, name: name.into(), kind: OrganisationKind::Merchant };
        store.create_organisation(&organisation, NOW).await.unwrap();
    }
    let names = async |search: &str| {
        let find = async |page: Page<OrganisationId>| {
            let filter = OrganisationFilter { search: search.into(), after: page.after, size: page.size };
            store.find_organisations(&filter).await.unwrap()
        };
        let ids = read(find, |row| row.id).await;
        let mut names = Vec::new();
        for id in ids {
            names.push(store.organisation(id).await.unwrap().unwrap().name);
        }
        names
    };
    let mut all = names("").await;
    assert_eq!(all.iter().filter(|name| name.to_lowercase() == "anna").collect::<Vec<_>>(), ["anna", "Anna"]);
    let anna = all.iter().position(|name| name == "Anna").unwrap();
    assert!(anna < all.iter().position(|name| name == "Bert").unwrap());
    all.sort_unstable();
    assert_eq!(all, ["100%", "Anna", "Bert", "Zoe", "anna", "ÄNNE"], "each is there once");
    assert_eq!(names("NN").await.len(), 3);
    assert_eq!(names("änne").await, ["ÄNNE"]);
    assert_eq!(names("%").await, ["100%"], "a sign like others");
}

pub(crate) async fn apps_and_their_clients_are_listed_by_id(store: &Store) {
    seed(store).await;
    for number in [13, 12] {
        let mut new = new_app();
        new.app.id = AppId::new(Uuid::from_u128(number));
        new.app.technical_name = format!("app-{number}");
        new.client_id = format!("client-of-{number}").parse().unwrap();
        store.register_app(&new, NOW).await.unwrap();
    }
    let apps = read(async |page| store.apps(&page).await.unwrap(), |row| row.id).await;
    assert_eq!(apps, numbered(AppId::new, [3, 12, 13]));

    for (number, id) in [(20, "c"), (21, "a"), (22, "b")] {
        let id: ClientId = id.parse().unwrap();
        let (algorithm, kind) = (new_app().algorithm, ClientKind::Service);
        let client = Client { id: id.clone(), app: APP, algorithm, kind };
        let mut secret = new_secret(number, "x");
        secret.client_id = id;
        store.create_client(&client, &secret, NOW).await.unwrap();
        assert_eq!(store.client(&client.id).await.unwrap(), Some(client));
    }
    let clients =
        read(async |page| store.clients_of_app(APP, &page).await.unwrap(), |row| row.id.clone()).await;
    assert_eq!(clients.iter().map(ClientId::as_str).collect::<Vec<_>>(), ["a", "b", "c", "client-1"]);
}

pub(crate) async fn a_clients_secrets_are_listed_with_what_became_of_them(store: &Store) {
    seed(store).await;
    for number in [12, 11, 10] {
        store.add_client_secret(&new_secret(number, "x"), NOW).await.unwrap();
    }
    let (used, revoked) = (new_secret(10, "x").id, new_secret(11, "x").id);
    let later = NOW.plus(Duration::from_mins(1));
    store.note_secret_uses(&[(used, later)]).await.unwrap();
    store.note_secret_uses(&[(used, NOW), (revoked, NOW)]).await.unwrap();
    assert!(revoke_secret(store, revoked, later).await);

    let secrets = store.client_secrets(&client_id(), &page(None, 9)).await.unwrap();
    let seen: Vec<_> = secrets.iter().map(|secret| (secret.last_used_at, secret.revoked_at)).collect();
    assert_eq!(seen, [(Some(later), None), (Some(NOW), Some(later)), (None, None)]);
    assert_eq!(store.client_secret(used).await.unwrap(), Some((client_id(), secrets[0].clone())));
    assert_eq!(store.client_secret(new_secret(99, "").id).await.unwrap(), None);
    let ids = read(async |page| store.client_secrets(&client_id(), &page).await.unwrap(), |row| row.id).await;
    assert_eq!(ids, numbered(CredentialId::new, [10, 11, 12]));
}

pub(crate) async fn installations_are_listed_from_both_sides_while_they_are_open(store: &Store) {
    seed(store).await;
    let other =
        Tenant { id: TenantId::new(Uuid::from_u128(9)), slug: "b".into(), jtl_account_id: 2, ..tenant() };
    let other = Tenant { name: "Bert's".into(), ..other };
    store.create_tenant(&other, NOW).await.unwrap();
    let granted: einlass_protocol::scope::ScopeSet = "items.read".parse().unwrap();
    for tenant in [TENANT, other.id] {
        store.consent_to_app(APP, tenant, &granted, NOW).await.unwrap();
    }
    store.complete_setup(APP, other.id, NOW).await.unwrap();

    let lapses_at = Some(NOW.plus(CONSENT_LAPSES_AFTER));
    let consented = Installation { granted: granted.clone(), lapses_at };
    let active = Installation { granted, lapses_at: None };
    let at = |at: TenantId, installation| {
        let (app_name, tenant_name) =
            (new_app().app.name, if at == TENANT { "Anna's shop" } else { "Bert's" });
        ListedInstallation { app: APP, app_name, tenant: at, tenant_name: tenant_name.into(), installation }
    };
    let of_app = store.installations_of_app(APP, &page(None, 9), NOW).await.unwrap();
    assert_eq!(of_app, [at(TENANT, consented.clone()), at(other.id, active.clone())]);
    let of_tenant = store.installations_of_tenant(TENANT, &page(None, 9), NOW).await.unwrap();
    assert_eq!(of_tenant, [at(TENANT, consented)]);

    let lapsed = NOW.plus(CONSENT_LAPSES_AFTER);
    let of_app = store.installations_of_app(APP, &page(None, 9), lapsed).await.unwrap();
    assert_eq!(of_app, [at(other.id, active)]);
    store.remove_installation(APP, other.id, NOW).await.unwrap();
    assert_eq!(store.installations_of_app(APP, &page(None, 9), lapsed).await.unwrap(), []);
    assert_eq!(store.installations_of_tenant(TENANT, &page(Some(APP), 9), NOW).await.unwrap(), []);
}

pub(crate) async fn admin_tokens_are_listed_and_revoked_once(store: &Store) {
    for number in [12, 11, 10] {
        let id = CredentialId::new(Uuid::from_u128(number));
        let name = number.to_string();
        let new = NewAdminToken { id, hash: hash(&name), name, access: Access::Full, expires_at: None };
        store.create_admin_token(&new, NOW).await.unwrap();
    }
    let ids = read(async |page| store.admin_tokens(&page).await.unwrap(), |row| row.id).await;
    assert_eq!(ids, numbered(CredentialId::new, [10, 11, 12]));

    assert!(store.revoke_admin_token(ids[0], NOW).await.unwrap());
    assert!(!store.revoke_admin_token(ids[0], NOW).await.unwrap());
    assert_eq!(store.admin_tokens(&page(None, 1)).await.unwrap()[0].revoked_at, Some(NOW));
}
