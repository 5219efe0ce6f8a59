//! Two nodes on one database: what one does, the other hears of.

use crate::support::{ISSUER, Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::ids::TokenId;
use einlass_protocol::oauth::Generation;
use einlass_protocol::revocation::Subject;
use einlass_protocol::time::Clock;
use einlass_server::audit::Actor;
use einlass_server::router::Surface;
use einlass_server::{Platform, PlatformSettings, router};
use http::Request;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tower::ServiceExt;
use uuid::Uuid;

async fn token_from(node: &Arc<Platform>, platform: &TestPlatform) -> Reply {
    let request = Request::post("/oauth2/token")
        .header("content-type", crate::support::FORM)
        .header("authorization", platform.basic())
        .body(Body::from("grant_type=client_credentials"))
        .unwrap();
    Reply::read(router::router(Arc::clone(node), Surface::ALL).oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn a_secret_that_one_node_revokes_gets_no_token_at_the_other() {
    let platform = TestPlatform::start().await;
    let (other, told) = platform.another_node(PlatformSettings::new(ISSUER)).await;
    assert_eq!(token_from(&other, &platform).await.status, 200);
    let app = Subject::App(platform.demo.app);
    platform.platform.revoke(app, &Actor::platform()).await.unwrap();
    other.follow().await.unwrap();
    assert_eq!(token_from(&other, &platform).await.status, 401);
    // The app, and the secret that ended with it.
    assert_eq!(told.denied.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn an_installation_that_one_node_removes_is_gone_at_the_other() {
    let platform = TestPlatform::start().await;
    let (other, told) = platform.another_node(PlatformSettings::new(ISSUER)).await;
    let (app, tenant) = (platform.demo.app, platform.demo.tenant);
    platform.store.remove_installation(app, tenant, platform.clock.wall()).await.unwrap();
    other.follow().await.unwrap();
    other.follow().await.unwrap();
    assert_eq!(*told.installations.lock().unwrap(), [(app, tenant)]);
}

#[tokio::test]
async fn of_two_nodes_one_rotates_and_both_sign_with_the_same_key() {
    let platform = TestPlatform::start().await;
    let (other, told) = platform.another_node(PlatformSettings::new(ISSUER)).await;
    platform.clock.advance(Duration::from_hours(30 * 24));
    let (one, two) = tokio::join!(platform.platform.tend(), other.tend());
    one.and(two).unwrap();
    let keys = platform.store.signing_keys(ISSUER).await.unwrap();
    assert_eq!(keys.iter().map(|key| key.generation).collect::<Vec<_>>(), [2, 2, 1, 1]);
    other.follow().await.unwrap();
    platform.platform.follow().await.unwrap();
    for issuer in Generation::ALL {
        assert_eq!(other.key_set_document(issuer), platform.platform.key_set_document(issuer));
    }
    assert_eq!(told.keys.lock().unwrap().take().unwrap().len(), 4);
}

#[tokio::test]
async fn who_was_away_for_too_long_reads_everything() {
    let platform = TestPlatform::start().await;
    let (other, told) = platform.another_node(PlatformSettings::new(ISSUER)).await;
    assert_eq!(token_from(&other, &platform).await.status, 200);
    platform.platform.revoke(Subject::App(platform.demo.app), &Actor::platform()).await.unwrap();
    platform.store.forget_changes(platform.clock.wall().plus(Duration::from_secs(1))).await.unwrap();
    // Whether something has changed since or not.
    other.follow().await.unwrap();
    assert_eq!(told.denied.lock().unwrap().len(), 2);
    assert_eq!(token_from(&other, &platform).await.status, 401);

    platform.platform.revoke(Subject::Tenant(platform.demo.tenant), &Actor::platform()).await.unwrap();
    platform.store.forget_changes(platform.clock.wall().plus(Duration::from_secs(1))).await.unwrap();
    let scopes = "items.read".parse().unwrap();
    let now = platform.clock.wall();
    platform.store.consent_to_app(platform.demo.app, platform.demo.other_tenant, &scopes, now).await.unwrap();
    other.follow().await.unwrap();
    assert_eq!(told.denied.lock().unwrap().len(), 3);
    let change = (platform.demo.app, platform.demo.other_tenant);
    assert_eq!(told.installations.lock().unwrap().last(), Some(&change));
}

#[tokio::test]
async fn who_knows_of_more_changes_than_a_restored_store_reads_everything_and_follows_on() {
    let platform = TestPlatform::start().await;
    let (other, told) = platform.another_node(PlatformSettings::new(ISSUER)).await;
    let token = |subject: u128| Subject::Token(TokenId::new(Uuid::from_u128(subject)));
    for subject in 1..=3 {
        platform.platform.revoke(token(subject), &Actor::platform()).await.unwrap();
    }
    other.follow().await.unwrap();
    assert_eq!(token_from(&other, &platform).await.status, 200);
    // What a restored copy says: two changes fewer, and a secret that works no more.
    let last = platform.store.last_change().await.unwrap();
    platform
        .behind_its_back(&[
            "UPDATE change_counter SET seq = seq - 2",
            "DELETE FROM changes WHERE seq > (SELECT seq FROM change_counter)",
            "DELETE FROM revocations WHERE seq > (SELECT seq FROM change_counter)",
            "UPDATE client_secrets SET revoked_at = 1",
        ])
        .await;
    other.follow().await.unwrap();
    assert_eq!(token_from(&other, &platform).await.status, 401);
    assert_eq!(told.denied.lock().unwrap().len(), 3, "what was denied stays so");

    // Numbers that this node has seen before now mean something else.
    platform.platform.revoke(token(4), &Actor::platform()).await.unwrap();
    assert!(platform.store.last_change().await.unwrap() < last);
    other.follow().await.unwrap();
    assert_eq!(told.denied.lock().unwrap().len(), 4);
}

/// A node at work, which hears of a revocation and stops when told.
async fn hears_of_a_revocation(platform: &TestPlatform, settings: PlatformSettings) {
    let (other, told) = platform.another_node(settings).await;
    let (stop, end) = oneshot::channel::<()>();
    let node = tokio::spawn(async move { other.maintain(async { _ = end.await }).await });
    // So that it is not the look at the start which finds the last one.
    for tenant in [platform.demo.tenant, platform.demo.other_tenant] {
        let known = told.denied.lock().unwrap().len();
        platform.platform.revoke(Subject::Tenant(tenant), &Actor::platform()).await.unwrap();
        let heard = async {
            while told.denied.lock().unwrap().len() == known {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), heard).await.expect("the other node hears of it");
    }
    stop.send(()).unwrap();
    node.await.unwrap();
}

#[tokio::test]
async fn a_node_at_work_looks_for_revocations_by_itself() {
    let platform = TestPlatform::start().await;
    let settings =
        PlatformSettings { follow_every: Duration::from_millis(5), ..PlatformSettings::new(ISSUER) };
    hears_of_a_revocation(&platform, settings).await;
}

#[tokio::test]
async fn a_node_on_postgres_is_told_of_revocations_and_need_not_look() {
    let settings =
        PlatformSettings { follow_every: Duration::from_hours(1), ..PlatformSettings::new(ISSUER) };
    let platform = TestPlatform::start_on_postgres(settings.clone()).await;
    hears_of_a_revocation(&platform, settings).await;
}
