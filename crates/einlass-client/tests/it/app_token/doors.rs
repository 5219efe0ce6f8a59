//! The layer and the extractor: the same as for session tokens, with other words.

use super::{Issuer, TENANT};
use axum::Router;
use axum::body::Body;
use axum::extract::Extension;
use axum::routing::get;
use einlass_client::app_token::{AppToken, AppTokenLayer, AppTokenVerifier};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// The same app twice: with the layer around it, and with the extractor in it.
fn doors(app_tokens: &AppTokenVerifier) -> [Router; 2] {
    let layered = async |Extension(token): Extension<AppToken>| token.tenant.to_string();
    let extracted = async |token: AppToken| token.tenant.to_string();
    [
        Router::new().route("/", get(layered)).layer(AppTokenLayer::new(app_tokens.clone())),
        Router::new().route("/", get(extracted)).with_state(app_tokens.clone()),
    ]
}

async fn ask(door: Router, authorization: &[&str]) -> (Response<()>, String) {
    let mut request = Request::get("/");
    for value in authorization {
        request = request.header("authorization", *value);
    }
    let response = door.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_good_token_opens_both_doors_and_nothing_else_does() {
    let issuer = Issuer::start().await;
    let good = format!("Bearer {}", issuer.token());
    let invalid = r#"Bearer error="invalid_token""#;
    for door in doors(&issuer.verifier()) {
        let (response, body) = ask(door.clone(), &[&good]).await;
        assert_eq!((response.status(), &*body), (StatusCode::OK, TENANT));
        for (sent, challenge, word) in [
            (&[] as &[&str], "Bearer", "app_token_missing"),
            (&[&good, &good], "Bearer", "app_token_missing"),
            (&["Bearer undefined"], invalid, "not_an_app_token"),
        ] {
            let (response, body) = ask(door.clone(), sent).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(response.headers()["www-authenticate"], challenge);
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["error"], word);
        }
    }
}

#[tokio::test]
async fn without_keys_the_answer_is_503_and_says_nothing_of_what_is_behind() {
    let issuer = Issuer::start().await;
    issuer.goes_down();
    for door in doors(&issuer.verifier()) {
        let (response, body) = ask(door, &[&format!("Bearer {}", issuer.token())]).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=30).contains(&wait));
        let said = "app tokens cannot be verified at the moment; try again";
        assert_eq!(body, format!(r#"{{"error":"app_token_keys_unavailable","message":"{said}"}}"#));
    }
}
