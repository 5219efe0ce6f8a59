//! No code, no verifier and no token in a log, an error or a `Debug`.

use super::Platform;
use super::platform::{AGAIN, CANARY};
use crate::secrecy::Log;
use einlass_client::login::SignInFile;
use einlass_client::source::TokenSource as _;
use einlass_client::{TokenCache, TokenError};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

#[tokio::test]
async fn nothing_secret_is_shown() {
    let log = Log::everything();
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    let login = platform.login("openid offline_access");
    let mut shown = format!("{login:?}");
    let (begun, _) = platform.allowed().await;
    write!(shown, "{begun:?}").unwrap();
    let signed_in = platform.signed_in().await.unwrap();
    let file = SignInFile::at(&path);
    file.keep(&signed_in).await.unwrap();
    let tokens = platform.tokens(&path);
    write!(shown, "{signed_in:?} {file:?} {tokens:?} {:?}", tokens.fetch().await).unwrap();

    // A platform that repeats what it was sent, and one that says nothing.
    platform.book().claims = json!({"nonce": CANARY});
    let unbelieved = platform.signed_in().await.unwrap_err();
    platform.book().lost = 1;
    let unredeemed = platform.signed_in().await.unwrap_err();
    write!(shown, "{unbelieved} {unbelieved:?} {unredeemed} {unredeemed:?}").unwrap();
    platform.clock.pass(Duration::from_hours(1));
    let old = fs::read(&path).unwrap();
    platform.tokens(&path).fetch().await.unwrap();
    platform.clock.pass(Duration::from_hours(1) + AGAIN);
    fs::write(&path, old).unwrap();
    let error = TokenCache::new(platform.tokens(&path)).token().await.unwrap_err();
    let TokenError::Rejected { last_error, .. } = &error else { panic!("{error}") };
    write!(shown, "{error} {error:?} {last_error} {last_error:?}").unwrap();
    fs::write(&path, format!(r#"{{"access_token": "{CANARY}"}}"#)).unwrap();
    let error = platform.tokens(&path).fetch().await.unwrap_err();
    write!(shown, "{error} {error:?}").unwrap();

    let log = log.text();
    assert!(log.contains("token refresh refused"), "nothing was logged");
    for text in [shown, log] {
        let leak = text.find(CANARY);
        assert!(leak.is_none(), "{}", &text[leak.unwrap_or(0).saturating_sub(200)..]);
    }
}
