//! Pages in browsers: who may read what, and what their browsers are told beforehand.

use crate::support::{FORM, ISSUER, Reply, TestPlatform};
use axum::body::Body;
use einlass_server::router::Surface;
use einlass_server::{PlatformSettings, router};
use http::Request;
use http::request::Builder;
use serde_json::json;
use std::sync::Arc;
use tower::ServiceExt;

const PAGE: &str = "https://app.example";
const OTHER: &str = "https://other.example";
/// What pages ask that sign people in.
const PATHS: [&str; 5] =
    ["/oauth2/token", "/oauth2/revoke", "/id/oauth/v2/token", "/id/oauth/v2/revoke", "/account/tenants"];

/// Has the demonstration client send people back to these pages' origins.
async fn register(platform: &TestPlatform, origins: &[&str]) {
    let back: Vec<String> = origins.iter().map(|origin| format!("{origin}/back")).collect();
    let uris = json!({ "redirect_uris": back, "post_logout_redirect_uris": [] });
    let path = format!("/clients/{}/redirect-uris", platform.demo.client_id);
    assert_eq!(platform.administer("PUT", &path, &uris.to_string()).await.status, 200);
}

fn preflight(path: &str, origin: &str) -> Builder {
    let request =
        Request::options(path).header("origin", origin).header("access-control-request-method", "POST");
    request.header("access-control-request-headers", "authorization, content-type, x-other")
}

async fn send(platform: &TestPlatform, request: Builder, body: &'static str) -> Reply {
    platform.send(request.body(Body::from(body)).unwrap()).await
}

/// What an answer says to browsers, in order.
fn said(reply: &Reply) -> Vec<(&str, &str)> {
    let is_meant = |name: &str| name.starts_with("access-control-") || name == "vary";
    let said = reply.headers.iter().filter(|(name, _)| is_meant(name.as_str()));
    let mut said: Vec<_> = said.map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    said.sort_unstable();
    said
}

const BY_QUESTION: (&str, &str) =
    ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
const TO_A_PAGE: [(&str, &str); 3] = [
    ("access-control-allow-origin", PAGE),
    ("access-control-expose-headers", "retry-after, www-authenticate, x-request-id"),
    ("vary", "Origin"),
];

#[tokio::test]
async fn what_pages_ask_answers_preflights_of_registered_origins_alone() {
    let platform = TestPlatform::start().await;
    register(&platform, &[PAGE]).await;
    for path in PATHS {
        let granted = send(&platform, preflight(path, PAGE), "").await;
        assert_eq!((granted.status.as_u16(), granted.body.len()), (204, 0), "{path}");
        let expected = [
            ("access-control-allow-headers", "authorization, content-type"),
            ("access-control-allow-methods", "GET, POST"),
            ("access-control-allow-origin", PAGE),
            ("access-control-max-age", "600"),
            BY_QUESTION,
        ];
        assert_eq!(said(&granted), expected, "{path}");
        for origin in [OTHER, "null", "*", "", "https://app.example/", ISSUER] {
            let refused = send(&platform, preflight(path, origin), "").await;
            assert_eq!(
                (refused.status.as_u16(), said(&refused)),
                (403, vec![BY_QUESTION]),
                "{path} {origin}"
            );
        }
        let several = send(&platform, preflight(path, PAGE).header("origin", PAGE), "").await;
        assert_eq!(several.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_page_reads_tokens_and_refusals_and_nobody_else_is_told_of_pages() {
    let platform = TestPlatform::start().await;
    register(&platform, &[PAGE]).await;
    let basic = platform.basic();
    let token = async |path: &str, headers: &[(&str, &str)], body: &'static str| {
        let request = Request::post(path).header("content-type", FORM);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        send(&platform, request, body).await
    };
    for (path, body) in [
        ("/oauth2/token", "grant_type=client_credentials"),
        ("/id/oauth/v2/token", "grant_type=client_credentials&scope=openid"),
        ("/oauth2/revoke", "token=x"),
        ("/id/oauth/v2/revoke", "token=x"),
    ] {
        let known = ("authorization", basic.as_str());
        let served = token(path, &[known, ("origin", PAGE)], body).await;
        assert_eq!((served.status.as_u16(), said(&served)), (200, TO_A_PAGE.to_vec()), "{path}");
        let refused = token(path, &[("origin", PAGE)], body).await;
        assert_eq!((refused.status.as_u16(), said(&refused)), (401, TO_A_PAGE.to_vec()), "{path}");
        let of_nobody = token(path, &[known, ("origin", OTHER)], body).await;
        assert_eq!((of_nobody.status.as_u16(), said(&of_nobody)), (200, vec![("vary", "Origin")]), "{path}");
        let no_page = token(path, &[known], body).await;
        assert_eq!((no_page.status.as_u16(), said(&no_page)), (200, Vec::new()), "{path}");
    }
    let tenants = send(&platform, Request::get("/account/tenants").header("origin", PAGE), "").await;
    assert_eq!((tenants.status.as_u16(), said(&tenants)), (401, TO_A_PAGE.to_vec()));
}

#[tokio::test]
async fn the_shortest_way_to_a_token_says_the_same() {
    let platform = TestPlatform::start().await;
    register(&platform, &[PAGE]).await;
    let ask = async |request: Builder, body: &'static str| {
        let request = request.body(Body::from(body)).unwrap();
        Reply::read(router::token(Arc::clone(&platform.platform), request).await).await
    };
    let post = || {
        let request = Request::post(router::TOKEN).header("content-type", FORM);
        request.header("authorization", platform.basic())
    };
    let served = ask(post().header("origin", PAGE), "grant_type=client_credentials").await;
    assert_eq!((served.status.as_u16(), said(&served)), (200, TO_A_PAGE.to_vec()));
    assert_eq!(said(&ask(post(), "grant_type=client_credentials").await), []);
    for (origin, status) in [(PAGE, 204), (OTHER, 403)] {
        let asked = ask(preflight(router::TOKEN, origin), "").await;
        let same = send(&platform, preflight(router::TOKEN, origin), "").await;
        assert_eq!((asked.status.as_u16(), said(&asked)), (status, said(&same)));
        assert!(!asked.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn what_is_public_is_every_pages() {
    let platform = TestPlatform::start().await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/jwks.json",
        "/id/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/id",
        "/id/oauth/v2/keys",
    ] {
        for request in [Request::get(path), Request::get(path).header("origin", OTHER)] {
            let reply = send(&platform, request, "").await;
            assert_eq!(
                (reply.status.as_u16(), said(&reply)),
                (200, vec![("access-control-allow-origin", "*")]),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn what_no_page_asks_says_nothing_to_pages() {
    let platform = TestPlatform::start().await;
    register(&platform, &[PAGE]).await;
    for path in
        ["/oauth2/introspect", "/account/.well-known/jwks.json", "/admin/api/apps", "/login", "/readyz"]
    {
        assert_eq!(send(&platform, preflight(path, PAGE), "").await.status, 405, "{path}");
        let reply = send(&platform, Request::get(path).header("origin", PAGE), "").await;
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test]
async fn an_origin_counts_from_the_change_on_and_no_longer() {
    let platform = TestPlatform::start().await;
    let (other, told) = platform.another_node(PlatformSettings::new(ISSUER)).await;
    let statuses = async |origin: &str| {
        let here = send(&platform, preflight("/oauth2/token", origin), "").await.status.as_u16();
        let request = preflight("/oauth2/token", origin).body(Body::empty()).unwrap();
        let there = router::router(Arc::clone(&other), Surface::ALL).oneshot(request).await.unwrap();
        (here, there.status().as_u16())
    };
    assert_eq!(statuses(PAGE).await, (403, 403));
    register(&platform, &[PAGE]).await;
    assert_eq!(statuses(PAGE).await, (204, 403), "the other node has not heard of it");
    other.follow().await.unwrap();
    assert_eq!(statuses(PAGE).await, (204, 204));
    register(&platform, &[OTHER]).await;
    other.follow().await.unwrap();
    assert_eq!((statuses(PAGE).await, statuses(OTHER).await), ((403, 403), (204, 204)));
    // The gateways of either node have been told as often.
    let heard = |told: &crate::support::Told| *told.origins.lock().unwrap();
    assert_eq!((heard(&platform.told), heard(&told)), (2, 2));
}

#[tokio::test]
async fn a_page_of_an_app_is_registered_with_its_manifest() {
    let platform = TestPlatform::start().await;
    let path = format!("/apps/{}/manifest", platform.demo.app);
    let manifest = platform.demo.manifest(PAGE);
    assert_eq!(send(&platform, preflight("/oauth2/token", PAGE), "").await.status, 403);
    let reply = platform.administer("PUT", &path, &manifest).await;
    assert!(reply.status.is_success(), "{}", reply.text());
    assert_eq!(send(&platform, preflight("/oauth2/token", PAGE), "").await.status, 204);
}
