//! Calls with the key.

use super::erp::{KEY, scripted};
use einlass_client::api::{ApiClient, ApiError};
use einlass_client::onprem::Caller;
use einlass_client::protocol::secret::Secret;
use einlass_client::source::ApiKey;
use http::{HeaderName, HeaderValue};

fn caller() -> Caller {
    Caller::new(ApiKey::new(Secret::new(KEY.into()))).app("myApp/v1", "1.0.0").unwrap()
}

#[tokio::test]
async fn a_call_says_which_app_it_is_and_on_whose_behalf() {
    let (site, record) = scripted(&[(200, r#"{"Version":"2"}"#), (200, ""), (200, "")]).await;
    let plain = ApiClient::on_premise(&site, caller()).unwrap();
    let info: serde_json::Value =
        plain.get("/v1/info?x=1").no_tenant().send().await.unwrap().json().await.unwrap();
    assert_eq!(info["Version"], "2");
    let behalf = caller().run_as("anna").unwrap().in_session(&Secret::new("s-1".into())).unwrap();
    let behalf = ApiClient::on_premise(&site, behalf).unwrap();
    behalf.get("/v1/items").no_tenant().send().await.unwrap();
    let run_as = HeaderName::from_static("x-runas");
    behalf
        .get("/v1/items")
        .no_tenant()
        .header(run_as, HeaderValue::from_static("bert"))
        .send()
        .await
        .unwrap();
    let record = record.lock().unwrap();
    assert_eq!(record[0].path, "/api/eazybusiness/v1/info");
    assert_eq!(record[0].headers["authorization"], format!("Wawi {KEY}"));
    assert_eq!(
        (&record[0].headers["x-appid"], &record[0].headers["x-appversion"]),
        (&HeaderValue::from_static("myApp/v1"), &HeaderValue::from_static("1.0.0"))
    );
    assert!(!record[0].headers.contains_key("x-runas") && !record[0].headers.contains_key("x-sessionid"));
    assert_eq!(
        (record[1].headers["x-runas"].as_bytes(), record[1].headers["x-sessionid"].as_bytes()),
        (&b"anna"[..], &b"s-1"[..])
    );
    let said: Vec<_> = record[2].headers.get_all("x-runas").iter().collect();
    assert_eq!(said, ["bert"], "the call's own goes before");
}

#[tokio::test]
async fn a_401_is_explained_and_not_tried_again() {
    let (site, record) = scripted(&[(401, ""), (403, "")]).await;
    let api = ApiClient::on_premise(&site, caller()).unwrap();
    let error = api.post("/v1/items").no_tenant().body("{}").send().await.unwrap_err();
    assert!(matches!(error, ApiError::KeyRefused { .. }), "{error}");
    let text = error.to_string();
    for check in ["revoked", "another database", "`Bearer` in place of `Wawi`", "/api/eazybusiness"] {
        assert!(text.contains(check), "{text}");
    }
    assert_eq!(record.lock().unwrap().len(), 1);
    assert_eq!(api.get("/v1/items").no_tenant().send().await.unwrap().status(), 403, "handed on as it comes");
}

#[tokio::test]
async fn a_key_in_a_file_may_be_replaced_and_without_one_there_is_no_call() {
    let (site, record) = scripted(&[(200, ""), (200, "")]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let api = ApiClient::on_premise(&site, Caller::new(ApiKey::in_file(&file))).unwrap();
    let missing = api.get("/v1/items").no_tenant().send().await.unwrap_err();
    assert!(matches!(missing, ApiError::Key(_)), "{missing}");
    for key in ["first", "second"] {
        std::fs::write(&file, format!("{key}\n")).unwrap();
        api.get("/v1/items").no_tenant().send().await.unwrap();
    }
    let record = record.lock().unwrap();
    let sent: Vec<_> = record.iter().map(|seen| &seen.headers["authorization"]).collect();
    assert_eq!(sent, ["Wawi first", "Wawi second"]);
}
