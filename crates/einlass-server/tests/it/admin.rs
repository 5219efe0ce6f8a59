//! `/admin/api`.

use crate::support::{Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::secret::{Secret, SecretKind};
use einlass_protocol::time::Clock;
use http::Request;
use serde_json::json;

impl TestPlatform {
    async fn administer(&self, method: &str, path: &str, body: &str) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.demo.admin_token.expose()))
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(request).await
    }

    fn other_installation(&self) -> String {
        format!("/admin/api/tenants/{}/installations/{}", self.demo.other_tenant, self.demo.app)
    }

    async fn granted_at_other_tenant(&self) -> Option<String> {
        let (app, tenant) = (self.demo.app, self.demo.other_tenant);
        let found = self.store.open_installation(app, tenant, self.clock.wall()).await.unwrap();
        found.map(|installation| installation.granted.to_string())
    }
}

#[tokio::test]
async fn without_a_working_admin_token_nothing_is_open() {
    let platform = TestPlatform::start().await;
    let unknown = Secret::from_entropy(SecretKind::AdminToken, &[1; 32]);
    let access_token = platform.token().await.json()["access_token"].as_str().unwrap().to_owned();
    let tokens = [unknown.expose(), platform.demo.client_secret.expose(), &access_token, ""];
    for token in tokens {
        let request = Request::put(platform.other_installation())
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let reply = platform.send(request).await;
        assert_eq!((reply.status.as_u16(), reply.header("www-authenticate")), (401, "Bearer"));
    }
    assert_eq!(platform.granted_at_other_tenant().await, None);
}

#[tokio::test]
async fn an_app_is_installed_and_removed_and_the_gateway_hears_of_both() {
    let platform = TestPlatform::start().await;
    let path = platform.other_installation();
    let reply = platform.administer("PUT", &path, r#"{"scopes":"items.read"}"#).await;
    assert_eq!((reply.status.as_u16(), reply.json()), (200, json!({"scopes": "items.read"})));
    assert_eq!(platform.granted_at_other_tenant().await.as_deref(), Some("items.read"));

    let reply = platform.administer("DELETE", &path, "").await;
    assert_eq!(reply.status, 204);
    assert_eq!(platform.granted_at_other_tenant().await, None);
    let change = (platform.demo.app, platform.demo.other_tenant);
    assert_eq!(*platform.told.installations.lock().unwrap(), [change, change]);
}

#[tokio::test]
async fn scopes_that_the_app_does_not_ask_for_cannot_be_granted() {
    let platform = TestPlatform::start().await;
    let path = platform.other_installation();
    for body in [r#"{"scopes":"returns.write"}"#, r#"{"scopes":"ä"}"#, r#"{"scope":"items.read"}"#, "["] {
        assert_eq!(platform.administer("PUT", &path, body).await.status, 400);
    }
    assert_eq!(platform.granted_at_other_tenant().await, None);
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_installed() {
    let platform = TestPlatform::start().await;
    let nobody = uuid::Uuid::from_u128(1);
    let (app, tenant) = (platform.demo.app, platform.demo.other_tenant);
    for (tenant, app, status) in [
        (nobody.to_string(), app.to_string(), 404),
        (tenant.to_string(), nobody.to_string(), 404),
        ("x".into(), app.to_string(), 400),
    ] {
        let path = format!("/admin/api/tenants/{tenant}/installations/{app}");
        assert_eq!(platform.administer("PUT", &path, "").await.status, status);
    }
}

#[tokio::test]
async fn the_policy_explains_itself() {
    let platform = TestPlatform::start().await;
    for path in ["/erp/v2/items/7", "/v2/items/7", "/erp/v2/items/7?x=y"] {
        let question = format!("/admin/api/policy/explain?method=get&path={}", path.replace('?', "%3F"));
        let reply = platform.administer("GET", &question, "").await;
        assert_eq!(reply.status, 200);
        assert!(reply.text().contains("Item_GetItem") && reply.text().contains("items.read"));
    }
    let reply = platform.administer("GET", "/admin/api/policy/explain?method=GET&path=//x", "").await;
    assert_eq!(reply.status, 400);
}
