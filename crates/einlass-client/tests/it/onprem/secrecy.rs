//! Neither key nor challenge code in a log, an error or a `Debug`, whatever the ERP answers.

use super::erp::{ACCEPTED, KEY, REQUESTED, site};
use super::{keep_in, manifest, registrar};
use crate::secrecy::Log;
use crate::support::{respond, serve};
use einlass_client::api::ApiClient;
use einlass_client::onprem::Caller;
use einlass_client::source::ApiKey;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

/// An ERP that repeats the code in every kind of answer, and then the key.
async fn treacherous(kind: usize) -> (einlass_client::onprem::Site, Arc<Mutex<String>>) {
    let code = Arc::new(Mutex::new(String::new()));
    let known = Arc::clone(&code);
    let asked = Mutex::new(0);
    let asked = Arc::new(asked);
    let base = serve(move |seen| {
        let code = seen.headers.get("x-challengecode").map_or("", |code| code.to_str().unwrap()).to_owned();
        if !code.is_empty() {
            known.lock().unwrap().clone_from(&code);
        }
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        let repeated = format!(r#"{{"errorMessage":"{code} {KEY}","errorCode":"{code}"}}"#);
        match (kind, *asked) {
            (0, _) => respond(400, repeated),
            (1, _) => respond(405, repeated),
            (2, 1) => respond(500, repeated),
            (2, 2) => respond(201, format!("{code} {KEY}")),
            (2, 3) | (3, 1) => respond(201, REQUESTED),
            (2, 4) => respond(200, format!(r#"{{"RequestStatusInfo":"{code}","Token":"{KEY}"}}"#)),
            (2, 5) => respond(200, ACCEPTED),
            (3, _) => {
                let mut response = respond(302, repeated);
                response.headers_mut().insert("location", format!("/{code}").parse().unwrap());
                response
            }
            _ => respond(401, repeated),
        }
    });
    (site(&base.await), code)
}

#[tokio::test]
async fn no_registration_shows_a_secret() {
    let log = Log::everything();
    for kind in 0..4 {
        let (site, code) = treacherous(kind).await;
        let folder = tempfile::tempdir().unwrap();
        let (registrar, keep) = (registrar(&site).0, keep_in(&folder));
        let mut shown = format!("{registrar:?} {keep:?}");
        let told = |state| write!(shown, "{state:?}").unwrap();
        match registrar.register(&manifest(), &keep, told).await {
            Ok(registered) => {
                let caller = Caller::new(ApiKey::new(registered.api_key.clone()));
                let api = ApiClient::on_premise(&site, caller.clone()).unwrap();
                let refused = api.get("/v1/items").no_tenant().send().await.unwrap_err();
                write!(shown, "{registered:?} {caller:?} {api:?} {refused} {refused:?}").unwrap();
            }
            Err(error) => write!(shown, "{error} {error:?}").unwrap(),
        }
        let code = code.lock().unwrap().clone();
        assert!(code.len() >= 20, "{kind}");
        shown.push_str(&log.text());
        // Six characters of a secret are too many.
        for secret in [&code[..6], &code[code.len() - 6..], &KEY[..6], &KEY[KEY.len() - 6..]] {
            assert!(!shown.contains(secret), "{kind}: {shown}");
        }
    }
    assert!(log.text().contains("registration got no answer"), "nothing was logged");
}
