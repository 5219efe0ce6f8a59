//! Users of the ERP sign in through an app, and their sessions belong to its key.

use crate::kit::{Answer, Empty as _, Gate, KEY, Setup, Upstream, call, h2, read, text};
use einlass_proxy::body::{Body, full};
use http::Response;
use http::request::Builder;
use serde_json::{Value, json};

const ITEMS: &str = "/api/mandant1/v1/items";
const LOGIN: &str = "/api/mandant1/v1/authentication/login";
const LOGOUT: &str = "/api/mandant1/v1/authentication/logout";
/// Another app's.
const OTHER_KEY: &str = "7d1f0a52-6c3b-4d59-b1a7-08e6f2c49d13";
const OTHER_REGISTRATION: &str = "b1f6f0a4-3a77-4f5c-8a0f-4a1c2f0d9e55";

/// An ERP that calls every session 4711.
fn opened() -> Response<Body> {
    let mut answer = text(r#"{"User": "anna",  "SessionId": "4711", "Amount": 1.50}"#);
    answer.headers_mut().insert("content-type", "application/json".parse().unwrap());
    answer
}

async fn gate() -> (Gate, Upstream) {
    gate_before(opened).await
}

async fn gate_before(answer: impl Fn() -> Response<Body> + Send + Sync + 'static) -> (Gate, Upstream) {
    let upstream = Upstream::answering(answer).await;
    let gate = Gate::start(Setup { databases: &["mandant1"], ..Setup::before(upstream.address) });
    gate.directory.give_key_of(OTHER_REGISTRATION, OTHER_KEY, "mandant1", "items.read");
    (gate, upstream)
}

impl Gate {
    fn with_other_key(&self, method: &str, path: &str) -> Builder {
        self.request(method, path).header("authorization", format!("Wawi {OTHER_KEY}"))
    }

    /// A session that the test's key has opened.
    async fn session(&self) -> String {
        named(&call(self.with_key("POST", LOGIN).empty()).await)
    }

    /// The answer to a call in this session.
    async fn called_in(&self, session: &str) -> Answer {
        call(self.with_key("GET", ITEMS).header("x-sessionid", session).empty()).await
    }
}

/// The session that an answer names.
fn named(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["SessionId"].as_str().unwrap().to_owned()
}

/// What a refused caller is told: status, code and message.
fn refused(answer: &Answer) -> (u16, Value, String) {
    let mut body = answer.json();
    (answer.status.as_u16(), body["ErrorCode"].take(), body["ErrorMessage"].as_str().unwrap().to_owned())
}

fn assert_foreign(answer: &Answer, what: &str) {
    let message = "This session was not opened with this key: sign in again at `authentication/login`.";
    assert_eq!(refused(answer), (401, json!("SessionRejected"), message.into()), "{what}");
    assert_eq!(answer.header("www-authenticate"), Some(r#"Wawi realm="einlass""#));
}

#[tokio::test]
async fn signing_in_binds_the_session_to_the_key() {
    let (gate, upstream) = gate().await;
    let answer = call(gate.with_key("POST", LOGIN).body(full(r#"{"UserName":"anna"}"#)).unwrap()).await;
    assert_eq!(upstream.only().body, r#"{"UserName":"anna"}"#);
    let session = named(&answer);
    assert!(session.starts_with("4711.") && session.len() == "4711.".len() + 22, "{session}");
    // Everything else is as it came.
    let expected = format!(r#"{{"User": "anna",  "SessionId": "{session}", "Amount": 1.50}}"#);
    assert_eq!(answer.body, expected);
    assert_eq!(answer.header("content-length"), Some(&*expected.len().to_string()));
    assert_eq!(answer.header("content-type"), Some("application/json"));

    assert_eq!(gate.called_in(&session).await.status, 200);
    assert_eq!(upstream.only().parts.headers["x-sessionid"], "4711");
    assert_eq!(gate.session().await, session, "any node binds it in the same way");
}

#[tokio::test]
async fn a_session_is_bound_in_every_version_and_case() {
    for (path, name) in [
        ("/api/mandant1/authentication/login", "SessionId"),
        ("/api/mandant1/v1/authentication/login", "SessionId"),
        ("/API/Mandant1/V1/Authentication/Login", "SessionId"),
        ("/api/mandant1/v1/%61uthentication/login", "SessionId"),
        ("/api/mandant1/v2/authentication/login", "sessionId"),
    ] {
        let (gate, _upstream) =
            gate_before(move || Response::new(full(format!(r#"{{"{name}":"4711"}}"#)))).await;
        let answer = call(gate.with_key("POST", path).empty()).await;
        let session = answer.json()[name].as_str().unwrap().to_owned();
        assert_eq!(gate.called_in(&session).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn another_keys_session_is_refused() {
    let (gate, upstream) = gate().await;
    let session = gate.session().await;
    let others = named(&call(gate.with_other_key("POST", LOGIN).empty()).await);
    assert_eq!((upstream.take().len(), session == others), (2, false));
    assert_foreign(&gate.called_in(&others).await, "another's");
    for (method, path) in [("GET", ITEMS), ("POST", LOGOUT)] {
        let request = gate.with_other_key(method, path).header("x-sessionid", &session);
        assert_foreign(&call(request.empty()).await, path);
    }
    assert_eq!(upstream.calls(), 0);
    let own = gate.with_other_key("GET", ITEMS).header("x-sessionid", others);
    assert_eq!(call(own.empty()).await.status, 200);
}

#[tokio::test]
async fn a_session_that_is_not_as_it_was_answered_is_refused() {
    let (gate, upstream) = gate().await;
    let session = gate.session().await;
    upstream.take();
    let tag = session.split_once('.').unwrap().1.to_owned();
    // The ERP's own name of it among them.
    for other in ["4711", "4711.", "", ".", &tag, &format!("4712.{tag}"), &format!("{session}0")] {
        assert_foreign(&gate.called_in(other).await, other);
    }
    for at in 0..session.len() {
        let mut bytes = session.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert_foreign(&gate.called_in(str::from_utf8(&bytes).unwrap()).await, &session);
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn one_session_is_named_in_whatever_spelling() {
    let (gate, upstream) = gate().await;
    let session = gate.session().await;
    upstream.take();
    for name in ["x_sessionid", "X-SESSIONID", "x.sessionid"] {
        let request = gate.with_key("GET", ITEMS).header(name, &session);
        assert_eq!(call(request.empty()).await.status, 200, "{name}");
        let seen = upstream.only().parts.headers;
        let named: Vec<_> = seen.iter().filter(|(name, _)| name.as_str().ends_with("sessionid")).collect();
        assert_eq!(named.len(), 1, "{name}");
        assert_eq!(seen["x-sessionid"], "4711");
        assert_foreign(&call(gate.with_key("GET", ITEMS).header(name, "4711").empty()).await, name);
    }
    for second in ["x-sessionid", "x_sessionid"] {
        let both = gate.with_key("GET", ITEMS).header("x-sessionid", &session).header(second, &session);
        let (status, code, message) = refused(&call(both.empty()).await);
        assert_eq!((status, code), (401, json!("SessionRejected")), "{second}");
        assert!(message.contains("several"), "{message}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn signing_out_goes_to_the_erp_in_the_session() {
    let (gate, upstream) = gate().await;
    let session = gate.session().await;
    upstream.take();
    let logout = gate.with_key("POST", LOGOUT).header("x-sessionid", &session);
    let answer = call(logout.empty()).await;
    let seen = upstream.only().parts;
    assert_eq!(
        (seen.uri.path(), &seen.headers["x-sessionid"]),
        ("/v1/authentication/logout", &"4711".parse().unwrap())
    );
    // Only where users sign in anything is read or changed.
    assert_eq!(named(&answer), "4711");
}

#[tokio::test]
async fn a_session_ends_with_the_key_that_opened_it() {
    let (gate, upstream) = gate().await;
    let session = gate.session().await;
    gate.directory.revoke_keys();
    gate.key_invalidations.everything();
    let (status, code, _) = refused(&gate.called_in(&session).await);
    assert_eq!((status, code), (401, json!("KeyRejected")));
    // The same app after it has registered anew.
    gate.directory.give_key_of(OTHER_REGISTRATION, KEY, "mandant1", "items.read");
    assert_foreign(&gate.called_in(&session).await, "the one before");
    assert_eq!(upstream.take().len(), 1);
}

#[tokio::test]
async fn an_answer_without_a_session_to_bind_is_not_passed_on() {
    let long = format!(r#"{{"SessionId":"4711","Padding":"{}"}}"#, "x".repeat(64 * 1024));
    for (body, why) in [
        ("served", "no JSON object"),
        ("", "no JSON object"),
        (r#"{"Session":"4711"}"#, "`SessionId`"),
        (r#"{"SessionId":""}"#, "`SessionId`"),
        (r#"{"SessionId":"4711","sessionid":"4711"}"#, "`SessionId`"),
        (&long, "64 KiB"),
    ] {
        let body = body.to_owned();
        let (gate, _upstream) = gate_before(move || Response::new(full(body.clone()))).await;
        let answer = call(gate.with_key("POST", LOGIN).empty()).await;
        let (status, code, message) = refused(&answer);
        assert_eq!((status, code), (502, json!("SessionUnbound")), "{why}");
        assert!(message.contains(why) && !message.contains("4711"), "{message}");
    }
}

#[tokio::test]
async fn what_the_erp_says_to_who_may_not_sign_in_passes() {
    let (gate, _upstream) = gate_before(|| {
        let mut answer = text(r#"{"ErrorCode":"WrongPassword","SessionId":"4711"}"#);
        *answer.status_mut() = http::StatusCode::UNAUTHORIZED;
        answer
    })
    .await;
    let answer = call(gate.with_key("POST", LOGIN).empty()).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.body, r#"{"ErrorCode":"WrongPassword","SessionId":"4711"}"#);
}

#[tokio::test]
async fn a_compressed_answer_is_asked_for_everywhere_but_where_users_sign_in() {
    let (gate, upstream) = gate().await;
    for (method, path, expected) in
        [("POST", LOGIN, None), ("POST", LOGOUT, Some("gzip")), ("GET", ITEMS, Some("gzip"))]
    {
        call(gate.with_key(method, path).header("accept-encoding", "gzip").empty()).await;
        let seen = upstream.only().parts.headers;
        assert_eq!(seen.get("accept-encoding").map(|value| value.to_str().unwrap()), expected, "{path}");
    }
}

#[tokio::test]
async fn a_session_is_bound_over_http_2_too() {
    let (gate, upstream) = gate().await;
    let answer = read(h2().request(gate.with_key("POST", LOGIN).empty()).await.unwrap()).await;
    let session = named(&answer);
    upstream.take();
    let request = gate.with_key("GET", ITEMS).header("x-sessionid", &session).empty();
    assert_eq!(h2().request(request).await.unwrap().status(), 200);
    assert_eq!(upstream.only().parts.headers["x-sessionid"], "4711");
}

#[tokio::test]
async fn a_refused_session_is_told_to_the_audit_without_its_name() {
    let (gate, _upstream) = gate().await;
    assert_foreign(&gate.called_in("4711").await, "the ERP's own name");
    let (refused, _) = gate.counters.take_refused();
    let told: Vec<_> = refused.iter().map(|it| (it.call.reason, it.call.operation.as_str())).collect();
    assert_eq!(told, [("SessionRejected", "GET /v1/items")]);
}
