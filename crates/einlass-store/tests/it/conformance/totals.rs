//! How many there are.

use super::channels::seed_channels;
use super::onprem::{active, end, with_site};
use super::people::{password, person};
use super::{APP, NOW, TENANT, new_app, seed, tenant};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_store::{CONSENT_LAPSES_AFTER, ListingState, NewApp, Store, Tenant, Totals};
use uuid::Uuid;

async fn another_tenant(store: &Store, number: u128) -> TenantId {
    let id = TenantId::new(Uuid::from_u128(number));
    let jtl_account_id = i64::try_from(number).unwrap();
    let new = Tenant { id, slug: format!("t{number}"), jtl_account_id, ..tenant() };
    store.create_tenant(&new, NOW).await.unwrap();
    id
}

pub(crate) async fn everything_is_counted_while_it_is_there(store: &Store) {
    assert_eq!(store.totals(NOW).await.unwrap(), Totals::default());
    seed_channels(store).await;
    for number in [1, 2, 3] {
        store.create_person(&person(number), &password("p"), NOW).await.unwrap();
    }
    let expected = Totals { organisations: 1, apps: 1, channels: 2, people: 3, ..Totals::default() };
    assert_eq!(store.totals(NOW).await.unwrap(), expected);

    let scopes = "items.read".parse().unwrap();
    store.describe_app(APP, "{}", ("Mirror", &scopes), NOW).await.unwrap();
    store.list_app(APP, ListingState::Submitted, NOW).await.unwrap();
    store.install_app(APP, TENANT, &scopes, NOW).await.unwrap();
    let expected = Totals { submitted: 1, installations: 1, ..expected };
    assert_eq!(store.totals(NOW).await.unwrap(), expected);
    store.list_app(APP, ListingState::Published, NOW).await.unwrap();
    store.remove_installation(APP, TENANT, NOW).await.unwrap();
    let expected = Totals { submitted: 0, installations: 0, ..expected };
    assert_eq!(store.totals(NOW).await.unwrap(), expected);
}

pub(crate) async fn on_premise_apps_count_while_their_keys_work(store: &Store) {
    with_site(store).await;
    for number in [1, 2] {
        active(store, number).await;
    }
    assert_eq!(store.totals(NOW).await.unwrap().registrations, 2);
    end(store, 1).await;
    assert_eq!(store.totals(NOW).await.unwrap().registrations, 1);
}

pub(crate) async fn where_an_app_may_act_is_counted(store: &Store) {
    seed(store).await;
    let scopes = "items.read".parse().unwrap();
    let mut other = NewApp { client_id: "client-2".parse().unwrap(), ..new_app() };
    (other.app.id, other.app.technical_name) = (AppId::new(Uuid::from_u128(90)), "other".into());
    store.register_app(&other, NOW).await.unwrap();
    for number in [91, 92, 93] {
        let tenant = another_tenant(store, number).await;
        store.consent_to_app(APP, tenant, &scopes, NOW).await.unwrap();
        store.install_app(other.app.id, tenant, &scopes, NOW).await.unwrap();
        match number {
            91 => assert!(store.complete_setup(APP, tenant, NOW).await.unwrap()),
            92 => assert!(store.remove_installation(APP, tenant, NOW).await.unwrap()),
            _ => {}
        }
    }
    assert_eq!(store.count_installations(APP, NOW).await.unwrap(), 2);
    let lapsed = NOW.plus(CONSENT_LAPSES_AFTER);
    assert_eq!(store.count_installations(APP, lapsed).await.unwrap(), 1);
    assert_eq!(store.count_installations(other.app.id, lapsed).await.unwrap(), 3);
    assert_eq!(store.count_installations(AppId::new(Uuid::nil()), NOW).await.unwrap(), 0);
    let at = async |number, now| {
        store.count_installations_at(TenantId::new(Uuid::from_u128(number)), now).await.unwrap()
    };
    assert_eq!([at(91, NOW).await, at(92, NOW).await, at(93, NOW).await, at(94, NOW).await], [2, 1, 2, 0]);
    assert_eq!(at(93, lapsed).await, 1);
    assert_eq!(store.totals(NOW).await.unwrap().installations, 5);
    assert_eq!(store.totals(lapsed).await.unwrap().installations, 4);
}
