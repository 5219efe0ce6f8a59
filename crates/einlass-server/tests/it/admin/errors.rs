//! What is wrong with a request is said in one form, with what to do about it.

use crate::support::TestPlatform;
use axum::body::Body;
use http::Request;

const BAD: &str = "bad_request";

#[tokio::test]
async fn each_fault_has_its_status_and_says_where_it_is() {
    let platform = TestPlatform::start().await;
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(201));
    for (method, path, body, status, code, says) in [
        ("POST", "/organisations", "", 400, BAD, "send a body"),
        ("POST", "/organisations", "{", 400, BAD, "the body: EOF"),
        ("POST", "/organisations", "{} {}", 400, BAD, "missing field `name`"),
        ("POST", "/organisations", r#"{"name":"x"} x"#, 400, BAD, "trailing"),
        ("POST", "/organisations", "\u{fffd}", 400, BAD, "the body"),
        ("POST", "/organisations", r#"{"name":5}"#, 400, BAD, "name: invalid type"),
        ("POST", "/organisations", r#"{"name":null}"#, 400, BAD, "name: invalid type"),
        ("POST", "/organisations", r#"{"name":"x","nam":"y"}"#, 400, BAD, "nam: unknown field"),
        ("POST", "/organisations", r#"{"name":"x","name":"y"}"#, 400, BAD, "duplicate field"),
        ("POST", "/organisations", r#"{"name":""}"#, 400, BAD, "name: send 1 to 200"),
        ("POST", "/organisations", r#"{"name":"a\u0000b"}"#, 400, BAD, "none of them a control"),
        ("POST", "/organisations", &long, 400, BAD, "name: send 1 to 200"),
        ("POST", "/tenants", r#"{"slug":"A b"}"#, 400, BAD, "slug: send a-z"),
        ("POST", "/tenants", r#"{"slug":"018f6c0a-7a7b-7def-8123-456789abcdef"}"#, 400, BAD, "not a UUID"),
        ("POST", "/tenants", r#"{"slug":"a","id":"x"}"#, 400, BAD, "id: not a UUID"),
        ("POST", "/tenants", r#"{"slug":"a","name":null}"#, 400, BAD, "name: invalid type"),
        ("POST", "/tenants", r#"{"slug":"a","jtl_account_id":0}"#, 400, BAD, "from 1 to 9007199254740991"),
        ("POST", "/tenants", r#"{"slug":"a","customer_number":"K 1"}"#, 400, BAD, "customer_number: send"),
        (
            "POST",
            "/apps",
            r#"{"technical_name":"a","algorithm":"none"}"#,
            400,
            BAD,
            "algorithm: unknown variant",
        ),
        ("POST", "/apps", r#"{"technical_name":"a","scopes":"ä"}"#, 400, BAD, "scopes:"),
        ("POST", "/admin-tokens", r#"{"name":"a","expires_in":0}"#, 400, BAD, "expires_in: send seconds"),
        ("POST", "/admin-tokens", r#"{"name":"a","access":"root"}"#, 400, BAD, "access: unknown variant"),
        ("GET", "/apps?limit=0", "", 400, BAD, "limit: send a limit from 1 to 500"),
        ("GET", "/apps?limit=501", "", 400, BAD, "limit: send a limit from 1 to 500"),
        ("GET", "/apps?limit=x", "", 400, BAD, "limit:"),
        ("GET", "/apps?after=x", "", 400, BAD, "after: send `next`"),
        ("GET", "/apps?page=2", "", 400, BAD, "unknown field `page`"),
        ("GET", "/apps?limit=1&limit=2", "", 400, BAD, "duplicate field `limit`"),
        ("GET", "/audit?since=yesterday", "", 400, BAD, "since: send a time as"),
        ("GET", "/audit?outcome=maybe", "", 400, BAD, "outcome: neither `done` nor `refused`"),
        ("GET", "/organisations/x", "", 400, BAD, "not a UUID"),
        ("GET", "/apps/%ff", "", 400, BAD, "the path"),
        ("GET", "/apps/nobody", "", 404, "not_found", "GET /admin/api/apps lists"),
        ("GET", "/nothing", "", 404, "not_found", "openapi.yaml"),
        ("DELETE", "/apps", "", 405, "method_not_allowed", "Allow"),
    ] {
        let reply = platform.administer(method, path, body).await;
        assert_eq!(super::error(&reply), (status, code.into()), "{method} {path} {body}: {}", reply.text());
        let message = super::text(&reply.json()["message"]);
        assert!(message.contains(says), "{method} {path} {body}: {message}");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    assert_eq!(platform.administer("DELETE", "/apps", "").await.header("allow"), "GET,HEAD,POST");
}

#[tokio::test]
async fn bodies_are_json_and_not_long() {
    let platform = TestPlatform::start().await;
    let send = async |kind: Option<&str>, body: String| {
        let token = format!("Bearer {}", platform.demo.admin_token.expose());
        let mut request = Request::post("/admin/api/organisations").header("authorization", token);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        platform.send(request.body(Body::from(body)).unwrap()).await
    };
    let body = || r#"{"name":"x"}"#.to_owned();
    assert_eq!(send(Some("application/json; charset=utf-8"), body()).await.status, 201);
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        assert_eq!(super::error(&send(kind, body()).await), (415, BAD.into()));
    }
    let padded = |bytes: usize| format!("{}{}", " ".repeat(bytes - body().len()), body());
    assert_eq!(send(Some("application/json"), padded(64 * 1024)).await.status, 201);
    assert_eq!(super::error(&send(Some("application/json"), padded(64 * 1024 + 1)).await), (413, BAD.into()));
}

#[tokio::test]
async fn a_secret_in_the_wrong_place_is_not_repeated() {
    let platform = TestPlatform::start().await;
    let secret = platform.demo.client_secret.expose();
    for (method, path, body) in [
        ("GET", format!("/apps/{secret}"), String::new()),
        ("GET", format!("/nothing/{secret}"), String::new()),
        ("GET", format!("/clients/{secret}"), String::new()),
        ("DELETE", format!("/admin-tokens/{secret}"), String::new()),
        ("GET", format!("/apps?{secret}=1"), String::new()),
        ("POST", "/organisations".into(), format!(r#"{{"name":"{secret}"}}"#)),
        ("POST", "/organisations".into(), format!(r#"{{"{secret}":"x"}}"#)),
        ("POST", "/apps".into(), format!(r#"{{"technical_name":"a","algorithm":"{secret}"}}"#)),
        ("POST", "/apps".into(), format!(r#"{{"technical_name":"a","scopes":"{secret}"}}"#)),
    ] {
        let reply = platform.administer(method, &path, &body).await;
        assert!(reply.status.is_client_error(), "{method} {path}");
        assert!(!reply.text().contains(secret), "{method} {path}: {}", reply.text());
    }
}

#[tokio::test]
async fn when_the_store_is_gone_it_says_so() {
    let platform = TestPlatform::start().await;
    platform.store.close().await;
    let reply = platform.administer("GET", "/apps", "").await;
    assert_eq!(super::error(&reply), (503, "unavailable".into()));
    assert_eq!(reply.header("retry-after"), "1");
}
