//! The audit.

use super::{NOW, ORGANISATION, client_id, new_secret, seed as seed_platform};
use einlass_store::{AuditEvent, AuditFilter, Organisation, Outcome, Store};
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

pub(crate) async fn what_failed_or_changed_nothing_leaves_no_event(store: &Store) {
    seed_platform(store).await;
    let event = event(1, "anna", "create organisation", "o");
    let organisation = Organisation { id: ORGANISATION, name: "Again".into() };
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
    let event = event(1, "anna", "add secret", "s");
    store.record_audit(std::slice::from_ref(&event)).await.unwrap();
    store.add_client_secret(&new_secret(10, "a"), &event).await.unwrap_err();
    assert_eq!(store.client_of_secret(new_secret(10, "").id).await.unwrap(), None);
}
