//! A token that was let in comes again: its signature is not checked again, everything else is.

use crate::kit::{APP, Empty as _, Gate, Issuer, TENANT, call, denying, h1};
use einlass_protocol::jose::KeySet;
use einlass_protocol::revocation::{DenyList, Subject};
use std::time::Duration;

impl Gate {
    async fn status_of(&self, token: &str) -> u16 {
        call(self.with_token("GET", "/erp/v2/items", token).empty()).await.status.as_u16()
    }

    /// A token that was let in once.
    async fn known_token(&self) -> String {
        let token = self.issuer.machine("items.read");
        assert_eq!(self.status_of(&token).await, 200);
        token
    }
}

#[tokio::test]
async fn it_expires_like_any_other() {
    let (gate, upstream) = Gate::and_upstream().await;
    let token = gate.known_token().await;
    // The clocks may differ by 30 seconds.
    gate.clock.advance(Duration::from_secs(3629));
    assert_eq!(gate.status_of(&token).await, 200);
    gate.clock.advance(Duration::from_secs(1));
    assert_eq!(gate.status_of(&token).await, 401);
    assert_eq!(upstream.calls(), 2);
}

#[tokio::test]
async fn it_is_refused_once_it_was_revoked() {
    let (gate, upstream) = Gate::and_upstream().await;
    let token = gate.known_token().await;
    let (app, tenant) = (APP.parse().unwrap(), TENANT.parse().unwrap());
    for subject in [Subject::App(app), Subject::Installation(app, tenant), Subject::Tenant(tenant)] {
        gate.revocations.replace(denying(subject.clone()));
        assert_eq!(gate.status_of(&token).await, 401, "{subject:?}");
    }
    gate.revocations.replace(DenyList::default());
    assert_eq!(gate.status_of(&token).await, 200);
    assert_eq!(upstream.calls(), 2);
}

#[tokio::test]
async fn it_is_refused_as_soon_as_its_key_is_distrusted() {
    let (gate, upstream) = Gate::and_upstream().await;
    let token = gate.known_token().await;
    let other = Issuer::new();
    gate.keys.push(KeySet::from_jwks([other.jwk()]));
    assert_eq!(gate.status_of(&token).await, 401);
    assert_eq!(upstream.calls(), 1);
    assert_eq!(gate.status_of(&other.machine("items.read")).await, 200);
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let (gate, upstream) = Gate::and_upstream().await;
    assert_eq!(gate.status_of(&gate.issuer.machine("items.read")).await, 200);
    let next = Issuer::new();
    let token = next.machine("items.read");
    for _ in 0..2 {
        assert_eq!(gate.status_of(&token).await, 401);
    }
    gate.keys.push(KeySet::from_jwks([next.jwk()]));
    assert_eq!(gate.status_of(&token).await, 200);
    assert_eq!(upstream.calls(), 2);
}

#[tokio::test]
async fn another_token_that_differs_in_one_character_is_another_token() {
    let (gate, upstream) = Gate::and_upstream().await;
    let token = gate.known_token().await;
    let caller = h1();
    for at in 0..token.len() {
        let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut forged = token.clone();
        forged.replace_range(at..=at, other);
        let answer = caller.request(gate.with_token("GET", "/erp/v2/items", &forged).empty()).await.unwrap();
        assert_eq!(answer.status(), 401, "character {at}");
    }
    assert_eq!(upstream.calls(), 1);
}
