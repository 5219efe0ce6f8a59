//! What was counted, and what becomes of it.

use crate::support::{Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::ids::{AppId, CredentialId, TenantId};
use einlass_protocol::time::{Clock, UnixTime};
use einlass_protocol::usage::{UsageCaller, UsageCounts, UsageKey, UsageRow, UsedCredential};
use einlass_store::{Page, PageSize};
use http::Request;
use serde_json::{Value, json};
use std::time::Duration;

impl TestPlatform {
    async fn asked_for(&self, question: &str) -> Reply {
        let request = Request::get(format!("/admin/api/usage{question}"))
            .header("authorization", format!("Bearer {}", self.demo.admin_token.expose()))
            .body(Body::empty())
            .unwrap();
        self.send(request).await
    }

    async fn usage(&self, question: &str) -> Value {
        let reply = self.asked_for(question).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["items"].clone()
    }

    async fn secret(&self) -> (CredentialId, Option<UnixTime>) {
        let page = Page { after: None, size: PageSize::MOST };
        let secrets = self.store.client_secrets(&self.demo.client_id, &page).await.unwrap();
        (secrets[0].id, secrets[0].last_used_at)
    }

    /// Calls that the gateway counted now.
    fn gateway_counts(&self, credential: CredentialId, scope: Option<&str>, counts: UsageCounts) {
        let credential = UsedCredential::Secret(credential);
        let caller = Some(UsageCaller { app: Some(self.demo.app), credential });
        let scope = scope.map(|scope| scope.parse().unwrap());
        let (minute, tenant) = (self.clock.wall().minute(), Some(self.demo.tenant));
        let row = UsageRow { key: UsageKey { minute, caller, tenant, scope }, counts };
        self.told.usage.lock().unwrap().push(row);
    }
}

#[tokio::test]
async fn tokens_and_calls_are_summed_by_app_tenant_scope_and_secret() {
    let platform = TestPlatform::start().await;
    let (app, tenant): (AppId, TenantId) = (platform.demo.app, platform.demo.tenant);
    let (secret, last_used) = platform.secret().await;
    assert_eq!(last_used, None);
    for _ in 0..3 {
        assert_eq!(platform.token().await.status, 200);
    }
    platform.gateway_counts(secret, None, UsageCounts { tokens: 0, calls: 5, errors: 1 });
    platform.gateway_counts(secret, Some("items.read"), UsageCounts { tokens: 0, calls: 4, errors: 0 });
    platform.platform.write_usage().await.unwrap();
    let at = "2027-01-15T08:00:00Z";
    let all = |key: String| json!([{"key": key, "tokens": 3, "calls": 5, "errors": 1, "last_at": at}]);
    assert_eq!(platform.usage("").await, all(app.to_string()));
    assert_eq!(platform.usage("?by=secret").await, all(secret.to_string()));
    let calls = json!([{"key": tenant.to_string(), "tokens": 0, "calls": 5, "errors": 1, "last_at": at}]);
    assert_eq!(platform.usage("?by=tenant").await, calls);
    let scopes = json!([{"key": "items.read", "tokens": 0, "calls": 4, "errors": 0, "last_at": at}]);
    assert_eq!(platform.usage(&format!("?by=scope&app={app}&tenant={tenant}")).await, scopes);
    assert_eq!(
        platform.usage(&format!("?since={at}&until=2027-01-15T08:01:00Z")).await,
        all(app.to_string())
    );
    for (question, status) in [
        ("?since=2027-01-15T08:01:00Z", 200),
        ("?until=2027-01-15T07:59:00Z", 200),
        (&format!("?app={}", uuid::Uuid::nil()), 404),
        ("?app=no-such-app", 404),
        ("?tenant=no-such-tenant", 404),
        ("?by=colour", 400),
        ("?since=yesterday", 400),
        ("?from=today", 400),
    ] {
        let reply = platform.asked_for(question).await;
        assert_eq!(reply.status, status, "{question}");
        assert!(status != 200 || reply.json() == json!({"items": []}), "{question}");
    }
}

#[tokio::test]
async fn the_last_use_of_a_secret_is_known_to_the_minute() {
    let platform = TestPlatform::start().await;
    let (secret, _) = platform.secret().await;
    let first = platform.clock.wall();
    assert_eq!(platform.token().await.status, 200);
    platform.clock.advance(Duration::from_secs(150));
    assert_eq!(platform.token().await.status, 200);
    platform.clock.advance(Duration::from_mins(10));
    // A call shows that the token is used, and not the secret.
    platform.gateway_counts(secret, None, UsageCounts::SERVED);
    platform.platform.write_usage().await.unwrap();
    assert_eq!(platform.secret().await.1, Some(first.plus(Duration::from_mins(2))));
}

#[tokio::test]
async fn what_could_not_be_written_is_written_later_and_once() {
    let platform = TestPlatform::start().await;
    let (secret, _) = platform.secret().await;
    assert_eq!(platform.token().await.status, 200);
    platform.gateway_counts(secret, None, UsageCounts::SERVED);
    platform.behind_its_back(&["ALTER TABLE usage RENAME TO away"]).await;
    platform.platform.write_usage().await.unwrap_err();
    platform.platform.write_usage().await.unwrap_err();
    platform.behind_its_back(&["ALTER TABLE away RENAME TO usage"]).await;
    for _ in 0..2 {
        platform.platform.write_usage().await.unwrap();
        let sum = &platform.usage("").await[0];
        assert_eq!((&sum["tokens"], &sum["calls"]), (&json!(1), &json!(1)));
    }
}

#[tokio::test]
async fn a_node_that_stops_writes_what_it_counted() {
    let platform = TestPlatform::start().await;
    assert_eq!(platform.token().await.status, 200);
    platform.platform.maintain(std::future::ready(())).await;
    assert_eq!(platform.usage("").await[0]["tokens"], 1);
}

#[tokio::test]
async fn usage_is_kept_for_ninety_days() {
    let platform = TestPlatform::start().await;
    assert_eq!(platform.token().await.status, 200);
    platform.platform.write_usage().await.unwrap();
    platform.clock.advance(Duration::from_hours(90 * 24));
    platform.platform.tend().await.unwrap();
    assert_eq!(platform.usage("").await[0]["tokens"], 1);
    platform.clock.advance(Duration::from_mins(1));
    platform.platform.tend().await.unwrap();
    assert_eq!(platform.usage("").await, json!([]));
}

#[tokio::test]
async fn scopes_that_no_served_call_needed_for_thirty_days_are_unused() {
    let platform = TestPlatform::start().await;
    let (secret, _) = platform.secret().await;
    let app = platform.demo.app;
    let asked = platform.store.app(app).await.unwrap().unwrap().scopes;
    platform.gateway_counts(secret, Some("items.read"), UsageCounts::SERVED);
    platform.gateway_counts(secret, Some("items.write"), UsageCounts::FAILED);
    platform.platform.write_usage().await.unwrap();
    let unused = platform.platform.unused_scopes(app).await.unwrap().unwrap();
    assert_eq!(unused, asked.difference(&"items.read".parse().unwrap()));
    assert!(
        asked.contains(&"items.write".parse().unwrap()),
        "the demonstration app asks for more than it uses"
    );
    platform.clock.advance(Duration::from_hours(31 * 24));
    assert_eq!(platform.platform.unused_scopes(app).await.unwrap().unwrap(), asked);
    assert_eq!(platform.platform.unused_scopes(AppId::new(uuid::Uuid::nil())).await.unwrap(), None);
}
