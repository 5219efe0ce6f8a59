//! How a sign-in ends: by a replay, by its own time, or because its person signs out.

use super::Platform;
use super::platform::{AGAIN, CANARY};
use einlass_client::fetch::FetchError;
use einlass_client::login::{SignInFileError, SignOutError};
use einlass_client::source::TokenSource as _;
use serde_json::json;
use std::fs;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_sign_in_that_counts_no_more_says_to_sign_in_again_and_stays_in_its_file() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    let file = platform.kept(&path).await;
    let copy = folder.path().join("copy.json");
    fs::copy(&path, &copy).unwrap();
    platform.clock.pass(HOUR);
    platform.tokens(&path).fetch().await.unwrap();
    platform.clock.pass(2 * AGAIN);
    let (before, tokens) = (fs::read(&copy).unwrap(), platform.tokens(&copy));
    let error = tokens.fetch().await.unwrap_err();
    assert!(matches!(error, FetchError::SignInEnded { .. }) && error.is_terminal(), "{error}");
    assert!(error.to_string().contains("sign in again"), "{error}");
    assert_eq!(fs::read(&copy).unwrap(), before);
    assert!(!tokens.credentials_changed(), "asking again helps nobody");
    fs::write(&copy, fs::read(&path).unwrap()).unwrap();
    assert!(tokens.credentials_changed(), "somebody has signed in again");
    assert_eq!(platform.book().replays, 1);
    drop(file);
}

#[tokio::test]
async fn a_sign_in_that_was_not_to_last_ends_with_its_token() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    let begun = platform.login("openid").begin().await.unwrap();
    let back = platform.allow(begun.url());
    let (signed_in, _) = tokio::join!(begun.finish(HOUR), super::platform::browse(&back));
    let signed_in = signed_in.unwrap();
    assert!(!signed_in.is_renewable());
    einlass_client::login::SignInFile::at(&path).keep(&signed_in).await.unwrap();
    platform.clock.pass(Duration::from_mins(59));
    assert!(platform.tokens(&path).fetch().await.is_ok(), "to the last minute");
    platform.clock.pass(Duration::from_mins(1));
    let error = platform.tokens(&path).fetch().await.unwrap_err();
    assert!(matches!(error, FetchError::SignInEnded { .. }), "{error}");
    assert_eq!(platform.book().asked, ["authorization_code"]);
}

#[tokio::test]
async fn who_signs_out_gives_the_refresh_token_back_and_keeps_no_file() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    let file = platform.kept(&path).await;
    let copy = folder.path().join("copy.json");
    fs::copy(&path, &copy).unwrap();
    file.sign_out().await.unwrap();
    assert_eq!(platform.book().revoked, [format!("refresh_token {CANARY}-refresh-0")]);
    assert!(!path.exists());
    platform.clock.pass(HOUR);
    let error = platform.tokens(&copy).fetch().await.unwrap_err();
    assert!(matches!(error, FetchError::SignInEnded { .. }), "{error}");
    let error = file.sign_out().await.unwrap_err();
    assert!(matches!(error, SignOutError::File(SignInFileError::Nobody(_))), "{error}");
}

#[tokio::test]
async fn as_long_as_the_platform_has_not_ended_it_the_file_stays() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    let file = platform.kept(&path).await;
    platform.book().down = Some(503);
    let error = file.sign_out().await.unwrap_err();
    assert!(matches!(error, SignOutError::Platform(FetchError::Status { .. })), "{error}");
    assert!(path.exists());
    file.forget().await.unwrap();
    assert!(!path.exists() && platform.book().revoked.is_empty());
}

#[tokio::test]
async fn a_platform_without_a_place_to_sign_out_at_is_told_apart() {
    let platform = Platform::start().await;
    platform.book().document = json!({"revocation_endpoint": null});
    let folder = tempfile::tempdir().unwrap();
    let file = platform.kept(&folder.path().join("login.json")).await;
    assert!(matches!(file.sign_out().await, Err(SignOutError::Nowhere)));
    assert!(file.path().exists());
}
