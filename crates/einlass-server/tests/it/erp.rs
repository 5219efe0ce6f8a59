//! The demonstration ERP and the document that describes it.

use crate::support::{HandClock, Reply, demonstration_policy};
use axum::body::Body;
use einlass_server::emulator::erp;
use http::Request;
use std::sync::Arc;
use tower::ServiceExt;

async fn call(method: &str, path: &str) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .header("x-einlass-tenant", "the tenant")
        .body(Body::from(r#"{"UserName": "demo", "Password": "demo"}"#))
        .unwrap();
    let clock = Arc::new(HandClock::default());
    Reply::read(erp::router(clock).oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn every_documented_operation_is_there() {
    let policy = demonstration_policy();
    let mut count = 0;
    for operation in policy.operations() {
        let path = operation.template.replace("{itemId}", "1").replace("{returnId}", "1");
        let reply = call(operation.method.as_str(), &path).await;
        assert!(reply.status.is_success(), "{} {path}: {}", operation.method.as_str(), reply.status);
        count += 1;
    }
    assert_eq!(count, 19);
}

#[tokio::test]
async fn version_two_is_camel_and_the_others_are_pascal() {
    assert_eq!(call("GET", "/v2/info").await.json()["tenant"], "the tenant");
    for path in ["/info", "/v1/info"] {
        assert_eq!(call("GET", path).await.json()["Tenant"], "the tenant");
    }
}
