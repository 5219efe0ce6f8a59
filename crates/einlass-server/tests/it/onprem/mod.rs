//! Registration at an on-premise ERP, as an app and an admin see it.

mod flow;
mod guide;
mod refusals;

use crate::support::{Reply, TestPlatform};
use axum::body::Body;
use einlass_server::peer::Peer;
use http::Request;
use serde_json::{Value, json};

const CODE: &str = "challenge-0123456789";

/// What an app says of itself.
fn manifest() -> Value {
    json!({
        "AppId": "parcels/v1", "DisplayName": "Parcels", "Description": "Ships what was ordered", "Version": "1.0.0",
        "ProviderName": "Paketwerk", "ProviderWebsite": "https://paketwerk.example", "AppIcon": "",
        "MandatoryApiScopes": ["Items.Read"], "OptionalApiScopes": ["items.write", "returns.print"],
        "RegistrationType": 0,
    })
}

impl TestPlatform {
    /// A request of an app's below `/api`, from this address.
    async fn app_from(
        &self,
        from: &str,
        method: &str,
        path: &str,
        code: Option<&str>,
        body: String,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/{path}"))
            .header("content-type", "application/json")
            .extension(Peer(format!("{from}:1234").parse().unwrap()));
        if let Some(code) = code {
            request = request.header("x-challengecode", code);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn register(&self, manifest: &Value) -> Reply {
        self.app_from("192.0.2.9", "POST", "eazybusiness/authentication", Some(CODE), manifest.to_string())
            .await
    }

    async fn poll(&self, id: &str) -> Reply {
        let path = format!("eazybusiness/authentication/{id}");
        self.app_from("192.0.2.9", "GET", &path, Some(CODE), String::new()).await
    }

    async fn wait(&self) {
        assert_eq!(self.administer("POST", "/sites/eazybusiness/wait", "").await.status, 200);
    }

    /// A registration that waits to be decided: its id.
    async fn registered(&self, manifest: &Value) -> String {
        self.wait().await;
        let reply = self.register(manifest).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()["RegistrationRequestId"].as_str().unwrap().to_owned()
    }

    async fn accept(&self, id: &str) -> Reply {
        self.administer("POST", &format!("/registrations/{id}/accept"), "").await
    }

    /// A registration whose key was read: its id and the key.
    async fn with_key(&self, manifest: &Value) -> (String, String) {
        let id = self.registered(manifest).await;
        assert_eq!(self.accept(&id).await.status, 200);
        let key = self.poll(&id).await.json()["Token"]["ApiKey"].as_str().unwrap().to_owned();
        (id, key)
    }
}
