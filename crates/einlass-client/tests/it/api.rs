//! What a call looks like at the API.

use crate::support::{Scripted, Seen, respond, serve};
use bytes::Bytes;
use einlass_client::api::{ApiClient, ApiError, Body, NotRetried};
use einlass_client::fetch::FetchError;
use einlass_client::{TokenCache, TokenError};
use http_body_util::Full;
use std::sync::{Arc, Mutex};

const TENANT: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";

type Record = Arc<Mutex<Vec<Seen>>>;

/// A client of an API that answers with these statuses in turn and keeps what it saw.
async fn api(statuses: &'static [u16]) -> (ApiClient, Record) {
    let record = Record::default();
    let base = serve({
        let record = Arc::clone(&record);
        move |seen| {
            let mut record = record.lock().unwrap();
            record.push(seen);
            respond(statuses[record.len() - 1], r#"{"version":"2"}"#)
        }
    });
    let tokens = TokenCache::new(Scripted::working());
    (ApiClient::new(base.await.parse().unwrap(), tokens).unwrap(), record)
}

#[tokio::test]
async fn a_call_says_who_it_is_from_and_which_tenant_it_is_for() {
    let (api, record) = api(&[200, 200]).await;
    let response = api.get("/erp/v2/info").tenant(TENANT.parse().unwrap()).send().await.unwrap();
    assert_eq!(response.json::<serde_json::Value>().await.unwrap()["version"], "2");
    api.get("/erp/v2/info").no_tenant().send().await.unwrap();
    let record = record.lock().unwrap();
    assert_eq!(record[0].headers["authorization"], "Bearer token-1");
    assert_eq!(record[0].headers["x-tenant-id"], TENANT);
    assert!(!record[1].headers.contains_key("x-tenant-id"));
}

#[tokio::test]
async fn json_is_sent_without_a_charset_and_the_same_again_after_a_401() {
    let (api, record) = api(&[401, 200]).await;
    let call = api.post("/erp/v2/items").tenant(TENANT.parse().unwrap()).json(&["a", "b"]).unwrap();
    let response = call.send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (200, 2));
    for (seen, token) in record.lock().unwrap().iter().zip(["Bearer token-1", "Bearer token-2"]) {
        assert_eq!(seen.headers["authorization"], token);
        assert_eq!(seen.headers["x-tenant-id"], TENANT);
        assert_eq!(seen.headers["content-type"], "application/json");
        assert_eq!(seen.body, r#"["a","b"]"#);
    }
}

#[tokio::test]
async fn ten_mebibytes_that_were_streamed_are_sent_once() {
    let (api, record) = api(&[401]).await;
    let body = Bytes::from(vec![7; 10 << 20]);
    let stream = Body::wrap(Full::new(body.clone()));
    let response = api.post("/erp/v2/files").no_tenant().stream(stream).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.not_retried(), Some(NotRetried::BodyNotReplayable));
    let record = record.lock().unwrap();
    assert_eq!(record.len(), 1);
    assert!(record[0].body == body);
}

#[tokio::test]
async fn a_path_that_leads_out_of_the_base_is_no_call() {
    let (api, record) = api(&[]).await;
    for path in ["erp", "@evil.example/", "https://evil.example/"] {
        let error = api.get(path).no_tenant().send().await.unwrap_err();
        assert!(matches!(error, ApiError::Path), "{path}: {error}");
    }
    assert!(record.lock().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_token_there_is_no_call() {
    let base = serve(|_| panic!("called without a token")).await;
    let down = TokenCache::new(Scripted::new(|_| Err(FetchError::TimedOut)));
    let api = ApiClient::new(base.parse().unwrap(), down).unwrap();
    let error = api.get("/erp/v2/info").no_tenant().send().await.unwrap_err();
    assert!(matches!(error, ApiError::Token(TokenError::Unavailable { .. })), "{error}");
}
