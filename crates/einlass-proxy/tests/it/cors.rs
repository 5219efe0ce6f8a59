//! Pages in browsers: who may read what, and what their browsers are told beforehand.

use crate::kit::{Answer, Empty as _, Gate, Setup, Upstream, call, printed};
use einlass_proxy::body::full;
use http::Response;
use http::request::Builder;
use std::time::Duration;

const PAGE: &str = "https://app.example";

async fn gate() -> (Gate, Upstream) {
    let (gate, upstream) = Gate::and_upstream().await;
    gate.directory.register_origin(PAGE);
    (gate, upstream)
}

/// What a browser asks before a page at `origin` sends a GET.
fn preflight(gate: &Gate, path: &str, origin: &str) -> Builder {
    let request = gate.request("OPTIONS", path).header("origin", origin);
    request.header("access-control-request-method", "GET")
}

/// What an answer says to browsers, in order.
fn said(answer: &Answer) -> Vec<(&str, &str)> {
    let is_meant = |name: &str| name.starts_with("access-control-") || name == "vary";
    let said = answer.headers.iter().filter(|(name, _)| is_meant(name.as_str()));
    let mut said: Vec<_> = said.map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    said.sort_unstable();
    said
}

/// Whether a page at this origin may read it.
fn is_read_by(answer: &Answer, origin: &str) -> bool {
    answer.header("access-control-allow-origin") == Some(origin)
        && answer.header("access-control-allow-credentials").is_none()
}

#[tokio::test]
async fn a_preflight_of_a_registered_origin_is_answered_here() {
    let (gate, upstream) = gate().await;
    let asked = preflight(&gate, "/erp/v2/items", PAGE);
    let asked = asked.header("access-control-request-headers", "X-Tenant-ID, authorization,x-einlass-user");
    let answer = call(asked.header("access-control-request-headers", "cookie,content-type").empty()).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
    assert_eq!(
        said(&answer),
        [
            ("access-control-allow-headers", "authorization, content-type, x-tenant-id"),
            ("access-control-allow-methods", "GET, POST, HEAD"),
            ("access-control-allow-origin", PAGE),
            ("access-control-max-age", "600"),
            ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]
    );
    assert!(answer.header("x-request-id").is_some());
    let counted = gate.counters.read().by_class;
    assert_eq!((upstream.calls(), counted), (0, [0, 1, 0, 0, 0]));
}

#[tokio::test]
async fn a_preflight_for_what_no_document_names_takes_the_usual_methods() {
    let (gate, _upstream) = gate().await;
    for path in ["/erp", "/erp/v2/nothing", "/erp/v2/unstated", "/erp/v2/%2e%2e/items"] {
        let answer = call(preflight(&gate, path, PAGE).empty()).await;
        let methods = answer.header("access-control-allow-methods");
        assert_eq!((answer.status.as_u16(), methods), (204, Some("GET, POST, PUT, PATCH, DELETE")), "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), None, "{path}");
    }
}

#[tokio::test]
async fn a_preflight_of_nobodys_origin_is_refused() {
    let (gate, upstream) = gate().await;
    let long = format!("https://{}.example", "a.".repeat(125));
    let origins = [
        "https://other.example",
        "https://app.example:8443",
        "http://app.example",
        "null",
        "*",
        "",
        "https://app.example/",
        "https://App.example",
        "https://app.example, https://other.example",
        "https://app.example.",
        "\u{e4}",
        &long,
    ];
    for origin in origins {
        let answer = call(preflight(&gate, "/erp/v2/items", origin).empty()).await;
        assert_eq!(answer.status, 403, "{origin}");
        assert_eq!(
            said(&answer),
            [("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")]
        );
        assert_eq!(answer.json()["errorCode"], "OriginUnknown");
    }
    let several = preflight(&gate, "/erp/v2/items", PAGE).header("origin", PAGE);
    assert_eq!(call(several.empty()).await.status, 403);
    // Nobody is asked for what can be no origin.
    assert_eq!((gate.directory.asked_for_origins(), upstream.calls()), (2, 0));
    let page = printed(|page| gate.counters.write_to(page, "/erp"));
    let line = format!(
        "einlass_gateway_refused_total{{gateway=\"/erp\",reason=\"OriginUnknown\"}} {}\n",
        origins.len() + 1
    );
    assert!(page.contains(&line), "{page}");
}

#[tokio::test]
async fn an_options_request_that_is_no_preflight_is_judged_like_any_other() {
    let (gate, upstream) = gate().await;
    let at = |header: Option<(&str, &str)>| {
        let request = gate.request("OPTIONS", "/erp/v2/items");
        header.into_iter().fold(request, |request, (name, value)| request.header(name, value)).empty()
    };
    assert_eq!(call(at(None)).await.status, 401);
    assert_eq!(call(at(Some(("access-control-request-method", "GET")))).await.status, 401);
    let of_a_page = call(at(Some(("origin", PAGE)))).await;
    assert!(of_a_page.status == 401 && is_read_by(&of_a_page, PAGE));
    let known = call(gate.good("OPTIONS", "/erp/v2/items").header("origin", PAGE).empty()).await;
    assert_eq!((known.status.as_u16(), known.header("allow")), (405, Some("GET, POST, HEAD")));
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_page_reads_every_answer_refusals_too() {
    let (gate, upstream) = gate().await;
    let good = |method: &str, path: &str| gate.good(method, path);
    for (request, status) in [
        (good("GET", "/erp/v2/items"), 200),
        (good("POST", "/erp/v2/items"), 200),
        (gate.request("GET", "/erp/v2/items"), 401),
        (good("DELETE", "/erp/v2/items/1"), 403),
        (good("GET", "/erp/v2/nothing"), 404),
        (good("PUT", "/erp/v2/items"), 405),
        (good("GET", "/erp/v2/items").header("x-tenant-id", "other"), 400),
    ] {
        let answer = call(request.header("origin", PAGE).empty()).await;
        assert_eq!(answer.status, status);
        let read = "allow, etag, location, retry-after, www-authenticate, x-ratelimit-interval-length-seconds, \
                    x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id";
        let expected = [
            ("access-control-allow-origin", PAGE),
            ("access-control-expose-headers", read),
            ("vary", "Origin"),
        ];
        assert_eq!(said(&answer), expected, "{status}");
    }
    assert_eq!(upstream.take()[0].parts.headers["origin"], PAGE, "the upstream sees whose page it is");
}

#[tokio::test]
async fn a_page_reads_that_the_upstream_is_away() {
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let gate = Gate::start(Setup::before(nobody));
    gate.directory.register_origin(PAGE);
    let answer = call(gate.good("GET", "/erp/v2/items").header("origin", PAGE).empty()).await;
    assert!(answer.status == 502 && is_read_by(&answer, PAGE));
}

#[tokio::test]
async fn an_unregistered_page_is_served_and_reads_nothing() {
    let (gate, upstream) = gate().await;
    for origin in ["https://other.example", "null", "app.example"] {
        let answer = call(gate.good("GET", "/erp/v2/items").header("origin", origin).empty()).await;
        assert_eq!((answer.status.as_u16(), said(&answer)), (200, vec![("vary", "Origin")]), "{origin}");
    }
    let several = gate.good("GET", "/erp/v2/items").header("origin", PAGE).header("origin", PAGE);
    assert_eq!(said(&call(several.empty()).await), [("vary", "Origin")]);
    assert_eq!(upstream.calls(), 4);
}

/// An upstream that would open the door to every page.
async fn generous() -> Upstream {
    Upstream::answering(|| {
        let response = Response::builder().header("access-control-allow-origin", "*");
        let response = response.header("Access-Control-Allow-Credentials", "true").header("vary", "Accept");
        let response = response.header("access-control-allow-methods", "*").header("etag", "\"1\"");
        response.header("access-control-anything-new", "*").body(full("served")).unwrap()
    })
    .await
}

#[tokio::test]
async fn what_the_upstream_says_of_pages_counts_for_nothing() {
    let upstream = generous().await;
    let gate = Gate::start(Setup::before(upstream.address));
    gate.directory.register_origin(PAGE);
    let answer = call(gate.good("GET", "/erp/v2/items").empty()).await;
    assert_eq!((said(&answer), answer.header("etag")), (vec![("vary", "Accept")], Some("\"1\"")));
    let other = gate.good("GET", "/erp/v2/items").header("origin", "https://other.example");
    assert_eq!(said(&call(other.empty()).await), [("vary", "Accept"), ("vary", "Origin")]);
    let answer = call(gate.good("GET", "/erp/v2/items").header("origin", PAGE).empty()).await;
    let names: Vec<_> = said(&answer).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["access-control-allow-origin", "access-control-expose-headers", "vary", "vary"]);
    assert!(is_read_by(&answer, PAGE));
}

#[tokio::test]
async fn who_is_no_page_hears_nothing_of_pages_and_nobody_is_asked() {
    let (gate, _upstream) = gate().await;
    for request in [gate.good("GET", "/erp/v2/items"), gate.request("GET", "/erp/v2/items")] {
        assert_eq!(said(&call(request.empty()).await), []);
    }
    assert_eq!(gate.directory.asked_for_origins(), 0);
}

#[tokio::test]
async fn what_is_known_of_origins_counts_until_it_is_forgotten() {
    let (gate, _upstream) = gate().await;
    let other = "https://other.example";
    let status = async |origin: &str| call(preflight(&gate, "/erp/v2/items", origin).empty()).await.status;
    for _ in 0..3 {
        assert_eq!(
            (status(PAGE).await, status(other).await),
            (204.try_into().unwrap(), 403.try_into().unwrap())
        );
    }
    assert_eq!(gate.directory.asked_for_origins(), 2, "that an origin is nobody's is remembered too");
    gate.directory.forget_origins();
    gate.directory.register_origin(other);
    assert_eq!(status(PAGE).await, 204);
    gate.origin_invalidations.everything();
    assert_eq!((status(PAGE).await, status(other).await), (403.try_into().unwrap(), 204.try_into().unwrap()));
    assert_eq!(gate.directory.asked_for_origins(), 4);
    gate.directory.register_origin(PAGE);
    gate.clock.advance(Duration::from_secs(29));
    assert_eq!(status(PAGE).await, 403);
    gate.clock.advance(Duration::from_secs(1));
    assert_eq!(status(PAGE).await, 204);
}

#[tokio::test]
async fn while_nobody_can_be_asked_calls_go_on_and_pages_wait() {
    let (gate, _upstream) = gate().await;
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    gate.directory.set_down(true);
    let asked = call(preflight(&gate, "/erp/v2/items", PAGE).empty()).await;
    assert_eq!((asked.status.as_u16(), asked.header("retry-after")), (503, Some("1")));
    assert!(asked.header("access-control-allow-origin").is_none());
    let served = call(gate.good("GET", "/erp/v2/items").header("origin", PAGE).empty()).await;
    assert_eq!((served.status.as_u16(), said(&served)), (200, vec![("vary", "Origin")]));
    gate.directory.set_down(false);
    let asked = call(preflight(&gate, "/erp/v2/items", PAGE).empty()).await;
    assert_eq!(asked.status, 204, "the failure is not remembered");
}

#[tokio::test]
async fn another_door_knows_no_pages() {
    let upstream = generous().await;
    let mut setup = Setup::before(upstream.address);
    setup.databases = &["mandant1"];
    let gate = Gate::start(setup);
    gate.directory.register_origin(PAGE);
    let answer = call(gate.with_key("GET", "/api/mandant1/v2/items").header("origin", PAGE).empty()).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "what an ERP says is its own");
    let asked = call(preflight(&gate, "/api/mandant1/v2/items", PAGE).empty()).await;
    assert_eq!((asked.status.as_u16(), said(&asked)), (401, Vec::new()));
    assert_eq!(gate.directory.asked_for_origins(), 0);
}
