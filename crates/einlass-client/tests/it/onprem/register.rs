//! A registration from its manifest to its key.

use super::erp::{ACCEPTED, ID, KEY, PENDING, REQUESTED, scripted};
use super::timers::Moved;
use super::{content, keep_in, manifest, registrar};
use crate::support::no_jitter;
use einlass_client::onprem::{Progress, Registrar};
use einlass_client::random::OsRandom;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn an_app_waits_until_somebody_opens_the_door_and_then_for_the_key() {
    let (site, record) =
        scripted(&[(403, ""), (403, ""), (201, REQUESTED), (200, PENDING), (200, ACCEPTED)]).await;
    let folder = tempfile::tempdir().unwrap();
    let (registrar, timer) = registrar(&site);
    let mut states = Vec::new();
    let registered =
        registrar.register(&manifest(), &keep_in(&folder), |state| states.push(state)).await.unwrap();
    assert_eq!(registered.api_key.expose(), KEY);
    assert_eq!(registered.granted_scopes, ["items.read"]);
    let (nobody, pending) = (Progress::NobodyWaits, Progress::Pending);
    assert_eq!(states, [nobody.clone(), nobody, pending.clone(), pending]);
    assert_eq!(timer.seconds(), [5; 4]);

    let record = record.lock().unwrap();
    let paths: Vec<&str> = record.iter().map(|seen| seen.path.as_str()).collect();
    let (ask, poll) = ("/api/eazybusiness/authentication", format!("/api/eazybusiness/authentication/{ID}"));
    assert_eq!(paths, [ask, ask, ask, &poll, &poll]);
    let code = record[0].headers["x-challengecode"].to_str().unwrap();
    assert!((20..=30).contains(&code.len()), "{}", code.len());
    for seen in record.iter() {
        assert_eq!(seen.headers["x-challengecode"], code);
        assert!(!seen.headers.contains_key("authorization"));
    }
    assert_eq!(record[2].headers["content-type"], "application/json");
    let body: Value = serde_json::from_slice(&record[2].body).unwrap();
    assert_eq!((&body["AppId"], &body["MandatoryApiScopes"][0]), (&"myApp/v1".into(), &"items.read".into()));
}

#[tokio::test]
async fn camel_case_is_understood_too() {
    const ANSWERS: &[(u16, &str)] = &[
        (201, r#"{"appId":"myApp/v1","registrationRequestId":"r-1","status":0}"#),
        (200, r#"{"requestStatusInfo":{"status":0}}"#),
        (200, r#"{"requestStatusInfo":{"status":2},"token":{"apiKey":"k-1"},"grantedScopes":["a.read"]}"#),
    ];
    let (site, record) = scripted(ANSWERS).await;
    let folder = tempfile::tempdir().unwrap();
    let registered = registrar(&site).0.register(&manifest(), &keep_in(&folder), drop).await.unwrap();
    assert_eq!(
        (registered.api_key.expose(), &*registered.granted_scopes),
        ("k-1", &["a.read".to_owned()][..])
    );
    assert!(record.lock().unwrap()[2].path.ends_with("/authentication/r-1"));
}

#[tokio::test]
async fn the_erp_is_asked_every_five_seconds_and_not_before() {
    let (site, record) = scripted(&[(201, REQUESTED), (200, PENDING), (200, ACCEPTED)]).await;
    let folder = tempfile::tempdir().unwrap();
    let timer = Arc::new(Moved::new());
    let registrar = Registrar::with(site, timer.clone(), Arc::new(no_jitter), Arc::new(OsRandom)).unwrap();
    let keep = keep_in(&folder);
    let registration = tokio::spawn(async move { registrar.register(&manifest(), &keep, drop).await });
    for asked in 1..=2 {
        timer.asleep(asked).await;
        timer.pass(Duration::from_millis(4_999));
        // Whoever were awake would have asked by now: this runtime has one thread.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(record.lock().unwrap().len(), asked);
        timer.pass(Duration::from_millis(1));
    }
    assert_eq!(registration.await.unwrap().unwrap().api_key.expose(), KEY);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_with_growing_pauses() {
    const ANSWERS: &[(u16, &str)] = &[
        (503, ""),
        (500, "<html>"),
        (429, ""),
        (502, ""),
        (500, ""),
        (201, "{}"),
        (201, REQUESTED),
        (500, ""),
        (200, "not JSON"),
        (200, r#"{"RequestStatusInfo":{"Status":2}}"#),
        (200, r#"{"RequestStatusInfo":{"Status":7}}"#),
        (200, ACCEPTED),
    ];
    let (site, _) = scripted(ANSWERS).await;
    let folder = tempfile::tempdir().unwrap();
    let (registrar, timer) = registrar(&site);
    let mut faults = 0;
    let count = |state| faults += usize::from(matches!(state, Progress::Failing { .. }));
    let registered = registrar.register(&manifest(), &keep_in(&folder), count).await.unwrap();
    assert_eq!((registered.api_key.expose(), faults), (KEY, 10));
    assert_eq!(timer.seconds(), [5, 5, 5, 5, 8, 16, 5, 5, 5, 5, 5]);
}

#[tokio::test]
async fn an_erp_that_asks_for_time_gets_it() {
    let answers = Arc::new(std::sync::Mutex::new(vec![
        (200, ACCEPTED, ""),
        (201, REQUESTED, ""),
        (403, "", "70"),
        (503, "", "60"),
    ]));
    let base = crate::support::serve(move |_| {
        let (status, body, wait) = answers.lock().unwrap().pop().unwrap();
        let mut response = crate::support::respond(status, body);
        response.headers_mut().insert("retry-after", wait.parse().unwrap());
        response
    });
    let site = super::erp::site(&base.await);
    let folder = tempfile::tempdir().unwrap();
    let (registrar, timer) = registrar(&site);
    registrar.register(&manifest(), &keep_in(&folder), drop).await.unwrap();
    assert_eq!(timer.seconds(), [60, 70, 5]);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone_and_nothing_else_is_left_that_holds_a_secret() {
    use std::os::unix::fs::PermissionsExt;
    let (site, _) = scripted(&[(201, REQUESTED), (410, "")]).await;
    let folder = tempfile::tempdir().unwrap();
    registrar(&site).0.register(&manifest(), &keep_in(&folder), drop).await.unwrap_err();
    assert!(content(&folder).contains(ID), "the request is kept before it is asked about");
    let (site, _) = scripted(&[(201, REQUESTED), (200, ACCEPTED)]).await;
    let other = tempfile::tempdir().unwrap();
    registrar(&site).0.register(&manifest(), &keep_in(&other), drop).await.unwrap();
    assert!(content(&other).contains(KEY) && !content(&other).contains("challenge"));
    for folder in [folder, other] {
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(files.len(), 2, "the file and its lock");
        for file in files {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
        }
    }
}
