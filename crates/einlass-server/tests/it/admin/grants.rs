//! What people granted, as operators see and end it.

use crate::support::TestPlatform;
use einlass_protocol::ids::{GrantId, PersonId, SessionId};
use einlass_protocol::oauth::{CodeVerifier, Generation};
use einlass_protocol::secret::{Secret, SecretHash};
use einlass_protocol::time::Clock as _;
use einlass_store::{NewGrantCode, NewPersonSession, Redeemed};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

fn hash(text: &str) -> SecretHash {
    SecretHash::of(&Secret::new(text.into()))
}

impl TestPlatform {
    /// The demonstration merchant has let the demonstration client act for it.
    async fn granted(&self, number: u128) -> PersonId {
        let now = self.clock.wall();
        let found = self.store.person_to_authenticate(&self.demo.people.merchant.email).await.unwrap();
        let (person, proof) = found.unwrap();
        let session = NewPersonSession {
            id: SessionId::new(Uuid::from_u128(number)),
            hash: hash(&format!("session {number}")),
            person: person.id,
            expires_at: now.plus(Duration::from_hours(1)),
            address: String::new(),
            agent: String::new(),
        };
        assert!(self.store.begin_session(&session, None, &proof, now).await.unwrap());
        let verifier = CodeVerifier::from_entropy(&[7; 32]);
        let new = NewGrantCode {
            hash: hash(&format!("code {number}")),
            grant: GrantId::new(Uuid::from_u128(number)),
            client: self.demo.client_id.clone(),
            issuer: Generation::B,
            person: person.id,
            session: session.hash,
            redirect_uri: "https://app.example/callback".into(),
            challenge: verifier.challenge(),
            nonce: None,
            scope: "items.read".parse().unwrap(),
            offline: true,
            openid: true,
            proved_at: now,
            expires_at: now.plus(Duration::from_mins(1)),
        };
        let end = now.plus(Duration::from_hours(24));
        self.store.grant(&new, end, now).await.unwrap();
        let (key, proof) = ((&new.hash, &new.client, new.issuer), (&*new.redirect_uri, &verifier));
        let kept = (&hash(&format!("token {number}")), end);
        let redeemed = self.store.redeem_code(key, proof, kept, end, now).await.unwrap();
        assert!(matches!(redeemed, Redeemed::Granted(_)));
        person.id
    }

    async fn listed(&self, of: &str) -> Vec<Value> {
        self.ask(&format!("{of}/grants")).await["items"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn grants_are_listed_of_a_person_or_a_client_and_ended_one_by_one() {
    let platform = TestPlatform::start().await;
    let person = platform.granted(1).await;
    platform.granted(2).await;
    let of_client = format!("/clients/{}", platform.demo.client_id);
    let of_person = format!("/people/{person}");
    let of_address = format!("/people/{}", platform.demo.people.merchant.email);
    for of in [&of_client, &of_person, &of_address] {
        let listed = platform.listed(of).await;
        let ids: Vec<_> = listed.iter().map(|grant| grant["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [2, 1].map(|number| Uuid::from_u128(number).to_string()), "{of}");
        assert_eq!(listed[0]["person"], person.to_string());
        assert_eq!(
            (&listed[0]["scopes"], &listed[0]["issuer"]),
            (&"items.read".into(), &"https://auth.example/id".into())
        );
    }
    let page = platform.ask(&format!("{of_client}/grants?limit=1")).await;
    assert_eq!(page["next"], Uuid::from_u128(2).to_string());
    for of in ["/people/nobody@bikes.example", "/people/nobody", "/clients/nobody"] {
        assert_eq!(
            platform.refused("GET", &format!("{of}/grants"), "").await,
            (404, "not_found".into()),
            "{of}"
        );
    }

    let path = format!("/grants/{}", Uuid::from_u128(1));
    assert_eq!(platform.administer("DELETE", &path, "").await.status, 204);
    assert_eq!(platform.refused("DELETE", &path, "").await, (404, "not_found".into()));
    assert_eq!(platform.listed(&of_person).await.len(), 1);
    assert_eq!(platform.told.denied.lock().unwrap().len(), 1);
    let events = platform.ask(&format!("/audit?subject={person}&action=end%20grant")).await;
    let event = &events["items"][0];
    assert_eq!(
        (&event["actor"], &event["detail"]),
        (&"admin token dev".into(), &Uuid::from_u128(1).to_string().into())
    );
}
