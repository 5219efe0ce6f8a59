//! The door of on-premise apps: which keys open it, what they are told, and what reaches the ERP.

use crate::kit::{Empty as _, Gate, KEY, REGISTRATION, Setup, TENANT, Upstream, call, text};
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::usage::UsedCredential;
use einlass_proxy::body::{boxed, full};
use einlass_proxy::gateway::Mode;
use http::HeaderMap;
use http::request::Builder;
use http_body_util::BodyExt as _;
use serde_json::json;
use std::time::Duration;

const ITEMS: &str = "/api/mandant1/v2/items";

async fn gate() -> (Gate, Upstream) {
    gate_in(Mode::Enforce).await
}

async fn gate_in(mode: Mode) -> (Gate, Upstream) {
    gate_before("served", mode).await
}

/// Before an ERP that gives this answer to everything.
async fn gate_before(answer: &'static str, mode: Mode) -> (Gate, Upstream) {
    let upstream = Upstream::answering(move || text(answer)).await;
    let databases = &["mandant1", "mandant2"];
    (Gate::start(Setup { mode, databases, ..Setup::before(upstream.address) }), upstream)
}

fn registration() -> RegistrationId {
    REGISTRATION.parse().unwrap()
}

async fn status(request: Builder) -> u16 {
    call(request.empty()).await.status.as_u16()
}

#[tokio::test]
async fn a_call_with_a_key_reaches_the_erp_and_says_whose_it_is() {
    let (gate, upstream) = gate().await;
    let request = gate.with_key("GET", "/api/mandant1/v2/items?page=2");
    let request = [
        ("x-api-key", "forged"),
        ("x-einlass-app", "forged"),
        ("x-einlass-database", "forged"),
        ("x-tenant-id", TENANT),
        ("x-appid", "parcels/v1"),
        ("x-appversion", "1.0"),
    ]
    .into_iter()
    .fold(request, |request, (name, value)| request.header(name, value));
    let answer = call(request.empty()).await;
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"served"[..]));
    let seen = upstream.only().parts;
    assert_eq!(seen.uri, "/v2/items?page=2");
    let said = |name: &str| seen.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let expected = [
        ("x-einlass-app", Some("parcels/v1")),
        ("x-einlass-client", Some(REGISTRATION)),
        ("x-einlass-database", Some("mandant1")),
        ("x-einlass-scopes", Some("items.read items.write")),
        ("x-request-id", answer.header("x-request-id")),
        ("x-appid", Some("parcels/v1")),
        ("x-appversion", Some("1.0")),
        ("authorization", None),
        ("x-api-key", None),
        ("x-tenant-id", None),
        ("x-einlass-tenant", None),
    ];
    for (name, value) in expected {
        assert_eq!(said(name).as_deref(), value, "{name}");
    }
}

#[tokio::test]
async fn every_wrong_spelling_is_told_what_is_wrong() {
    let (gate, upstream) = gate().await;
    let good = format!("Wawi {KEY}");
    let unknown = "Wawi 00000000-0000-4000-8000-000000000000".to_owned();
    for (values, code, word) in [
        (vec![], "KeyMissing", "Send the header"),
        (vec![good.clone(), good.clone()], "AuthorizationUnusable", "several"),
        (vec![format!("Bearer {KEY}")], "AuthorizationUnusable", "not as `Bearer`"),
        (vec![KEY.to_owned()], "AuthorizationUnusable", "scheme is missing"),
        (vec![format!("Basic {KEY}")], "AuthorizationUnusable", "not `Wawi`"),
        (vec!["Wawi".to_owned()], "AuthorizationUnusable", "key is missing"),
        (vec!["Wawi 4711".to_owned()], "AuthorizationUnusable", "36 characters"),
        (vec![format!("{good}, {good}")], "AuthorizationUnusable", "36 characters"),
        (vec![unknown], "KeyRejected", "unknown here or was revoked"),
    ] {
        let with_all = |request: Builder| {
            values.iter().fold(request, |request, value| request.header("authorization", value))
        };
        let answer = call(with_all(gate.request("GET", ITEMS)).empty()).await;
        assert_eq!(answer.status, 401, "{values:?}");
        assert_eq!(answer.header("www-authenticate"), Some(r#"Wawi realm="einlass""#));
        let (body, message) = (answer.json(), answer.json()["errorMessage"].as_str().unwrap().to_owned());
        assert_eq!(body, json!({"errorCode": code, "errorMessage": message, "errors": {}}));
        assert!(message.contains(word) && !message.contains(KEY), "{message}");
        // The same in the casing of the older versions.
        for path in ["/api/mandant1/items", "/api/mandant1/v1/items"] {
            let answer = call(with_all(gate.request("GET", path)).empty()).await;
            assert_eq!(answer.json()["ErrorMessage"], message, "{path}");
        }
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_key_counts_in_either_case() {
    let (gate, _upstream) = gate().await;
    for authorization in [format!("wawi {KEY}"), format!("WAWI {}", KEY.to_uppercase())] {
        assert_eq!(status(gate.request("GET", ITEMS).header("authorization", authorization)).await, 200);
    }
    assert_eq!(gate.directory.asked(), 1, "it is one key");
}

#[tokio::test]
async fn a_key_opens_its_own_database_and_no_other_door() {
    let (gate, upstream) = gate().await;
    // Twice, since the gateway remembers keys.
    for _ in 0..2 {
        assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
        let answer = call(gate.with_key("GET", "/api/mandant2/v2/items").empty()).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["errorCode"]), (401, &json!("KeyRejected")));
        assert_eq!(status(gate.with_key("GET", "/erp/v2/items").header("x-tenant-id", TENANT)).await, 401);
        let bearer = format!("Bearer {KEY}");
        let as_token = gate.request("GET", "/erp/v2/items").header("authorization", bearer);
        assert_eq!(status(as_token.header("x-tenant-id", TENANT)).await, 401);
        // And nothing else opens this one.
        assert_eq!(status(gate.good("GET", ITEMS)).await, 401);
        let token = format!("Wawi {}", gate.issuer.machine("items.read"));
        assert_eq!(status(gate.request("GET", ITEMS).header("authorization", token)).await, 401);
    }
    assert_eq!(upstream.calls(), 2);
}

#[tokio::test]
async fn scopes_that_a_key_lacks_are_named() {
    let (gate, upstream) = gate().await;
    let answer = call(gate.with_key("DELETE", "/api/mandant1/v2/items/7").empty()).await;
    assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (403, None));
    let message = "The key lacks: items.delete. A key's scopes never change: register the app again and have them granted.";
    assert_eq!(answer.json(), json!({"errorCode": "ScopeMissing", "errorMessage": message, "errors": {}}));
    // What only tokens open, what nobody can have, what is public, and what nobody has described.
    for (path, expected) in [("foreign", 403), ("open", 403), ("unstated", 404), ("nothing", 404)] {
        let path = format!("/api/mandant1/v2/{path}");
        assert_eq!(status(gate.with_key("GET", &path)).await, expected, "{path}");
    }
    assert_eq!(upstream.calls(), 0);
    // `Wawi` is the key, and what is asked of tokens drops out.
    for (method, path) in [("POST", ITEMS), ("GET", "/api/mandant1/v2/mine"), ("GET", "/api/mandant1/info")] {
        assert_eq!(status(gate.with_key(method, path)).await, 200, "{path}");
    }
}

#[tokio::test]
async fn who_acts_for_another_user_needs_a_scope_for_that() {
    let (gate, upstream) = gate().await;
    for name in ["x-runas", "X-RunAs", "x_runas"] {
        let answer = call(gate.with_key("GET", ITEMS).header(name, "anna").empty()).await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), &body["errorCode"]), (403, &json!("ScopeMissing")), "{name}");
        assert!(body["errorMessage"].as_str().unwrap().contains("application.runas"), "{body}");
    }
    let both = gate.with_key("DELETE", "/api/mandant1/v2/items/7").header("x-runas", "anna");
    let message = call(both.empty()).await.json()["errorMessage"].to_string();
    assert!(message.contains("application.runas") && message.contains("items.delete"), "{message}");
    assert_eq!(upstream.calls(), 0);

    gate.directory.give_key(KEY, "mandant1", "items.read application.runas");
    gate.key_invalidations.registration(registration());
    assert_eq!(status(gate.with_key("GET", ITEMS).header("x-runas", "anna")).await, 200);
    assert_eq!(upstream.only().parts.headers["x-runas"], "anna");
    let both = gate.with_key("POST", ITEMS).header("x-runas", "anna");
    assert_eq!(status(both).await, 403, "it stands in for no other scope");
}

#[tokio::test]
async fn report_mode_forgives_scopes_alone() {
    let (gate, upstream) = gate_in(Mode::Report).await;
    let lacking = gate.with_key("DELETE", "/api/mandant1/v2/items/7").header("x-runas", "anna");
    assert_eq!(status(lacking).await, 200);
    assert_eq!((gate.counters.read().reported, upstream.calls()), (1, 1));
    assert_eq!(status(gate.request("GET", ITEMS)).await, 401);
    assert_eq!(status(gate.with_key("GET", "/api/mandant2/v2/items")).await, 401);
    assert_eq!(status(gate.with_key("GET", "/api/mandant1/v2/foreign")).await, 403);
}

#[tokio::test]
async fn a_revoked_key_is_refused_from_the_next_call_on() {
    let (gate, upstream) = gate().await;
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
    gate.directory.revoke_keys();
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200, "remembered");
    gate.key_invalidations.registration(RegistrationId::new(uuid::Uuid::nil()));
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200, "another one's");
    gate.key_invalidations.registration(registration());
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 401);
    assert_eq!(upstream.calls(), 3);
}

#[tokio::test]
async fn a_key_counts_for_half_a_minute_without_word_from_the_platform() {
    let (gate, _upstream) = gate().await;
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
    gate.directory.revoke_keys();
    gate.clock.advance(Duration::from_secs(29));
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
    gate.clock.advance(Duration::from_secs(1));
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 401);
}

#[tokio::test]
async fn without_a_licence_every_call_is_402_within_half_a_minute() {
    let (gate, upstream) = gate().await;
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
    gate.directory.end_licences();
    gate.clock.advance(Duration::from_secs(30));
    let answer = call(gate.with_key("GET", ITEMS).empty()).await;
    assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (402, None));
    assert_eq!(upstream.calls(), 1);
}

#[tokio::test]
async fn a_new_key_counts_at_once_although_it_was_unknown() {
    let (gate, _upstream) = gate().await;
    gate.directory.revoke_keys();
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 401);
    gate.directory.give_key(KEY, "mandant1", "items.read");
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
}

#[tokio::test]
async fn while_the_platform_cannot_be_asked_nobody_new_gets_in() {
    let (gate, upstream) = gate().await;
    gate.directory.set_down(true);
    let answer = call(gate.with_key("GET", ITEMS).empty()).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("1")));
    assert_eq!(answer.json()["errorCode"], "DirectoryUnavailable");
    assert_eq!((upstream.calls(), answer.header("www-authenticate")), (0, None));
    gate.directory.set_down(false);
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
}

#[tokio::test]
async fn paths_are_judged_in_every_case_in_which_the_erp_reads_them() {
    let (gate, upstream) = gate().await;
    for path in ["/API/Mandant1/V2/Items", "/api/MANDANT1/v2/iTEMS", "/Api/mandant1/%76%32/items"] {
        assert_eq!(status(gate.request("GET", path)).await, 401, "{path}");
        assert_eq!(status(gate.with_key("GET", path)).await, 200, "{path}");
        assert!(upstream.only().parts.uri.path().eq_ignore_ascii_case("/v2/items"));
    }
    let delete = gate.with_key("DELETE", "/API/Mandant1/V2/Items/7");
    assert_eq!(status(delete).await, 403);
    for path in ["/api/mandant1", "/api/mandant1/v3/items", "/api/mandant1/v1/info"] {
        assert_eq!(status(gate.with_key("GET", path)).await, 404, "{path}");
    }
    assert_eq!(status(gate.with_key("GET", "/api/mandant1/v2/items/")).await, 400);
    // Whole segments count, and only databases that there are.
    for path in ["/api/mandant12/v2/items", "/api/mandant3/v2/items", "/api", "/apimandant1/v2/items"] {
        assert_eq!(status(gate.with_key("GET", path)).await, 418, "{path}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn apps_register_at_the_platform_and_users_sign_in_at_the_erp() {
    let (gate, upstream) = gate_before(r#"{"SessionId":"4711"}"#, Mode::Enforce).await;
    for (method, path) in [
        ("POST", "/authentication".to_owned()),
        ("POST", "/v1/authentication".to_owned()),
        ("POST", "/V2/Authentication".to_owned()),
        ("GET", format!("/authentication/{REGISTRATION}")),
        ("GET", format!("/v2/AUTHENTICATION/{REGISTRATION}")),
        ("GET", "/v2/authentication/4711".to_owned()),
    ] {
        let path = format!("/api/Mandant1{path}");
        assert_eq!(status(gate.with_key(method, &path)).await, 418, "{path}");
    }
    // However it is written, the ERP's own registration is nobody's to reach.
    for path in ["/%61uthentication", "/v2/authentic%41tion/4711"] {
        let method = if path.ends_with('1') { "GET" } else { "POST" };
        assert_eq!(status(gate.with_key(method, &format!("/api/mandant1{path}"))).await, 404, "{path}");
    }
    assert_eq!(upstream.calls(), 0);
    for path in ["/v1/authentication/login", "/V1/Authentication/LOGOUT"] {
        let path = format!("/api/mandant1{path}");
        assert_eq!(status(gate.request("POST", &path)).await, 401, "{path}");
        assert_eq!(status(gate.with_key("POST", &path)).await, 200, "{path}");
    }
    assert_eq!(upstream.calls(), 2);
}

#[tokio::test]
async fn what_a_call_is_judged_by_is_not_hidden_in_trailers() {
    let (gate, upstream) = gate().await;
    let mut trailers = HeaderMap::new();
    trailers.insert("x-runas", "anna".parse().unwrap());
    trailers.insert("x-sessionid", "4711".parse().unwrap());
    trailers.insert("x-checksum", "1".parse().unwrap());
    let request = gate
        .with_key("POST", ITEMS)
        .header("te", "trailers")
        .header("transfer-encoding", "chunked")
        .header("trailer", "x-runas, x-sessionid, x-checksum");
    let body = boxed(full("sent").with_trailers(async { Some(Ok(trailers)) }));
    assert_eq!(call(request.body(body).unwrap()).await.status, 200);
    let seen = upstream.only().trailers.unwrap();
    assert_eq!(seen.keys().map(http::HeaderName::as_str).collect::<Vec<_>>(), ["x-checksum"]);
}

#[tokio::test]
async fn calls_are_counted_by_registration_and_refusals_told_to_the_audit() {
    let (gate, _upstream) = gate().await;
    assert_eq!(status(gate.with_key("GET", ITEMS)).await, 200);
    assert_eq!(status(gate.with_key("DELETE", "/api/mandant1/v2/items/7")).await, 403);
    // Nobody's: it opens nothing here.
    assert_eq!(status(gate.with_key("GET", "/api/mandant2/v2/items")).await, 401);
    let rows = gate.counters.take_usage();
    let mut counted: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let caller = row.key.caller.unwrap();
            assert_eq!((caller.app, caller.credential), (None, UsedCredential::Key(registration())));
            (row.key.scope.map(|scope| scope.to_string()), row.counts.calls, row.counts.errors)
        })
        .collect();
    counted.sort();
    assert_eq!(counted, [(None, 2, 1), (Some("items.read".into()), 1, 0)]);
    let (refused, _) = gate.counters.take_refused();
    let told: Vec<_> = refused.iter().map(|it| (it.call.caller.as_str(), it.call.reason)).collect();
    assert_eq!(told, [(&*format!("registration {REGISTRATION}"), "ScopeMissing")]);
}
