//! The audit.

use super::revocations::of;
use super::signing_keys::key;
use super::{
    APP, NOW, ORGANISATION, TENANT, client_id, hash, new_app, new_secret, seed as seed_platform, tenant,
};
use einlass_protocol::ids::{AppId, ClientId, OrganisationId, TenantId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::organisation::OrganisationKind;
use einlass_protocol::revocation::Subject;
use einlass_store::{
    Access, AuditEvent, AuditFilter, Client, ClientKind, NewAdminToken, NewApp, NewSecret, NewTenant,
    Organisation, Outcome, Owner, Page, PageSize, Store, Tenant,
};
use std::time::Duration;
use uuid::Uuid;

fn event(number: u8, actor: &str, action: &str, subject: &str) -> AuditEvent {
    let at = NOW.plus(Duration::from_secs(number.into()));
    let millis = u64::try_from(at.millis()).unwrap();
    AuditEvent {
        id: uuid::Builder::from_unix_timestamp_millis(millis, &[number; 10]).into_uuid(),
        at,
        actor: actor.into(),
        action: action.into(),
        subject: subject.into(),
        outcome: Outcome::Done,
        detail: String::new(),
        address: "192.0.2.1".into(),
        request_id: "r".into(),
    }
}

async fn seed(store: &Store) -> Vec<AuditEvent> {
    let events = vec![
        event(9, "anna", "revoke app", "app 1"),
        event(10, "bert", "revoke app", "app 2"),
        event(11, "anna", "rotate keys", "keys"),
        event(200, "anna", "revoke app", "app 2"),
    ];
    store.record_audit(&events).await.unwrap();
    events
}

async fn found(store: &Store, filter: AuditFilter) -> Vec<Uuid> {
    store.audit(&filter, 100).await.unwrap().into_iter().map(|event| event.id).collect()
}

pub(crate) async fn events_read_back_newest_first_page_by_page(store: &Store) {
    let mut events = seed(store).await;
    events.reverse();
    assert_eq!(store.audit(&AuditFilter::default(), 100).await.unwrap(), events);
    let first = store.audit(&AuditFilter::default(), 3).await.unwrap();
    assert_eq!(first, events[..3]);
    let rest = AuditFilter { before: Some(first[2].id), ..AuditFilter::default() };
    assert_eq!(store.audit(&rest, 3).await.unwrap(), events[3..]);
}

pub(crate) async fn every_filter_narrows_and_all_narrow_together(store: &Store) {
    let ids: Vec<Uuid> = seed(store).await.into_iter().map(|event| event.id).collect();
    let all = AuditFilter::default();
    let anna = AuditFilter { actor: Some("anna".into()), ..all.clone() };
    assert_eq!(found(store, anna.clone()).await, [ids[3], ids[2], ids[0]]);
    let app_2 = AuditFilter { subject: Some("app 2".into()), ..all.clone() };
    assert_eq!(found(store, app_2).await, [ids[3], ids[1]]);
    let rotations = AuditFilter { action: Some("rotate keys".into()), ..all.clone() };
    assert_eq!(found(store, rotations).await, [ids[2]]);
    let since = NOW.plus(Duration::from_secs(11));
    assert_eq!(found(store, AuditFilter { since: Some(since), ..all.clone() }).await, [ids[3], ids[2]]);
    let until = AuditFilter { until: Some(since), ..all.clone() };
    assert_eq!(found(store, until.clone()).await, [ids[1], ids[0]]);
    assert_eq!(found(store, AuditFilter { before: Some(ids[1]), ..until }).await, [ids[0]]);
    let refused = AuditFilter { outcome: Some(Outcome::Refused), ..all };
    assert!(found(store, refused).await.is_empty());
    let both = AuditFilter { action: Some("revoke app".into()), since: Some(since), ..anna };
    assert_eq!(found(store, both).await, [ids[3]]);
}

pub(crate) async fn any_filters_go_together(store: &Store) {
    let (actors, actions, subjects) = (["anna", "bert"], ["publish app", "revoke app"], ["app 1", "app 2"]);
    let mut events = Vec::new();
    for number in 0..48 {
        let of = |two: [&'static str; 2], bit: u8| two[usize::from(number >> bit & 1)];
        let outcome = if number & 8 == 0 { Outcome::Done } else { Outcome::Refused };
        let event = event(number, of(actors, 0), of(actions, 1), of(subjects, 2));
        events.push(AuditEvent { outcome, ..event });
    }
    store.record_audit(&events).await.unwrap();
    events.reverse();
    for set in 0..128_u8 {
        let some = |bit: u8, value: &str| (set & bit != 0).then(|| value.to_owned());
        let at = |bit: u8, seconds: u64| (set & bit != 0).then(|| NOW.plus(Duration::from_secs(seconds)));
        let filter = AuditFilter {
            actor: some(1, "bert"),
            action: some(2, "publish app"),
            subject: some(4, "app 2"),
            outcome: (set & 8 != 0).then_some(Outcome::Refused),
            since: at(16, 5),
            until: at(32, 40),
            before: (set & 64 != 0).then_some(events[10].id),
        };
        let fits = |event: &&AuditEvent| {
            filter.actor.as_ref().is_none_or(|actor| event.actor == *actor)
                && filter.action.as_ref().is_none_or(|action| event.action == *action)
                && filter.subject.as_ref().is_none_or(|subject| event.subject == *subject)
                && filter.outcome.is_none_or(|outcome| event.outcome == outcome)
                && filter.since.is_none_or(|since| event.at >= since)
                && filter.until.is_none_or(|until| event.at < until)
                && filter.before.is_none_or(|before| event.id < before)
        };
        let expected: Vec<Uuid> = events.iter().filter(fits).map(|event| event.id).collect();
        assert_eq!(found(store, filter.clone()).await, expected, "{filter:?}");
        let first = store.audit(&filter, 2).await.unwrap();
        assert_eq!(first.len(), expected.len().min(2), "{filter:?}");
    }
}

pub(crate) async fn what_failed_or_changed_nothing_leaves_no_event(store: &Store) {
    seed_platform(store).await;
    let event = event(1, "anna", "create organisation", "o");
    let organisation = Organisation { id: ORGANISATION, name: "Again".into(), kind: OrganisationKind::Both };
    store.create_organisation(&organisation, &event).await.unwrap_err();
    let mut secret = new_secret(10, "a");
    secret.client_id = "nobody".parse().unwrap();
    store.add_client_secret(&secret, &event).await.unwrap_err();
    assert!(!store.distrust_signing_key("nobody", &event).await.unwrap());
    assert_eq!(store.audit(&AuditFilter::default(), 9).await.unwrap(), []);

    secret.client_id = client_id();
    store.add_client_secret(&secret, &event).await.unwrap();
    assert_eq!(store.audit(&AuditFilter::default(), 9).await.unwrap(), [event]);
}

/// The event's id is taken, so that it cannot be written.
pub(crate) async fn what_cannot_be_written_down_is_not_done(store: &Store) {
    seed_platform(store).await;
    store.add_client_secret(&new_secret(10, "a"), NOW).await.unwrap();
    let scopes = "items.read".parse().unwrap();
    store.install_app(APP, TENANT, &scopes, NOW).await.unwrap();
    store.claim_signing_key("a", &key("r1", Algorithm::Rs256, 1)).await.unwrap();
    let operator = NewAdminToken {
        id: new_secret(5, "").id,
        name: "ops".into(),
        hash: hash("ops"),
        access: Access::Full,
        expires_at: None,
    };
    store.offer_first_operator_code(&hash("code"), NOW.plus(Duration::from_hours(1))).await.unwrap();
    let event = &event(1, "anna", "do", "x");
    store.record_audit(std::slice::from_ref(event)).await.unwrap();
    let before = everything(store).await;

    let id = Uuid::from_u128(77);
    let organisation =
        Organisation { id: OrganisationId::new(id), name: "New".into(), kind: OrganisationKind::Both };
    store.create_organisation(&organisation, event).await.unwrap_err();
    let new = Tenant { id: TenantId::new(id), slug: "new".into(), jtl_account_id: 77, ..tenant() };
    store.create_tenant(&new, event).await.unwrap_err();
    let Tenant { id: tenant_id, slug, name, customer_number, .. } = new;
    let owner = Owner::New(organisation);
    let new = NewTenant { id: tenant_id, owner, slug, name, customer_number, jtl_account_id: None };
    store.register_tenant(&new, event).await.unwrap_err();
    let client_id: ClientId = "client-2".parse().unwrap();
    let mut app = NewApp { client_id: client_id.clone(), ..new_app() };
    (app.app.id, app.app.technical_name) = (AppId::new(id), "new".into());
    store.register_app(&app, event).await.unwrap_err();
    store.change_app_scopes(APP, &scopes, event).await.unwrap_err();
    let (algorithm, kind) = (Algorithm::Rs256, ClientKind::Service);
    let client = Client { id: client_id.clone(), app: APP, algorithm, kind };
    store.create_client(&client, &NewSecret { client_id, ..new_secret(11, "b") }, event).await.unwrap_err();
    store.add_client_secret(&new_secret(11, "b"), event).await.unwrap_err();
    store.install_app(APP, TENANT, &"items.write".parse().unwrap(), event).await.unwrap_err();
    store.remove_installation(APP, TENANT, event).await.unwrap_err();
    store.claim_signing_keys("a", &[key("r2", Algorithm::Rs256, 2)], event).await.unwrap_err();
    store.distrust_signing_key("r1", event).await.unwrap_err();
    store.replace_signing_key("a", &key("r2", Algorithm::Rs256, 2), "r1", event).await.unwrap_err();
    store.revoke(&of(Subject::App(APP), NOW), event).await.unwrap_err();
    store.create_admin_token(&operator, event).await.unwrap_err();
    store.claim_first_operator(&hash("code"), &operator, event).await.unwrap_err();
    assert_eq!(everything(store).await, before);

    assert!(store.claim_first_operator(&hash("code"), &operator, NOW).await.unwrap());
    store.revoke_admin_token(operator.id, event).await.unwrap_err();
    assert!(store.has_operator(NOW).await.unwrap());
}

/// What there is, in words.
async fn everything(store: &Store) -> String {
    fn all<K>() -> Page<K> {
        Page { after: None, size: PageSize::MOST }
    }
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
        store.organisations(&all()).await.unwrap(),
        store.tenants(&all()).await.unwrap(),
        store.apps(&all()).await.unwrap(),
        store.clients_of_app(APP, &all()).await.unwrap(),
        store.client_secrets(&client_id(), &all()).await.unwrap(),
        store.installations_of_app(APP, &all(), NOW).await.unwrap(),
        store.signing_keys("a").await.unwrap().iter().map(|key| key.distrusted_at).collect::<Vec<_>>(),
        store.revocations_after(0, NOW).await.unwrap(),
        store.admin_tokens(&all()).await.unwrap(),
        store.last_change().await.unwrap(),
    )
}
