//! What ends a registration without a key, and what can be done then.

use super::erp::{ACCEPTED, KEY, REJECTED, REQUESTED, scripted};
use super::{content, keep_in, manifest, registrar};
use einlass_client::onprem::{KeepError, Manifest, RegisterError};

async fn refused(answers: &'static [(u16, &'static str)]) -> RegisterError {
    let (site, record) = scripted(answers).await;
    let folder = tempfile::tempdir().unwrap();
    let error = registrar(&site).0.register(&manifest(), &keep_in(&folder), drop).await.unwrap_err();
    assert_eq!(record.lock().unwrap().len(), answers.len(), "a refusal is not repeated: {error}");
    error
}

#[tokio::test]
async fn each_refusal_of_a_request_is_named() {
    use RegisterError as E;
    assert!(matches!(refused(&[(402, "")]).await, E::Unlicensed));
    assert!(matches!(refused(&[(404, "")]).await, E::NobodyThere));
    assert!(matches!(refused(&[(409, "")]).await, E::AlreadyRegistered));
    assert!(matches!(refused(&[(302, "")]).await, E::Redirected(status) if status == 302));
    assert!(matches!(refused(&[(405, "")]).await, E::Refused { status, message: None } if status == 405));
    let version = refused(&[(400, r#""Unsupported API Version""#)]).await;
    assert!(matches!(version, E::UnsupportedApiVersion));
    let why = refused(&[(400, r#"{"errorCode":"x","errorMessage":"AppIcon\n is odd","errors":{}}"#)]).await;
    assert!(why.to_string().ends_with("(400): AppIcon is odd"), "{why}");
    let why = refused(&[(400, r#"{"ErrorCode":"x","ErrorMessage":"so it is"}"#)]).await;
    assert!(matches!(why, E::Malformed { message: Some(message) } if message == "so it is"));
}

#[tokio::test]
async fn each_refusal_of_a_poll_is_named() {
    use RegisterError as E;
    assert!(matches!(refused(&[(201, REQUESTED), (404, "")]).await, E::Expired));
    assert!(matches!(refused(&[(201, REQUESTED), (402, "")]).await, E::Unlicensed));
    assert!(
        matches!(refused(&[(201, REQUESTED), (403, "")]).await, E::Refused { status, .. } if status == 403)
    );
    let read = refused(&[(201, REQUESTED), (410, "")]).await;
    assert!(matches!(read, E::AlreadyRead) && read.to_string().contains("hand it out again"));
}

#[tokio::test]
async fn after_a_rejection_another_request_with_another_code_may_be_made() {
    let (site, record) =
        scripted(&[(201, REQUESTED), (200, REJECTED), (201, REQUESTED), (200, ACCEPTED)]).await;
    let folder = tempfile::tempdir().unwrap();
    let (registrar, keep) = (registrar(&site).0, keep_in(&folder));
    let rejected = registrar.register(&manifest(), &keep, drop).await.unwrap_err();
    assert!(matches!(rejected, RegisterError::Rejected));
    assert_eq!(registrar.register(&manifest(), &keep, drop).await.unwrap().api_key.expose(), KEY);
    let record = record.lock().unwrap();
    assert_ne!(record[1].headers["x-challengecode"], record[2].headers["x-challengecode"]);
}

#[tokio::test]
async fn a_key_that_is_handed_out_again_is_fetched_with_the_same_code() {
    let (site, record) = scripted(&[(201, REQUESTED), (410, ""), (200, ACCEPTED)]).await;
    let folder = tempfile::tempdir().unwrap();
    let (registrar, keep) = (registrar(&site).0, keep_in(&folder));
    registrar.register(&manifest(), &keep, drop).await.unwrap_err();
    assert_eq!(registrar.register(&manifest(), &keep, drop).await.unwrap().api_key.expose(), KEY);
    let record = record.lock().unwrap();
    assert_eq!(record[0].headers["x-challengecode"], record[2].headers["x-challengecode"]);
}

#[tokio::test]
async fn a_request_can_be_forgotten_and_a_key_cannot() {
    let (site, record) = scripted(&[(201, REQUESTED), (404, ""), (201, REQUESTED), (200, ACCEPTED)]).await;
    let folder = tempfile::tempdir().unwrap();
    let (registrar, keep) = (registrar(&site).0, keep_in(&folder));
    registrar.register(&manifest(), &keep, drop).await.unwrap_err();
    keep.forget_request().await.unwrap();
    assert_eq!(content(&folder), "");
    registrar.register(&manifest(), &keep, drop).await.unwrap();
    assert!(matches!(keep.forget_request().await, Err(KeepError::HoldsKey(_))));
    assert!(content(&folder).contains(KEY));
    assert_eq!(record.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn what_is_kept_of_another_app_or_in_another_file_stays() {
    let (site, record) = scripted(&[(201, REQUESTED), (200, ACCEPTED)]).await;
    let folder = tempfile::tempdir().unwrap();
    let (registrar, keep) = (registrar(&site).0, keep_in(&folder));
    registrar.register(&manifest(), &keep, drop).await.unwrap();
    let before = content(&folder);
    let other = Manifest { app_id: "other/v1".into(), ..manifest() };
    let error = registrar.register(&other, &keep, drop).await.unwrap_err();
    assert!(matches!(error, RegisterError::Keep(KeepError::OfAnother { .. })), "{error}");
    let (elsewhere, _) = scripted(&[]).await;
    let error = super::registrar(&elsewhere).0.register(&manifest(), &keep, drop).await.unwrap_err();
    assert!(matches!(error, RegisterError::Keep(KeepError::OfAnother { .. })), "{error}");
    assert_eq!(content(&folder), before);

    let foreign = folder.path().join("foreign.json");
    std::fs::write(&foreign, r#"{"state":"canary"}"#).unwrap();
    let foreign_keep = einlass_client::onprem::Keep::in_file(&foreign);
    let error = registrar.register(&manifest(), &foreign_keep, drop).await.unwrap_err();
    assert!(
        matches!(error, RegisterError::Keep(KeepError::Foreign(_))) && !error.to_string().contains("canary")
    );
    assert!(foreign_keep.forget_request().await.is_err());
    assert_eq!(std::fs::read_to_string(foreign).unwrap(), r#"{"state":"canary"}"#);
    assert_eq!(record.lock().unwrap().len(), 2, "none of this is worth a request");
}

#[tokio::test]
async fn where_nothing_can_be_kept_nothing_is_asked() {
    let (site, record) = scripted(&[(201, REQUESTED)]).await;
    let folder = tempfile::tempdir().unwrap();
    let keep = einlass_client::onprem::Keep::in_file(folder.path().join("absent/registration.json"));
    let error = registrar(&site).0.register(&manifest(), &keep, drop).await.unwrap_err();
    assert!(matches!(error, RegisterError::Keep(KeepError::Unusable { .. })), "{error}");
    let faulty = Manifest { app_id: String::new(), ..manifest() };
    let error = registrar(&site).0.register(&faulty, &keep_in(&folder), drop).await.unwrap_err();
    assert!(matches!(error, RegisterError::Manifest(_)), "{error}");
    assert!(record.lock().unwrap().is_empty());
}
