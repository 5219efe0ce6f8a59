//! Installations: made, replaced, listed and removed, and the gateway hears of it.

use crate::support::TestPlatform;
use einlass_protocol::time::Clock;
use serde_json::json;

impl TestPlatform {
    fn other_installation(&self) -> String {
        format!("/tenants/{}/installations/{}", self.demo.other_tenant, self.demo.app)
    }

    async fn granted_at_other_tenant(&self) -> Option<String> {
        let (app, tenant) = (self.demo.app, self.demo.other_tenant);
        let found = self.store.open_installation(app, tenant, self.clock.wall()).await.unwrap();
        found.map(|installation| installation.granted.to_string())
    }
}

#[tokio::test]
async fn an_app_is_installed_and_removed_and_the_gateway_hears_of_both() {
    let platform = TestPlatform::start().await;
    let path = platform.other_installation();
    let reply = platform.administer("PUT", &path, r#"{"scopes":"items.read"}"#).await;
    let (app, tenant) = (platform.demo.app, platform.demo.other_tenant);
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json(), json!({"app": app, "tenant": tenant, "scopes": "items.read"}));
    assert_eq!(platform.granted_at_other_tenant().await.as_deref(), Some("items.read"));

    let reply = platform.administer("DELETE", &path, "").await;
    assert_eq!(reply.status, 204);
    assert_eq!(platform.granted_at_other_tenant().await, None);
    assert_eq!(platform.administer("DELETE", &path, "").await.status, 204);
    assert_eq!(*platform.told.installations.lock().unwrap(), [(app, tenant); 3]);
}

#[tokio::test]
async fn scopes_that_the_app_does_not_ask_for_cannot_be_granted() {
    let platform = TestPlatform::start().await;
    let path = platform.other_installation();
    for body in [r#"{"scopes":"returns.write"}"#, r#"{"scopes":"ä"}"#, r#"{"scope":"items.read"}"#, "["] {
        assert_eq!(platform.refused("PUT", &path, body).await, (400, "bad_request".into()));
    }
    assert_eq!(platform.granted_at_other_tenant().await, None);
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_installed() {
    let platform = TestPlatform::start().await;
    let nobody = uuid::Uuid::from_u128(1);
    let (app, tenant) = (platform.demo.app, platform.demo.other_tenant);
    for (tenant, app) in [
        (nobody.to_string(), app.to_string()),
        (tenant.to_string(), nobody.to_string()),
        ("x".into(), app.to_string()),
        (tenant.to_string(), "No%20name%00".into()),
    ] {
        let path = format!("/tenants/{tenant}/installations/{app}");
        for method in ["PUT", "DELETE"] {
            assert_eq!(platform.refused(method, &path, "").await, (404, "not_found".into()), "{path}");
        }
    }
}

#[tokio::test]
async fn without_a_body_everything_that_the_app_asks_for_is_granted_and_names_will_do() {
    let platform = TestPlatform::start().await;
    let path = "/tenants/berts-books/installations/stock-mirror";
    assert_eq!(platform.administer("PUT", path, "").await.json()["scopes"], platform.demo.scopes.to_string());
    let narrower = platform.administer("PUT", path, r#"{"scopes":""}"#).await;
    assert_eq!(narrower.json()["scopes"], "");
    let listed = platform.ask("/tenants/berts-books/installations").await;
    let (app, tenant) = (platform.demo.app, platform.demo.other_tenant);
    let (app_name, tenant_name) = ("Stock Mirror", "Bert's Books");
    let expected = json!({
        "app": app, "app_name": app_name, "tenant": tenant, "tenant_name": tenant_name, "scopes": "", "lapses_at": null,
    });
    assert_eq!(listed, json!({"items": [expected], "next": null}));
    let listed = platform.ask("/apps/stock-mirror/installations?limit=500").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
}
