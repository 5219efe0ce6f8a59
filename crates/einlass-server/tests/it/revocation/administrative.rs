//! What an administrator revokes.

use super::{is_denied, token};
use crate::support::{ISSUER, TestPlatform};
use einlass_protocol::revocation::Subject;
use einlass_protocol::time::{Clock, UnixTime};
use einlass_server::PlatformSettings;
use einlass_server::audit::Actor;
use std::time::Duration;

async fn revoke(platform: &TestPlatform, subject: Subject) {
    platform.platform.revoke(subject, &Actor::platform()).await.unwrap();
}

#[tokio::test]
async fn a_revoked_secret_gets_no_token_at_once_although_it_was_remembered() {
    let platform = TestPlatform::start().await;
    let (_, claims) = token(&platform).await;
    assert_eq!(platform.token().await.status, 200);
    revoke(&platform, Subject::Credential(claims.credential_id)).await;
    assert!(is_denied(&platform, &claims));
    assert_eq!(platform.token().await.oauth_error(), (401, "invalid_client".into()));
}

#[tokio::test]
async fn a_client_or_an_app_is_shut_out_with_all_its_secrets() {
    for of_app in [false, true] {
        let platform = TestPlatform::start().await;
        let (_, claims) = token(&platform).await;
        let client = Subject::Client(claims.client_id.clone());
        revoke(&platform, if of_app { Subject::App(claims.app_id) } else { client }).await;
        assert!(is_denied(&platform, &claims));
        assert_eq!(platform.token().await.oauth_error(), (401, "invalid_client".into()));
    }
}

#[tokio::test]
async fn of_a_tenant_newer_tokens_are_not_denied() {
    let platform = TestPlatform::start().await;
    let (_, claims) = token(&platform).await;
    revoke(&platform, Subject::Tenant(platform.demo.tenant)).await;
    assert!(is_denied(&platform, &claims));
    platform.clock.advance(Duration::from_secs(1));
    let (_, newer) = token(&platform).await;
    assert!(!is_denied(&platform, &newer));
}

#[tokio::test]
async fn the_whole_second_of_a_revocation_is_denied_and_nothing_of_the_next() {
    let platform = TestPlatform::start().await;
    let into_the_second = platform.clock.wall().millis().rem_euclid(1_000).unsigned_abs();
    platform.clock.advance(Duration::from_millis(1_000 - into_the_second));
    let (_, before) = token(&platform).await;
    platform.clock.advance(Duration::from_millis(300));
    revoke(&platform, Subject::Tenant(platform.demo.tenant)).await;
    platform.clock.advance(Duration::from_millis(300));
    let (_, after) = token(&platform).await;
    assert_eq!(before.issued_at, after.issued_at, "nothing in the tokens tells them apart");
    assert!(is_denied(&platform, &before), "or the revocation would let it through");
    assert!(is_denied(&platform, &after));
    platform.clock.advance(Duration::from_millis(400));
    let (_, next) = token(&platform).await;
    assert!(!is_denied(&platform, &next));
}

#[tokio::test]
async fn an_installation_ends_and_the_gateway_hears_both() {
    let platform = TestPlatform::start().await;
    let (_, claims) = token(&platform).await;
    let (app, tenant) = (platform.demo.app, platform.demo.tenant);
    revoke(&platform, Subject::Installation(app, tenant)).await;
    assert!(is_denied(&platform, &claims));
    assert_eq!(*platform.told.installations.lock().unwrap(), [(app, tenant)]);
    let now = platform.clock.wall();
    assert_eq!(platform.store.open_installation(app, tenant, now).await.unwrap(), None);
}

#[tokio::test]
async fn what_denies_nothing_any_more_is_forgotten_everywhere() {
    let platform = TestPlatform::start().await;
    revoke(&platform, Subject::App(platform.demo.app)).await;
    platform.clock.advance(Duration::from_hours(24));
    platform.platform.tend().await.unwrap();
    assert_eq!(platform.told.denied.lock().unwrap().len(), 2);
    platform.clock.advance(Duration::from_mins(5));
    let now = platform.clock.wall();
    assert_eq!(
        platform.store.revocations_after(0, now.minus(Duration::from_mins(1))).await.unwrap().len(),
        2
    );
    platform.platform.tend().await.unwrap();
    assert!(platform.told.denied.lock().unwrap().is_empty());
    assert_eq!(platform.store.revocations_after(0, UnixTime::from_millis(0)).await.unwrap(), []);
}

#[tokio::test]
async fn a_restart_keeps_what_is_denied() {
    let before = TestPlatform::start().await;
    let (_, claims) = token(&before).await;
    revoke(&before, Subject::App(claims.app_id)).await;
    let TestPlatform { folder, store, .. } = before;
    store.close().await;

    let after = TestPlatform::start_in(folder, PlatformSettings::new(ISSUER)).await;
    assert!(is_denied(&after, &claims));
}
