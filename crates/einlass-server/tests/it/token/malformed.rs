//! Requests that are none (RFC 6749 §3.2, §5.2). Every one has a defined answer.

use crate::support::{FORM, Reply, TestPlatform};
use axum::body::Body;
use http::Request;
use std::pin::Pin;
use std::task::{Context, Poll};

async fn with_body(body: impl Into<Body>) -> Reply {
    let platform = TestPlatform::start().await;
    let header = platform.basic();
    platform.post_token(&[("authorization", &header)], body).await
}

#[tokio::test]
async fn any_method_but_post_is_refused() {
    let platform = TestPlatform::start().await;
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request = Request::builder().method(method).uri("/oauth2/token").body(Body::empty()).unwrap();
        let reply = platform.send(request).await;
        assert_eq!(reply.oauth_error(), (405, "invalid_request".into()), "{method}");
        assert_eq!(reply.header("allow"), "POST");
    }
}

#[tokio::test]
async fn parameters_in_the_url_are_refused() {
    let platform = TestPlatform::start().await;
    let request = Request::post("/oauth2/token?grant_type=client_credentials&client_secret=canary")
        .header("content-type", FORM)
        .body(Body::empty())
        .unwrap();
    let reply = platform.send(request).await;
    assert_eq!(reply.oauth_error(), (400, "invalid_request".into()));
    assert!(!reply.text().contains("canary"));
}

#[tokio::test]
async fn any_content_type_but_a_form_is_refused() {
    let platform = TestPlatform::start().await;
    for content_type in ["application/json", "multipart/form-data; boundary=x", "text/plain", ""] {
        let request = Request::post("/oauth2/token")
            .header("content-type", content_type)
            .header("authorization", platform.basic())
            .body(Body::from("grant_type=client_credentials"))
            .unwrap();
        let reply = platform.send(request).await;
        assert_eq!(reply.oauth_error(), (400, "invalid_request".into()), "{content_type:?}");
    }
    let request = Request::post("/oauth2/token")
        .header("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")
        .header("authorization", platform.basic())
        .body(Body::from("grant_type=client_credentials"))
        .unwrap();
    assert_eq!(platform.send(request).await.status, 200);
}

#[tokio::test]
async fn repeated_parameters_are_refused() {
    for body in [
        "grant_type=client_credentials&grant_type=client_credentials",
        "grant_type=client_credentials&scope=items.read&scope=items.write",
        "grant_type=client_credentials&x=1&x=2",
    ] {
        assert_eq!(with_body(body).await.oauth_error(), (400, "invalid_request".into()), "{body}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_utf8_is_refused() {
    for body in [&b"grant_type=client_credentials&x=\xff"[..], b"grant_type=client_credentials&x=%ff"] {
        assert_eq!(with_body(body).await.oauth_error(), (400, "invalid_request".into()));
    }
}

#[tokio::test]
async fn an_oversized_body_is_refused() {
    let body = format!("grant_type=client_credentials&x={}", "y".repeat(16 * 1024));
    assert_eq!(with_body(body).await.oauth_error(), (413, "invalid_request".into()));
    let body = format!("grant_type=client_credentials&x={}", "y".repeat(15 * 1024));
    assert_eq!(with_body(body).await.status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let platform = TestPlatform::start().await;
    // From here on time passes by itself whenever nothing else happens.
    tokio::time::pause();
    let header = platform.basic();
    let reply = platform.post_token(&[("authorization", &header)], Body::new(NeverComing)).await;
    assert_eq!(reply.oauth_error(), (408, "invalid_request".into()));
}

/// A body whose next piece never comes.
struct NeverComing;

impl http_body::Body for NeverComing {
    type Data = bytes::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::io::Result<http_body::Frame<bytes::Bytes>>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_missing_grant_type_and_an_unknown_one_differ() {
    for body in ["", "grant_type=", "granttype=client_credentials"] {
        assert_eq!(with_body(body).await.oauth_error(), (400, "invalid_request".into()), "{body:?}");
    }
    for body in ["grant_type=password", "grant_type=CLIENT_CREDENTIALS"] {
        assert_eq!(with_body(body).await.oauth_error(), (400, "unsupported_grant_type".into()), "{body:?}");
    }
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let body = "grant_type=client_credentials&audience=x&resource=y&empty=";
    assert_eq!(with_body(body).await.status, 200);
}
