//! `/v1`: marketplace channels. Each habit of existing clients has a test with its name.

mod exchange;
mod limits;
mod revocation;
mod seller_token;
mod sellers;

use crate::support::{ISSUER, Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::jose::{KeySet, ScxVerifier};
use einlass_protocol::secret::Secret;
use einlass_server::PlatformSettings;
use einlass_server::peer::Peer;
use einlass_server::scx::{ScxSettings, issuer_at};
use http::Request;
use serde_json::Value;

fn settings() -> PlatformSettings {
    PlatformSettings { scx: Some(ScxSettings::default()), ..PlatformSettings::new(ISSUER) }
}

fn verifier() -> ScxVerifier {
    ScxVerifier::new(issuer_at(ISSUER), "einlass-scx")
}

impl TestPlatform {
    /// A request below `/v1`; the body is JSON unless a header says otherwise.
    async fn scx(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/v1{path}"))
            .extension(Peer("192.0.2.1:1234".parse().unwrap()));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// The exchange as the platform's own client sends it.
    async fn exchange(&self, refresh_token: &Secret) -> Reply {
        let encoded = refresh_token.expose().replace(':', "%3A");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.scx("POST", "/auth", &form, &format!("refreshToken={encoded}")).await
    }

    async fn auth_token(&self, refresh_token: &Secret) -> String {
        let reply = self.exchange(refresh_token).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["authToken"].as_str().unwrap().to_owned()
    }

    async fn channel_token(&self) -> String {
        self.auth_token(&self.demo.channel.refresh_token).await
    }

    async fn seller_token(&self) -> String {
        self.auth_token(&self.demo.channel.seller_refresh_token).await
    }

    /// A call with a token.
    async fn call(&self, token: &str, method: &str, path: &str, body: &str) -> Reply {
        self.scx(method, path, &[("authorization", &format!("Bearer {token}"))], body).await
    }

    async fn scx_keys(&self) -> KeySet {
        KeySet::parse(&self.get("/v1/.well-known/jwks.json").await.body).unwrap()
    }
}

/// Status and first code of an answer in the form of every error.
fn refusal(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    let error = &body["errorList"][0];
    assert!(error["severity"] == "error" && !error["message"].as_str().unwrap().is_empty(), "{body}");
    assert!(error.get("hint").is_some(), "{body}");
    (reply.status.as_u16(), error["code"].as_str().unwrap().to_owned())
}

fn session_in(url: &Value) -> String {
    let url = url.as_str().unwrap();
    let (_, rest) = url.split_once("session=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}
