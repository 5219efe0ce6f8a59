//! `/admin/api`. Every answer that these tests get is held against the document that describes it.

mod admin_tokens;
mod apps;
mod audit;
mod channels;
mod contract;
mod errors;
mod first_operator;
mod grants;
mod installations;
mod keys;
mod members;
mod organisations;
mod paging;
mod policy;
mod refusals;
mod revocations;

use crate::support::{Reply, TestPlatform};
use axum::body::Body;
use einlass_server::peer::Peer;
use http::Request;
use serde_json::Value;

impl TestPlatform {
    /// A request below `/admin/api` with this token; the body is JSON unless it is empty.
    async fn administer_as(&self, token: &str, method: &str, path: &str, body: &str) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/admin/api{path}"))
            .header("content-type", "application/json")
            .extension(Peer("192.0.2.1:1234".parse().unwrap()));
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let reply = self.send(request.body(Body::from(body.to_owned())).unwrap()).await;
        contract::holds(method, path, &reply);
        reply
    }

    pub(crate) async fn administer(&self, method: &str, path: &str, body: &str) -> Reply {
        self.administer_as(self.demo.admin_token.expose(), method, path, body).await
    }

    /// What a request that must succeed answers.
    pub(crate) async fn ask(&self, path: &str) -> Value {
        let reply = self.administer("GET", path, "").await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    /// What a creation that must succeed answers.
    pub(crate) async fn create(&self, path: &str, new: &Value) -> Value {
        let reply = self.administer("POST", path, &new.to_string()).await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text());
        reply.json()
    }

    /// Status and `error` of a request that must fail.
    async fn refused(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        error(&self.administer(method, path, body).await)
    }

    /// What the audit has written down: actor, action, outcome; the newest first.
    async fn audited(&self) -> Vec<(String, String, String)> {
        let events = self.ask("/audit").await;
        let said = |event: &Value| ["actor", "action", "outcome"].map(|field| text(&event[field]));
        events["items"].as_array().unwrap().iter().map(said).map(|[a, b, c]| (a, b, c)).collect()
    }
}

/// Status and `error`, of an answer that says in words what to do.
fn error(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    assert!(!text(&body["message"]).is_empty());
    (reply.status.as_u16(), text(&body["error"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
