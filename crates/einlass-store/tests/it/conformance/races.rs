//! What must hold when many do the same thing at once. Every racer waits at a barrier, so that they meet.

use super::channels::{bikes, refresh_token, seed_channels, seller, session};
use super::people::{password, person};
use super::revocations::{of, revoke_secret};
use super::signing_keys::key;
use super::usage::row;
use super::{APP, NOW, ORGANISATION, TENANT, client_id, hash, new_app, new_secret, seed, tenant};
use einlass_protocol::ids::{AppId, CredentialId, OrganisationId, TenantId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::revocation::Subject;
use einlass_store::{
    Access, Linked, NewAdminToken, NewTenant, Organisation, Owner, SealedKey, Store, StoreError, Taken,
    TokenOwner, UsageBy, UsageFilter,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use uuid::Uuid;

pub(crate) const RACERS: usize = 24;

pub(crate) async fn who_sees_a_change_has_seen_all_before_it(store: &Store) {
    seed(store).await;
    let reader = tokio::spawn({
        let store = store.clone();
        async move {
            let mut seen = 0;
            while seen < i64::try_from(RACERS).unwrap() {
                for change in store.changes_after(seen, 100).await.unwrap() {
                    assert_eq!(change.seq, seen + 1, "a change appeared before the one before it");
                    seen = change.seq;
                }
            }
        }
    });
    race(store, |store, _| async move {
        store.consent_to_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap();
    })
    .await;
    reader.await.unwrap();
}

pub(crate) async fn of_many_revocations_of_one_subject_the_latest_holds(store: &Store) {
    seed(store).await;
    store.add_client_secret(&new_secret(10, "a"), NOW).await.unwrap();
    race(store, |store, number| async move {
        let at = NOW.plus(Duration::from_secs(number as u64));
        store.revoke(&of(Subject::App(APP), at), NOW).await.unwrap();
    })
    .await;
    let all = store.revocations_after(0, NOW).await.unwrap();
    let latest = of(Subject::App(APP), NOW.plus(Duration::from_secs(RACERS as u64 - 1)));
    let denied: Vec<_> = all.iter().map(|recorded| &recorded.revocation).collect();
    assert_eq!(all.len(), 2, "the app and its secret");
    assert!(denied.contains(&&latest));
    // One change for each revocation, and one for the client whose secret ended.
    assert_eq!(store.last_change().await.unwrap(), i64::try_from(RACERS + 1).unwrap());
}

pub(crate) async fn a_distrusted_key_has_a_successor_whoever_else_announces_one(store: &Store) {
    let (now, later) = (NOW.plus(Duration::from_secs(1)), NOW.plus(Duration::from_mins(15)));
    store.claim_signing_key("a", &key("old", Algorithm::Rs256, 1)).await.unwrap();
    let outcomes = race(store, move |store, node| async move {
        let distrusts = node % 2 == 0;
        let signs_from = if distrusts { now } else { later };
        let next = SealedKey { signs_from, ..key(&format!("key of node {node}"), Algorithm::Rs256, 2) };
        if distrusts {
            return store.replace_signing_key("a", &next, "old", now).await.unwrap();
        }
        store.claim_signing_key("a", &next).await.unwrap();
        false
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
    let keys = store.signing_keys("a").await.unwrap();
    let state: Vec<_> =
        keys.iter().map(|key| (key.generation, key.signs_from, key.distrusted_at.is_some())).collect();
    assert_eq!(state, [(2, now, false), (1, NOW, true)]);
}

/// Starts `RACERS` tasks together and gives what each came to.
pub(super) async fn race<T, F>(store: &Store, racer: impl Fn(Store, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    race_of(RACERS, store, racer).await
}

/// The same for so many.
pub(super) async fn race_of<T, F>(count: usize, store: &Store, racer: impl Fn(Store, usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(count));
    let mut racers = JoinSet::new();
    for number in 0..count {
        let (run, barrier) = (racer(store.clone(), number), Arc::clone(&barrier));
        racers.spawn(async move {
            barrier.wait().await;
            run.await
        });
    }
    racers.join_all().await
}

pub(super) fn wins(outcomes: &[bool]) -> usize {
    outcomes.iter().filter(|won| **won).count()
}

pub(crate) async fn of_many_nodes_one_makes_the_first_signing_key(store: &Store) {
    let outcomes = race(store, |store, node| async move {
        let own = key(&format!("key of node {node}"), Algorithm::Rs256, 1);
        (store.claim_signing_key("a", &own).await.unwrap(), own.kid)
    })
    .await;
    let winners: Vec<&String> = outcomes.iter().filter(|(won, _)| *won).map(|(_, kid)| kid).collect();
    assert_eq!(winners.len(), 1);
    let stored = store.signing_keys("a").await.unwrap();
    assert_eq!(stored.iter().map(|key| &key.kid).collect::<Vec<_>>(), winners);
}

pub(crate) async fn of_many_apps_with_one_name_one_is_registered(store: &Store) {
    let organisation =
        Organisation { id: ORGANISATION, name: "Everybody".into(), kind: OrganisationKind::Both };
    store.create_organisation(&organisation, NOW).await.unwrap();
    let outcomes = race(store, |store, number| async move {
        let mut new = new_app();
        new.app.id = AppId::new(Uuid::from_u128(1_000 + number as u128));
        new.client_id = format!("client-{number}").parse().unwrap();
        match store.register_app(&new, NOW).await {
            Ok(()) => true,
            Err(StoreError::AlreadyExists(Taken::TechnicalName)) => false,
            Err(other) => panic!("{other}"),
        }
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
    let mut clients = 0;
    for number in 0..RACERS {
        let id = format!("client-{number}").parse().unwrap();
        clients += usize::from(store.client_to_authenticate(&id, NOW).await.unwrap().is_some());
    }
    assert_eq!(clients, 1);
}

pub(crate) async fn a_removal_is_never_undone_by_a_late_setup(store: &Store) {
    seed(store).await;
    store.consent_to_app(APP, TENANT, &"items.read".parse().unwrap(), NOW).await.unwrap();
    let removals = race(store, |store, number| async move {
        if number % 2 == 0 {
            store.complete_setup(APP, TENANT, NOW).await.unwrap();
            return false;
        }
        store.remove_installation(APP, TENANT, NOW).await.unwrap()
    })
    .await;
    assert_eq!(wins(&removals), 1);
    assert_eq!(store.open_installation(APP, TENANT, NOW).await.unwrap(), None);
}

pub(crate) async fn a_secret_is_revoked_by_exactly_one_of_many(store: &Store) {
    seed(store).await;
    let secret = new_secret(10, "a");
    store.add_client_secret(&secret, NOW).await.unwrap();
    let outcomes = race(store, move |store, _| async move {
        let id = new_secret(10, "a").id;
        revoke_secret(&store, id, NOW).await
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
    let client = store.client_to_authenticate(&client_id(), NOW).await.unwrap().unwrap();
    assert!(client.secrets.is_empty());
}

pub(crate) async fn each_of_many_tenants_gets_an_account_number_of_its_own(store: &Store) {
    seed(store).await;
    let mut numbers = race(store, |store, number| async move {
        let number = 1_000 + number as u128;
        let owner = match number % 2 {
            0 => Owner::Known(ORGANISATION),
            _ => Owner::New(Organisation {
                id: OrganisationId::new(Uuid::from_u128(number)),
                name: "New".into(),
                kind: OrganisationKind::Merchant,
            }),
        };
        let slug = format!("t{number}");
        let id = TenantId::new(Uuid::from_u128(number));
        let (name, customer_number) = (slug.clone(), String::new());
        let new = NewTenant { id, owner, slug, name, customer_number, jtl_account_id: None };
        store.register_tenant(&new, NOW).await.unwrap().jtl_account_id
    })
    .await;
    numbers.sort_unstable();
    let first = tenant().jtl_account_id + 1;
    assert_eq!(numbers, (first..first + i64::try_from(RACERS).unwrap()).collect::<Vec<_>>());
}

fn operator(number: usize) -> NewAdminToken {
    let name = format!("operator {number}");
    let id = CredentialId::new(Uuid::from_u128(1_000 + number as u128));
    NewAdminToken { id, hash: hash(&name), name, access: Access::Full, expires_at: None }
}

pub(crate) async fn of_many_claims_of_the_first_operator_one_succeeds(store: &Store) {
    let end = NOW.plus(Duration::from_hours(24));
    store.offer_first_operator_code(&hash("code"), end).await.unwrap();
    let outcomes = race(store, |store, number| async move {
        store.claim_first_operator(&hash("code"), &operator(number), NOW).await.unwrap()
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
    assert!(store.has_operator(NOW).await.unwrap());
}

/// Every node prints a code of its own while the others do, and each is claimed by somebody.
pub(crate) async fn of_many_codes_one_is_claimed_while_its_token_works(store: &Store) {
    let end = NOW.plus(Duration::from_hours(24));
    let outcomes = race(store, move |store, number| async move {
        let code = hash(&format!("code of node {number}"));
        store.offer_first_operator_code(&code, end).await.unwrap();
        store.claim_first_operator(&code, &operator(number), NOW).await.unwrap()
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}

pub(crate) async fn of_many_claims_for_an_account_or_a_token_one_succeeds(store: &Store) {
    store.create_organisation(&the_operator(), NOW).await.unwrap();
    store.offer_first_operator_code(&hash("code"), NOW.plus(Duration::from_hours(24))).await.unwrap();
    let outcomes = race(store, |store, number| async move {
        if number % 2 == 0 {
            return store.claim_first_operator(&hash("code"), &operator(number), NOW).await.unwrap();
        }
        let account = (&person(number as u128), &password("p"));
        store.claim_first_account(&hash("code"), account, NOW).await.unwrap()
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
    assert!(store.has_operator(NOW).await.unwrap());
}

fn the_operator() -> Organisation {
    let (id, kind) = (OrganisationId::OPERATOR, OrganisationKind::Operator);
    Organisation { id, name: "Operator".into(), kind }
}

pub(crate) async fn of_many_admin_tokens_with_one_name_one_is_made(store: &Store) {
    let outcomes = race(store, |store, number| async move {
        let new = NewAdminToken { name: "ops".into(), ..operator(number) };
        match store.create_admin_token(&new, NOW).await {
            Ok(()) => true,
            Err(StoreError::AlreadyExists(Taken::Name)) => false,
            Err(other) => panic!("{other}"),
        }
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}

pub(crate) async fn what_many_nodes_count_is_counted_whole(store: &Store) {
    race(store, |store, number| async move {
        // The same rows in another order at every node, so that they would wait for each other in a circle.
        let mut rows = Vec::from([1, 2, 3, 4].map(|app| row(app, None, "", [1, 2, 1])));
        rows.rotate_left(number % 4);
        store.add_usage(&rows).await.unwrap();
    })
    .await;
    let sums = store.usage(UsageBy::App, &UsageFilter::default(), 100).await.unwrap();
    let racers = i64::try_from(RACERS).unwrap();
    let counted: Vec<_> = sums.iter().map(|sum| (sum.tokens, sum.calls, sum.errors)).collect();
    assert_eq!(counted, [(racers, 2 * racers, racers); 4]);
}

pub(crate) async fn secrets_end_while_their_uses_are_noted(store: &Store) {
    seed(store).await;
    // Rows lie as they were made, so that whoever takes them as they lie meets whoever goes by id.
    let ids: Vec<u128> = (100..300).collect();
    for id in ids.iter().rev() {
        store.add_client_secret(&new_secret(*id, "a"), NOW).await.unwrap();
    }
    let later = NOW.plus(Duration::from_mins(1));
    let uses: Vec<_> = ids.iter().map(|id| (new_secret(*id, "a").id, later)).collect();
    race(store, move |store, number| {
        let mut uses = uses.clone();
        uses.rotate_left(number);
        async move {
            match number % 3 {
                0 => _ = store.revoke(&of(Subject::App(APP), later), later).await.unwrap(),
                1 => _ = store.revoke(&of(Subject::Client(client_id()), later), later).await.unwrap(),
                _ => store.note_secret_uses(&uses).await.unwrap(),
            }
        }
    })
    .await;
    store.readmit_app(APP, later).await.unwrap();
    let client = store.client_to_authenticate(&client_id(), later).await.unwrap().unwrap();
    assert!(client.secrets.is_empty());
    // The app, its client and each secret.
    assert_eq!(store.revocations_after(0, later).await.unwrap().len(), 2 + ids.len());
}

pub(crate) async fn of_many_uses_of_one_sign_up_one_links(store: &Store) {
    seed_channels(store).await;
    store.open_seller_session(&session("s", None), NOW).await.unwrap();
    let outcomes = race(store, |store, number| async move {
        let id = seller(&format!("seller_{number}"));
        store.link_seller(&bikes(), &hash("s"), &id, "", NOW).await.unwrap()
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Linked::Done).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Linked::Done | Linked::NoSession)));
    assert_eq!(store.sellers_of_channel(&bikes()).await.unwrap().len(), 1);
}

pub(crate) async fn of_many_uses_of_one_update_one_counts(store: &Store) {
    seed_channels(store).await;
    store.open_seller_session(&session("in", None), NOW).await.unwrap();
    store.link_seller(&bikes(), &hash("in"), &seller("4711"), "", NOW).await.unwrap();
    store.open_seller_session(&session("up", Some(seller("4711"))), NOW).await.unwrap();
    let outcomes = race(store, |store, number| async move {
        let name = format!("name {number}");
        let done = store.update_seller(&bikes(), &hash("up"), true, Some(&name), NOW).await.unwrap();
        (done == Linked::Done, name)
    })
    .await;
    let winners: Vec<_> = outcomes.into_iter().filter(|(won, _)| *won).map(|(_, name)| name).collect();
    let links = store.sellers_of_channel(&bikes()).await.unwrap();
    assert_eq!(winners, [links[0].company_name.clone()]);
}

pub(crate) async fn of_many_sign_ups_under_one_id_one_links(store: &Store) {
    seed_channels(store).await;
    let outcomes = race(store, |store, number| async move {
        let text = format!("session {number}");
        store.open_seller_session(&session(&text, None), NOW).await.unwrap();
        store.link_seller(&bikes(), &hash(&text), &seller("4711"), "", NOW).await.unwrap()
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Linked::Done).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Linked::Taken).count(), RACERS - 1);
}

pub(crate) async fn of_many_uses_of_one_pin_one_gets_a_token(store: &Store) {
    seed_channels(store).await;
    store.offer_seller_pin(&hash("433273"), TENANT, NOW.plus(Duration::from_mins(10)), NOW).await.unwrap();
    let outcomes = race(store, |store, number| async move {
        let token = |tenant| refresh_token(1_000 + number as u128, TokenOwner::Seller(tenant));
        store.redeem_seller_pin(&hash("433273"), token, NOW).await.unwrap().is_some()
    })
    .await;
    assert_eq!(wins(&outcomes), 1);
}
