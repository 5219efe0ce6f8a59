//! Revocations.

use super::text;
use crate::support::TestPlatform;
use serde_json::json;
use uuid::Uuid;

impl TestPlatform {
    async fn revoke_by_api(&self, kind: &str, subject: &str) -> u16 {
        let body = json!({"kind": kind, "subject": subject}).to_string();
        self.administer("POST", "/revocations", &body).await.status.as_u16()
    }
}

#[tokio::test]
async fn a_leaked_secret_is_shut_out_and_the_other_one_works_on() {
    let platform = TestPlatform::start().await;
    let path = format!("/clients/{}/secrets", platform.demo.client_id);
    let leaked = text(&platform.ask(&path).await["items"][0]["id"]);
    platform.create(&path, &json!({"name": "next"})).await;
    assert_eq!(platform.token().await.status, 200);
    for _ in 0..2 {
        assert_eq!(platform.revoke_by_api("secret", &leaked).await, 204);
    }
    assert_eq!(platform.token().await.status, 401);
    let secrets = platform.ask(&path).await;
    let revoked: Vec<_> = secrets["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|secret| !secret["revoked_at"].is_null())
        .collect();
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0]["id"], leaked);
    let audit = platform.ask("/audit?action=revoke%20secret").await;
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn everything_is_revoked_by_id_or_name() {
    let platform = TestPlatform::start().await;
    let (app, tenant) = (platform.demo.app.to_string(), platform.demo.tenant.to_string());
    let by_ids = format!("{app}@{tenant}");
    for (kind, subject) in [
        ("installation", "stock-mirror@annas-bikes"),
        ("installation", &by_ids),
        ("tenant", "annas-bikes"),
        ("client", platform.demo.client_id.as_str()),
        ("app", "stock-mirror"),
        ("token", &Uuid::from_u128(7).to_string()),
    ] {
        assert_eq!(platform.revoke_by_api(kind, subject).await, 204, "{kind} {subject}");
    }
    assert_eq!(platform.ask("/tenants/annas-bikes/installations").await["items"], json!([]));
    // The installation twice, tenant, client, the client's secret, app, token.
    assert_eq!(platform.told.denied.lock().unwrap().len(), 6);
    let done = platform.audited().await;
    assert_eq!(done.len(), 6);
    assert!(done.iter().all(|(actor, _, outcome)| actor == "admin token dev" && outcome == "done"));
}

#[tokio::test]
async fn who_mistypes_an_id_is_told_that_nothing_was_revoked() {
    let platform = TestPlatform::start().await;
    let nobody = Uuid::from_u128(1).to_string();
    let secret = platform.demo.client_secret.expose();
    for (kind, subject, status) in [
        ("secret", nobody.as_str(), 404),
        ("client", &nobody, 404),
        ("app", "nobody", 404),
        ("tenant", "nobody", 404),
        ("installation", "stock-mirror@nobody", 404),
        ("installation", "stock-mirror", 400),
        ("token", "x", 400),
        ("secret", "x", 400),
        ("secret", secret, 400),
        ("person", &nobody, 404),
        ("person", "nobody@bikes.example", 404),
        ("people", &nobody, 400),
    ] {
        assert_eq!(platform.revoke_by_api(kind, subject).await, status, "{kind} {subject}");
    }
    assert!(platform.audited().await.is_empty());
    assert_eq!(platform.store.last_change().await.unwrap(), platform_changes(&platform).await);
}

/// Changes of the seeding alone.
async fn platform_changes(platform: &TestPlatform) -> i64 {
    let changes = platform.store.changes_after(0, 100).await.unwrap();
    let revocations =
        changes.iter().filter(|change| change.change == Some(einlass_store::Change::Revocations));
    assert_eq!(revocations.count(), 0);
    i64::try_from(changes.len()).unwrap()
}
