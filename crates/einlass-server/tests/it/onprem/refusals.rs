//! Every status of a registration that is no success, and how to provoke it.

use super::{CODE, manifest};
use crate::support::TestPlatform;
use axum::body::Body;
use http::Request;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_request_that_is_not_as_it_should_be_is_told_why() {
    let platform = TestPlatform::start().await;
    platform.wait().await;
    let post = async |code: Option<&str>, body: String| {
        let reply = platform.app_from("192.0.2.9", "POST", "eazybusiness/authentication", code, body).await;
        (reply.status.as_u16(), reply.json())
    };
    for code in [None, Some(""), Some("0123456789012345678901234567890"), Some("with space")] {
        let (status, body) = post(code, manifest().to_string()).await;
        assert_eq!((status, &body["ErrorCode"]), (400, &json!("InvalidChallengeCode")), "{code:?}");
        assert!(body["Errors"]["x-challengecode"].is_array());
    }
    let mut incomplete = manifest();
    incomplete.as_object_mut().unwrap().remove("ProviderName");
    incomplete["RegistrationType"] = json!(4);
    let (status, body) = post(Some(CODE), incomplete.to_string()).await;
    assert_eq!((status, &body["ErrorCode"]), (400, &json!("InvalidRequest")));
    let told: Vec<&String> = body["Errors"].as_object().unwrap().keys().collect();
    assert_eq!(told, ["ProviderName", "RegistrationType"]);
    assert_eq!(post(Some(CODE), "{".into()).await.0, 400);
    assert_eq!(post(Some(CODE), "x".repeat(600 * 1024)).await.0, 400);
    for (data, status) in [("2020-01-01T00:00:00Z", 400), ("soon", 400), ("2027-01-15T08:05:00Z", 201)] {
        let mut signed = manifest();
        signed["Signature"] = json!("c2lnbmF0dXJl");
        signed["SignatureData"] = json!(data);
        assert_eq!(post(Some(CODE), signed.to_string()).await.0, status, "{data}");
    }
}

#[tokio::test]
async fn only_versions_that_there_are_and_databases_that_are_here() {
    let platform = TestPlatform::start().await;
    for (version, status) in [("1.0", 403), ("1.2", 403), ("2.3", 403), ("3.0", 400), ("latest", 400)] {
        let request = Request::post("/api/eazybusiness/authentication")
            .header("x-challengecode", CODE)
            .header("api-version", version);
        let reply = platform.send(request.body(Body::from(manifest().to_string())).unwrap()).await;
        assert_eq!(reply.status, status, "{version}");
        if status == 400 {
            assert_eq!(reply.json()["ErrorMessage"], "unsupported api version");
        }
    }
    for database in ["mandant_2", "..%2Feazybusiness", "a%20b"] {
        let path = format!("{database}/authentication");
        let reply = platform.app_from("192.0.2.9", "POST", &path, Some(CODE), manifest().to_string()).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.json()["ErrorCode"]),
            (404, &json!("UnknownDatabase")),
            "{database}"
        );
    }
    let reply =
        platform.app_from("192.0.2.9", "PUT", "eazybusiness/authentication", Some(CODE), String::new()).await;
    assert_eq!(reply.status, 405);
}

#[tokio::test]
async fn guesses_are_limited_and_polls_with_the_right_code_are_not() {
    let platform = TestPlatform::start().await;
    let id = platform.registered(&manifest()).await;
    let path = format!("eazybusiness/authentication/{id}");
    let guess =
        async || platform.app_from("192.0.2.9", "GET", &path, Some("guessed"), String::new()).await.status;
    for _ in 0..30 {
        assert_eq!(guess().await, 404);
    }
    assert_eq!(guess().await, 429);
    assert_eq!(platform.poll(&id).await.status, 429, "nobody there is told whether a guess is right");
    let polled =
        async || platform.app_from("192.0.2.10", "GET", &path, Some(CODE), String::new()).await.status;
    for _ in 0..40 {
        assert_eq!(polled().await, 200, "from where nobody guesses");
    }
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(guess().await, 404);
}

#[tokio::test]
async fn a_registration_of_one_database_is_none_of_anothers() {
    let platform = TestPlatform::start().await;
    let merchant = platform.ask("/sites/eazybusiness").await["organisation"].clone();
    platform.create("/sites", &json!({"database": "Mandant_2", "organisation": merchant})).await;
    let id = platform.registered(&manifest()).await;
    let path = format!("mandant_2/authentication/{id}");
    assert_eq!(platform.app_from("192.0.2.9", "GET", &path, Some(CODE), String::new()).await.status, 404);
    let taken = json!({"database": "EAZYBUSINESS", "organisation": merchant}).to_string();
    let refused = platform.administer("POST", "/sites", &taken).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["message"]),
        (409, &json!("the database is taken; choose another"))
    );
}

#[tokio::test]
async fn a_challenge_code_is_not_to_be_found_by_asking_to_be_registered() {
    let platform = TestPlatform::start().await;
    let id = platform.registered(&manifest()).await;
    let ask = async |from: &str, code: &str| {
        let body = manifest().to_string();
        platform.app_from(from, "POST", "eazybusiness/authentication", Some(code), body).await
    };
    for number in 0..30 {
        assert_eq!(ask("192.0.2.66", &format!("guess-{number}")).await.status, 403);
    }
    assert_eq!(ask("192.0.2.66", CODE).await.status, 429);
    let again = ask("192.0.2.9", CODE).await;
    assert_eq!((again.status.as_u16(), &again.json()["RegistrationRequestId"]), (201, &json!(id)));
}

#[tokio::test]
async fn an_app_that_looks_like_another_does_not_get_in() {
    let platform = TestPlatform::start().await;
    platform.wait().await;
    for (field, value) in [
        ("AppId", "parcels\u{200b}/v1"),
        ("AppId", "p\u{430}rcels/v1"),
        ("DisplayName", "\u{200b}"),
        ("DisplayName", "Par\u{ad}cels"),
        ("ProviderName", "..."),
    ] {
        let mut app = manifest();
        app[field] = json!(value);
        let refused = platform.register(&app).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()["Errors"][field].is_array()),
            (400, true),
            "{field}"
        );
    }
}
