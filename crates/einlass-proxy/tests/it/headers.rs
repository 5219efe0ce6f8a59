//! What the upstream is told about the caller, and by whom.

use crate::kit::{APP, CLIENT, Empty as _, Gate, PERSON, Setup, TENANT, Upstream, call, h2, text};
use einlass_proxy::body::full;
use http::Response;

#[tokio::test]
async fn the_upstream_is_told_who_calls() {
    let (gate, upstream) = Gate::and_upstream().await;
    let token = gate.issuer.person("items.read orders.read");
    let answer = call(gate.with_token("GET", "/erp/v2/items", &token).empty()).await;
    let headers = upstream.only().parts.headers;
    let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(value("x-einlass-tenant"), Some(TENANT));
    assert_eq!(value("x-tenant-id"), Some(TENANT));
    assert_eq!(value("x-einlass-app"), Some(APP));
    assert_eq!(value("x-einlass-client"), Some(CLIENT));
    assert_eq!(value("x-einlass-user"), Some(PERSON));
    assert_eq!(value("x-einlass-scopes"), Some("items.read"), "of the token and granted");
    assert_eq!(value("x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(value("x-forwarded-proto"), Some("http"));
    assert_eq!(value("x-forwarded-host"), Some(gate.address.to_string().as_str()));
    assert_eq!(value("host"), Some(upstream.address.to_string().as_str()));
    assert_eq!(value("authorization"), None);
    assert!(value("x-request-id").is_some());
    assert_eq!(value("x-request-id"), answer.header("x-request-id"));
}

#[tokio::test]
async fn whatever_a_caller_says_in_our_place_is_removed() {
    let names = [
        "x-einlass-user",
        "x-einlass-tenant",
        "x-einlass-anything",
        "x-request-id",
        "x-api-key",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-prefix",
        "x-real-ip",
        "proxy-authorization",
        "x-http-method-override",
        "x-original-url",
        "x-original-method",
        "proxy",
        "ms-aspnetcore-winauthtoken",
        "x-ms-client-principal-name",
        "x-arr-clientcert",
        "x-client-ip",
        "remote-user",
        "x-forwarded-user",
    ];
    let (gate, upstream) = Gate::and_upstream().await;
    let mut request = gate.good("GET", "/erp/v2/items");
    for name in names {
        for spelling in
            [name.to_owned(), name.to_uppercase(), name.replace('-', "_"), name.replacen('-', "_", 1)]
        {
            request = request.header(spelling, "forged");
        }
    }
    for spelling in ["X_Tenant_ID", "X-Tenant_Id", "AUTHORIZATION_"] {
        request = request.header(spelling, "forged");
    }
    // A caller may not have our fields removed either.
    request = request.header("connection", "x-einlass-tenant, x-request-id, x-tenant-id");
    assert_eq!(call(request.empty()).await.status, 200);
    let headers = upstream.only().parts.headers;
    let forged: Vec<_> = headers.iter().filter(|(_, value)| *value == "forged").collect();
    // A trailing `_` makes another name.
    assert_eq!(forged.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["authorization_"]);
    assert_eq!(headers["x-einlass-tenant"], TENANT);
    assert_eq!(headers.get("x-einlass-user"), None, "a machine has no user");
}

#[tokio::test]
async fn hop_by_hop_fields_end_at_the_gateway_in_both_directions() {
    let upstream = Upstream::answering(|| {
        let response = Response::builder().header("connection", "x-hop").header("x-hop", "1");
        response.header("keep-alive", "timeout=5").header("x-end", "2").body(full("served")).unwrap()
    })
    .await;
    let gate = Gate::start(Setup::before(upstream.address));
    let request = gate.good("GET", "/erp/v2/items").header("connection", "x-hop").header("x-hop", "1");
    let request =
        request.header("te", "trailers, deflate").header("upgrade", "websocket").header("expect", "x");
    let answer = call(request.header("keep-alive", "timeout=5").empty()).await;
    assert_eq!(
        (answer.header("x-hop"), answer.header("keep-alive"), answer.header("x-end")),
        (None, None, Some("2"))
    );
    let headers = upstream.only().parts.headers;
    for name in ["connection", "x-hop", "upgrade", "keep-alive", "expect"] {
        assert_eq!(headers.get(name), None, "{name}");
    }
    assert_eq!(headers["te"], "trailers");
}

#[tokio::test]
async fn the_content_type_passes_byte_for_byte() {
    for kind in ["application/json", "application/JSON;charset=UTF-8", "text/x; a=\"b\""] {
        let (gate, upstream) = Gate::and_upstream().await;
        let request =
            gate.good("POST", "/erp/v2/items").header("content-type", kind).body(full("{}")).unwrap();
        assert_eq!(call(request).await.status, 200);
        assert_eq!(upstream.only().parts.headers["content-type"], kind);
    }
}

#[tokio::test]
async fn cookies_of_http2_arrive_as_one_field() {
    let (gate, upstream) = Gate::and_upstream().await;
    let request = gate.good("GET", "/erp/v2/items").header("cookie", "a=1").header("cookie", "b=2").empty();
    assert_eq!(h2().request(request).await.unwrap().status(), 200);
    let seen = upstream.only();
    assert_eq!(seen.parts.headers.get_all("cookie").iter().collect::<Vec<_>>(), ["a=1; b=2"]);
    assert_eq!(seen.parts.headers["x-forwarded-host"], gate.address.to_string());
}

#[tokio::test]
async fn every_answer_has_its_own_request_id_and_never_the_callers() {
    let upstream = Upstream::answering(|| {
        let mut response = text("served");
        response.headers_mut().insert("x-request-id", "upstream".parse().unwrap());
        response
    })
    .await;
    let gate = Gate::start(Setup::before(upstream.address));
    let mut ids = Vec::new();
    for request in [gate.good("GET", "/erp/v2/items"), gate.request("GET", "/erp/v2/items")] {
        let answer = call(request.header("x-request-id", "callers").empty()).await;
        ids.extend(answer.headers.get_all("x-request-id").iter().map(|id| id.to_str().unwrap().to_owned()));
    }
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.len() == 36), "{ids:?}");
}
