//! What is revoked, by whom, and what remains of it.

mod administrative;
mod endpoints;

use crate::support::{FORM, Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::time::Clock;
use http::Request;

/// A token of the demonstration client, and what it says.
async fn token(platform: &TestPlatform) -> (String, AccessClaims) {
    let token = platform.token().await.json()["access_token"].as_str().unwrap().to_owned();
    let keys = platform.key_set().await;
    let claims = TestPlatform::verifier().verify(&token, &keys, platform.clock.wall()).unwrap();
    (token, claims)
}

/// A request of the client with this `Authorization` about a token.
async fn ask(platform: &TestPlatform, path: &str, authorization: &str, token: &str) -> Reply {
    let request = Request::post(path).header("content-type", FORM).header("authorization", authorization);
    platform.send(request.body(Body::from(format!("token={token}"))).unwrap()).await
}

/// Whether the gateway was told to refuse a token for its tenant.
fn is_denied(platform: &TestPlatform, claims: &AccessClaims) -> bool {
    platform.told.denied.lock().unwrap().denies(claims, Some(platform.demo.tenant)).is_some()
}
