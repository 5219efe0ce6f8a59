//! How a request for an authorization may be made: by a query or a form, each parameter once, and as itself.

use super::{App, answer, error};
use crate::support::{FORM, ISSUER, Reply, TestPlatform};
use axum::body::Body;
use http::Request;

const ENDPOINTS: [&str; 2] = ["/oauth2/auth", "/id/oauth/v2/authorize"];

/// A form of the app's own, with what a browser sends from another site: no cookie, and where it comes from.
async fn form(platform: &TestPlatform, path: &str, body: &str) -> Reply {
    let request = Request::post(path).header("content-type", FORM).header("origin", "https://app.example");
    platform.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn url(app: &App<'_>, path: &str) -> String {
    app.url_at(path, "openid items.read", &[])
}

#[tokio::test]
async fn a_request_that_is_an_object_or_elsewhere_is_not_supported_and_the_client_is_told_which() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    for path in ENDPOINTS {
        for (name, told) in
            [("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")]
        {
            let asked = app.url_at(path, "openid items.read", &[(name, "https://app.example/request")]);
            for held in [&*own, ""] {
                let reply = platform.page(&asked, held).await;
                assert_eq!(error(&reply), told, "{path}");
                assert_eq!(answer(&reply, "state").as_deref(), Some("s"));
            }
        }
    }
}

#[tokio::test]
async fn both_issuers_say_how_they_may_be_asked() {
    let platform = TestPlatform::start().await;
    for prefix in ["", "/id"] {
        let said = platform.get(&format!("{prefix}/.well-known/openid-configuration")).await.json();
        for name in
            ["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"]
        {
            assert_eq!(said[name], false, "{prefix} {name}");
        }
        assert_eq!(said["response_modes_supported"], serde_json::json!(["query"]), "{prefix}");
    }
}

#[tokio::test]
async fn a_form_is_sent_on_to_the_same_as_a_query_where_the_browser_says_who_has_signed_in() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    for path in ENDPOINTS {
        let asked = url(&app, path);
        let (_, query) = asked.split_once('?').unwrap();
        let sent = form(&platform, path, query).await;
        assert_eq!((sent.status.as_u16(), sent.header("location")), (303, &*asked));
        assert!(sent.headers.get("set-cookie").is_none());
        let page = platform.page(sent.header("location"), &own).await;
        assert!(page.text().contains("name=\"allow\""), "{path}");
        app.allow(&own, sent.header("location")).await;
    }
    let hub = form(&platform, "/oauth2/auth", "client_id=einlass-hub").await;
    assert_eq!(hub.header("location"), "/oauth2/auth?client_id=einlass-hub");
}

#[tokio::test]
async fn a_form_that_no_query_can_hold_is_a_page() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    for path in ENDPOINTS {
        let asked = url(&app, path);
        let (_, query) = asked.split_once('?').unwrap();
        let room = 4096 - asked.len() - "&x=".len();
        for (more, status) in [
            (format!("&x={}", "x".repeat(room)), 303),
            (format!("&x={}", "x".repeat(room + 1)), 400),
            ("&x=".to_owned() + &"x".repeat(64 * 1024), 400),
            ("&x=#".into(), 400),
            ("&x=a b".into(), 400),
            ("&x=\r\nset-cookie:x".into(), 400),
            ("&x=ä".into(), 400),
        ] {
            let sent = form(&platform, path, &format!("{query}{more}")).await;
            assert_eq!(sent.status, status, "{path} {}", more.len());
        }
        let json = Request::post(path).header("content-type", "application/json");
        let sent = platform.send(json.body(Body::from(query.to_owned())).unwrap()).await;
        assert_eq!((sent.status.as_u16(), sent.header("location")), (400, ""), "{path}");
    }
}

#[tokio::test]
async fn whoever_says_something_twice_is_told_so_at_the_redirect_uri() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    for path in ENDPOINTS {
        let asked = url(&app, path);
        for (more, state) in [
            ("scope=openid", Some("s")),
            ("colour=red&colour=blue", Some("s")),
            ("%73cope=openid", Some("s")),
            ("prompt=none&prompt=none", Some("s")),
            ("state=s", None),
        ] {
            let reply = platform.page(&format!("{asked}&{more}"), &own).await;
            assert_eq!(error(&reply), "invalid_request", "{path} {more}");
            assert_eq!(answer(&reply, "state").as_deref(), state, "{path} {more}");
            assert!(answer(&reply, "iss").unwrap().starts_with(ISSUER));
        }
    }
}

#[tokio::test]
async fn nobody_is_sent_to_one_of_two_clients_or_addresses_or_by_what_cannot_be_read() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    for path in ENDPOINTS {
        let asked = url(&app, path);
        let id = format!("client_id={}", app.id);
        let flood = "&x=x".repeat(64);
        for more in [&*id, "redirect_uri=https%3A%2F%2Fapp.example%2Fcallback", "client_id=", "x=%ff", &flood]
        {
            let reply = platform.page(&format!("{asked}&{more}"), &own).await;
            assert_eq!((reply.status.as_u16(), reply.header("location")), (400, ""), "{path} {more}");
        }
    }
}
