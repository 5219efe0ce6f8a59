//! Those who fail to prove who they are, again and again, and those beside them.

use super::limits::{from, post_from};
use crate::support::{TestPlatform, basic};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::revocation::Subject;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::Clock;
use einlass_server::audit::Actor;
use einlass_store::NewSecret;
use std::time::Duration;
use uuid::Uuid;

const HERE: &str = "192.0.2.1:1000";
const ELSEWHERE: &str = "192.0.2.2:1000";

/// The demonstration client's credentials with a wrong secret.
fn wrong(platform: &TestPlatform) -> String {
    let foreign = Secret::from_entropy(SecretKind::ClientSecret, &[1; 32]);
    basic(&format!("{}:{}", platform.demo.client_id, foreign.expose()))
}

fn stranger(number: usize) -> String {
    basic(&format!("stranger-{number}:secret"))
}

/// Strangers come until they are turned away; how many were looked at before.
async fn flood(platform: &TestPlatform, address: &str) -> usize {
    for number in 0..1_000 {
        if post_from(platform, address, &stranger(number)).await == 429 {
            return number;
        }
    }
    panic!("nobody stops them");
}

/// One more secret for the client, and whether it gets in with it.
async fn another_secret(platform: &TestPlatform, id: u128) -> (CredentialId, String) {
    let clear = Secret::from_entropy(SecretKind::ClientSecret, &[2; 32]);
    let new = NewSecret {
        id: CredentialId::new(Uuid::from_u128(id)),
        client_id: platform.demo.client_id.clone(),
        name: format!("secret {id}"),
        hash: SecretHash::of(&clear),
        expires_at: None,
    };
    platform.store.add_client_secret(&new, platform.clock.wall()).await.unwrap();
    (new.id, basic(&format!("{}:{}", platform.demo.client_id, clear.expose())))
}

async fn revoke(platform: &TestPlatform, subject: Subject) {
    platform.platform.revoke(subject, &Actor::platform()).await.unwrap();
}

#[tokio::test]
async fn after_sixty_failures_within_a_minute_an_address_is_turned_away_before_any_look_up() {
    let platform = TestPlatform::start().await;
    assert_eq!(flood(&platform, HERE).await, 60);
    platform.clock.advance(Duration::from_secs(20));
    let reply = from(&platform, HERE, &stranger(0)).await;
    assert_eq!(reply.oauth_error(), (429, "temporarily_unavailable".into()));
    assert_eq!(reply.header("retry-after"), "40");
    assert_eq!(post_from(&platform, ELSEWHERE, &stranger(0)).await, 401);
    platform.clock.advance(Duration::from_secs(40));
    assert_eq!(post_from(&platform, HERE, &stranger(0)).await, 401);

    assert_eq!(flood(&platform, HERE).await, 59);
    platform.store.close().await;
    // Whoever is looked up is told that the store does not answer.
    assert_eq!(post_from(&platform, HERE, &stranger(0)).await, 429);
    assert_eq!(post_from(&platform, ELSEWHERE, &stranger(0)).await, 503);
}

#[tokio::test]
async fn who_shares_an_address_with_an_attacker_that_knows_its_id_still_gets_in() {
    let platform = TestPlatform::start().await;
    let good = platform.basic();
    assert_eq!(post_from(&platform, HERE, &good).await, 200);
    flood(&platform, HERE).await;
    for _ in 0..100 {
        assert_eq!(post_from(&platform, HERE, &wrong(&platform)).await, 429);
    }
    assert_eq!(post_from(&platform, HERE, &good).await, 200);
    // Also when it must be looked up: something about it changed.
    let (other, _) = another_secret(&platform, 5).await;
    revoke(&platform, Subject::Credential(other)).await;
    assert_eq!(post_from(&platform, HERE, &wrong(&platform)).await, 429);
    assert_eq!(post_from(&platform, HERE, &good).await, 200);
}

#[tokio::test]
async fn a_new_secret_works_beside_an_attacker_once_the_client_is_known_with_it() {
    let platform = TestPlatform::start().await;
    assert_eq!(post_from(&platform, HERE, &platform.basic()).await, 200);
    flood(&platform, HERE).await;
    let (_, new) = another_secret(&platform, 5).await;
    assert_eq!(post_from(&platform, ELSEWHERE, &new).await, 200);
    assert_eq!(post_from(&platform, HERE, &new).await, 200);
}

#[tokio::test]
async fn a_secret_that_was_revoked_opens_no_way_past_the_limit() {
    let platform = TestPlatform::start().await;
    let good = platform.basic();
    assert_eq!(post_from(&platform, HERE, &good).await, 200);
    flood(&platform, HERE).await;
    revoke(&platform, Subject::App(platform.demo.app)).await;
    assert_eq!(post_from(&platform, HERE, &good).await, 401);
    assert_eq!(post_from(&platform, HERE, &good).await, 429);
}

#[tokio::test]
async fn a_client_that_is_set_up_wrongly_leaves_its_neighbours_alone() {
    let platform = TestPlatform::start().await;
    let mut answers = Vec::new();
    for _ in 0..200 {
        answers.push(post_from(&platform, HERE, &wrong(&platform)).await);
    }
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 20);
    assert_eq!(post_from(&platform, HERE, &stranger(0)).await, 401);
    // Its owner finds the right secret a minute later at the latest.
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(post_from(&platform, HERE, &platform.basic()).await, 200);
}
