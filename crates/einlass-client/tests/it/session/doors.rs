//! The layer and the extractor: with a good token there is a session, and without one the same answer.

use super::{Platform, Signer, TENANT};
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, FromRef};
use axum::routing::get;
use einlass_client::session::{Session, SessionLayer, SessionVerifier};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use tower::{Layer as _, Service, ServiceExt as _, service_fn};

#[derive(Clone)]
struct App {
    sessions: SessionVerifier,
}

impl FromRef<App> for SessionVerifier {
    fn from_ref(app: &App) -> Self {
        app.sessions.clone()
    }
}

/// The same app twice: with the layer around it, and with the extractor in it.
fn doors(sessions: &SessionVerifier) -> [Router; 2] {
    let layered = async |Extension(session): Extension<Session>| session.tenant.to_string();
    let extracted = async |session: Session| session.tenant.to_string();
    let layer = SessionLayer::new(sessions.clone());
    let app = App { sessions: sessions.clone() };
    [
        Router::new().route("/", get(layered)).layer(layer),
        Router::new().route("/", get(extracted)).with_state(app),
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
async fn a_good_token_opens_both_doors() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    for door in doors(&platform.verifier()) {
        let (response, body) = ask(door, &[&format!("Bearer {}", key.token())]).await;
        assert_eq!((response.status(), &*body), (StatusCode::OK, TENANT));
    }
}

#[tokio::test]
async fn what_is_not_believed_is_answered_with_401_and_a_reason() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let good = format!("Bearer {}", key.token());
    let expired = format!("Bearer {}", key.token_until(-180));
    let invalid = r#"Bearer error="invalid_token""#;
    for (sent, challenge, word) in [
        (&[] as &[&str], "Bearer", "session_token_missing"),
        (&["Basic YTpi"], "Bearer", "session_token_missing"),
        (&[&good, &good], "Bearer", "session_token_missing"),
        (&[&expired], invalid, "session_token_expired"),
        (&["Bearer undefined"], invalid, "not_a_session_token"),
    ] {
        for door in doors(&platform.verifier()) {
            let (response, body) = ask(door, sent).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
            assert_eq!(response.headers()["www-authenticate"], challenge);
            assert_eq!(response.headers()["content-type"], "application/json");
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["error"], word);
            assert!(!body["message"].as_str().unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn without_keys_the_answer_is_503_and_says_nothing_of_what_is_behind() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    platform.goes_down();
    for door in doors(&platform.verifier()) {
        let (response, body) = ask(door, &[&format!("Bearer {}", key.token())]).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(!response.headers().contains_key("www-authenticate"));
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=30).contains(&wait));
        let said = "session tokens cannot be verified at the moment; try again";
        assert_eq!(body, format!(r#"{{"error":"session_keys_unavailable","message":"{said}"}}"#));
    }
}

#[tokio::test]
async fn the_layer_goes_around_any_service_and_asks_it_only_with_a_session() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let inner = service_fn(async |request: Request<()>| {
        let session = request.extensions().get::<Session>().unwrap();
        Ok::<_, Infallible>(Response::new(session.customer_number.clone()))
    });
    let service = SessionLayer::new(platform.verifier()).layer(inner);
    let with = Request::get("/").header("authorization", format!("Bearer {}", key.token()));
    let response = service.clone().oneshot(with.body(()).unwrap()).await.unwrap();
    assert_eq!(response.into_body(), "004711");
    let response = service.oneshot(Request::get("/").body(()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

/// Takes a call only where it was asked whether it is ready, as a service with a limit does. Its clones were not.
struct Strict {
    asked: bool,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self { asked: false }
    }
}

impl Service<Request<()>> for Strict {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.asked = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        assert!(self.asked, "another one was asked");
        ready(Ok(Response::new(String::new())))
    }
}

#[tokio::test]
async fn the_service_that_said_it_is_ready_is_the_one_that_is_called() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let mut service = SessionLayer::new(platform.verifier()).layer(Strict { asked: false });
    for _ in 0..2 {
        let with = Request::get("/").header("authorization", format!("Bearer {}", key.token()));
        let response = service.ready().await.unwrap().call(with.body(()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}
