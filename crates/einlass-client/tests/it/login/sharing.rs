//! Many who use one file at once, and answers that get lost.

use super::Platform;
use super::platform::{AGAIN, CANARY};
use einlass_client::TokenCache;
use einlass_client::clock::Clock;
use einlass_client::fetch::FetchError;
use einlass_client::login::SignInFile;
use einlass_client::source::TokenSource as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

const HOUR: Duration = Duration::from_hours(1);
/// After which less than five minutes of an hour are left.
const NEARLY_AN_HOUR: Duration = Duration::from_mins(56);

fn access(number: u32) -> String {
    format!("{CANARY}-access-{number}")
}

/// Whether the file holds the refresh token of this number, and what the access token is.
fn holds(path: &Path, number: u32) -> bool {
    fs::read_to_string(path).unwrap().contains(&format!("{CANARY}-refresh-{number}\""))
}

#[tokio::test]
async fn a_token_that_lasts_is_used_as_it_is() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    platform.clock.pass(Duration::from_mins(54));
    let issued = platform.tokens(&path).fetch().await.unwrap();
    assert_eq!((issued.access_token.expose(), issued.lifetime), (&*access(0), Duration::from_mins(6)));
    assert_eq!(platform.book().asked, ["authorization_code"]);
    platform.clock.pass(Duration::from_mins(1));
    let issued = platform.tokens(&path).fetch().await.unwrap();
    assert_eq!((issued.access_token.expose(), issued.lifetime), (&*access(1), HOUR));
    assert!(holds(&path, 1));
}

#[tokio::test]
async fn who_asks_again_gets_another() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    let clock = Arc::clone(&platform.clock) as Arc<dyn Clock>;
    let cache = TokenCache::with(platform.tokens(&path), clock, Arc::new(crate::support::no_jitter));
    let first = cache.token().await.unwrap();
    assert_eq!(first.expose(), access(0));
    // An API has answered 401, and so it did to another process a moment ago.
    platform.tokens(&path).fetch().await.unwrap();
    let other = platform.tokens(&path);
    other.fetch().await.unwrap();
    assert_eq!(other.fetch().await.unwrap().access_token.expose(), access(1));
    let second = cache.instead_of(first.generation()).await.unwrap().unwrap();
    assert_eq!(second.expose(), access(1), "what that one got");
    assert_eq!(platform.book().current, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_herd_of_processes_is_one_rotation_and_no_replay() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    for round in 1..=3 {
        platform.clock.pass(NEARLY_AN_HOUR);
        let mut herd = JoinSet::new();
        for _ in 0..40 {
            let tokens = platform.tokens(&path);
            herd.spawn(async move { tokens.fetch().await.unwrap().access_token.expose().to_owned() });
        }
        let given = herd.join_all().await;
        assert!(given.iter().all(|token| *token == access(round)), "{given:?}");
        assert!(holds(&path, round));
    }
    let book = platform.book();
    assert_eq!((book.asked.len(), book.current, book.replays), (4, 3, 0));
}

#[tokio::test]
async fn clones_of_one_file_wait_for_each_other_without_a_thread_each() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = platform.kept(&folder.path().join("login.json")).await;
    let mut herd = JoinSet::new();
    for _ in 0..1_000 {
        let file = file.clone();
        herd.spawn(async move { file.read().await.unwrap().is_renewable() });
    }
    assert!(herd.join_all().await.into_iter().all(|is_renewable| is_renewable));
}

#[tokio::test]
async fn an_answer_that_gets_lost_is_asked_for_again_at_once() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    platform.clock.pass(HOUR);
    platform.book().lost = 1;
    assert_eq!(platform.tokens(&path).fetch().await.unwrap().access_token.expose(), access(1));
    assert!(holds(&path, 1));
    let book = platform.book();
    assert_eq!((book.current, book.replays), (1, 0));
}

#[tokio::test]
async fn while_answers_get_lost_the_file_stays_and_is_gone_on_with() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    platform.clock.pass(HOUR);
    let before = fs::read(&path).unwrap();
    platform.book().lost = 2;
    let error = platform.tokens(&path).fetch().await.unwrap_err();
    assert!(matches!(error, FetchError::Unreachable(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
    platform.clock.pass(AGAIN);
    assert_eq!(platform.tokens(&path).fetch().await.unwrap().access_token.expose(), access(1));
    assert!(holds(&path, 1));
    let book = platform.book();
    assert_eq!((book.current, book.replays), (1, 0));
}

#[tokio::test]
async fn a_platform_that_is_down_takes_nothing_away() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    platform.clock.pass(HOUR);
    platform.book().down = Some(503);
    let error = platform.tokens(&path).fetch().await.unwrap_err();
    assert!(matches!(error, FetchError::Status { .. }) && !error.is_terminal(), "{error}");
    platform.book().down = None;
    assert_eq!(platform.tokens(&path).fetch().await.unwrap().access_token.expose(), access(1));
}

#[tokio::test]
async fn what_cannot_be_written_is_given_to_nobody_and_not_lost() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    platform.clock.pass(HOUR);
    // Where the new file would be written there is a folder.
    let obstacle = folder.path().join("login.json.new");
    fs::create_dir(&obstacle).unwrap();
    let tokens = platform.tokens(&path);
    for _ in 0..2 {
        let error = tokens.fetch().await.unwrap_err();
        assert!(matches!(error, FetchError::NotSignedIn(_)), "{error}");
        assert!(!tokens.credentials_changed());
    }
    assert!(holds(&path, 0));
    fs::remove_dir(&obstacle).unwrap();
    platform.clock.pass(2 * AGAIN);
    assert_eq!(tokens.fetch().await.unwrap().access_token.expose(), access(1));
    assert!(holds(&path, 1));
    assert_eq!(platform.book().asked.len(), 2, "nothing was asked twice");
}

#[tokio::test]
async fn what_another_has_traded_meanwhile_is_not_overwritten() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    platform.clock.pass(HOUR);
    let obstacle = folder.path().join("login.json.new");
    fs::create_dir(&obstacle).unwrap();
    let late = platform.tokens(&path);
    assert!(late.fetch().await.is_err());
    fs::remove_dir(&obstacle).unwrap();
    let other = platform.tokens(&path);
    other.fetch().await.unwrap();
    platform.clock.pass(HOUR);
    other.fetch().await.unwrap();
    assert_eq!(late.fetch().await.unwrap().access_token.expose(), access(2));
    assert!(holds(&path, 2));
    assert_eq!(platform.book().replays, 0);
}

#[tokio::test]
async fn who_goes_away_takes_no_refresh_token_along() {
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.json");
    platform.kept(&path).await;
    platform.clock.pass(HOUR);
    platform.open.send_replace(false);
    let tokens = platform.tokens(&path);
    drop(tokens.fetch());
    platform.open.send_replace(true);
    // Who waits for the lock waits for the one who went away.
    let after = SignInFile::at(&path);
    while !after.read().await.is_ok_and(|_| holds(&path, 1)) {
        tokio::task::yield_now().await;
    }
    assert_eq!(platform.tokens(&path).fetch().await.unwrap().access_token.expose(), access(1));
    assert_eq!(platform.book().current, 1);
}
