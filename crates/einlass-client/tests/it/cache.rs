//! The token cache's promises about its refresh: whose it is, when it ends, and that nothing is permanent.

use crate::scenarios::clock::TestClock;
use crate::support::{Scripted, hour, no_jitter};
use einlass_client::fetch::{BoxFuture, FetchError, IssuedToken};
use einlass_client::source::TokenSource;
use einlass_client::{TokenCache, TokenError};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::oneshot;

fn cache(source: impl TokenSource) -> (TokenCache, Arc<TestClock>) {
    let clock = Arc::new(TestClock::new());
    (TokenCache::with(source, clock.clone(), Arc::new(no_jitter)), clock)
}

#[tokio::test]
async fn a_refresh_outlives_the_caller_who_started_it() {
    let source = Scripted::working();
    let (requests, open) = (source.requests.clone(), source.open.clone());
    open.send_replace(false);
    let (tokens, _) = cache(source);
    let caller = tokio::spawn({
        let tokens = tokens.clone();
        async move { tokens.token().await }
    });
    while requests.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    open.send_replace(true);
    assert_eq!(tokens.token().await.unwrap().expose(), "token-1");
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_last_handle_takes_the_refresh_along() {
    /// Never answers, and tells when its request is dropped.
    struct Silent(std::sync::Mutex<Option<oneshot::Sender<()>>>);
    impl TokenSource for Silent {
        fn fetch(&self) -> BoxFuture<'_, Result<IssuedToken, FetchError>> {
            let alive = self.0.lock().unwrap().take();
            Box::pin(async move {
                std::future::pending::<()>().await;
                drop(alive);
                Err(FetchError::TimedOut)
            })
        }
    }
    let (alive, gone) = oneshot::channel();
    let (tokens, _) = cache(Silent(Some(alive).into()));
    let other = tokens.clone();
    let caller = tokio::spawn(async move { tokens.token().await.map(drop) });
    tokio::task::yield_now().await;
    drop(other);
    caller.abort();
    // The caller's handle was the last: with it goes the request.
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap().unwrap_err();
}

#[tokio::test]
async fn ten_thousand_failures_in_a_row_are_followed_by_recovery() {
    let source =
        Scripted::new(|number| if number <= 10_000 { Err(FetchError::TimedOut) } else { Ok(hour(number)) });
    let (tokens, clock) = cache(source);
    for number in 1..=10_000 {
        let error = tokens.token().await.unwrap_err();
        assert!(error.is_transient(), "{number}");
        assert!(error.retry_in() <= Duration::from_mins(1), "{number}: {error}");
        clock.pass(error.retry_in());
    }
    assert_eq!(tokens.token().await.unwrap().expose(), "token-10001");
}

#[tokio::test]
async fn after_a_success_the_pauses_begin_anew() {
    let source =
        Scripted::new(|number| if number == 10 { Ok(hour(number)) } else { Err(FetchError::TimedOut) });
    let (tokens, clock) = cache(source);
    let first = tokens.token().await.unwrap_err().retry_in();
    for _ in 2..10 {
        clock.pass(Duration::from_mins(1));
        tokens.token().await.unwrap_err();
    }
    clock.pass(Duration::from_mins(1));
    tokens.token().await.unwrap();
    clock.pass(Duration::from_hours(1));
    assert_eq!(tokens.token().await.unwrap_err().retry_in(), first);
}

#[tokio::test]
async fn an_outage_of_two_hours_costs_what_the_pauses_allow() {
    let source = Scripted::new(|_| Err(FetchError::TimedOut));
    let requests = source.requests.clone();
    let (tokens, clock) = cache(source);
    for _ in 0..7_200 {
        assert!(tokens.token().await.is_err());
        clock.pass(Duration::from_secs(1));
    }
    // Without jitter the pauses are half of 1, 2, 4, … 60 seconds.
    let made = requests.load(Ordering::SeqCst);
    assert!((240..=250).contains(&made), "{made}");
}

#[tokio::test]
async fn a_refresh_that_panics_is_not_the_last() {
    let source = Scripted::new(|number| {
        assert_ne!(number, 1, "a mistake in a source");
        Ok(hour(number))
    });
    let (tokens, _) = cache(source);
    assert!(matches!(tokens.token().await, Err(TokenError::Interrupted)));
    assert_eq!(tokens.token().await.unwrap().expose(), "token-2");
}

#[test]
fn a_refresh_whose_runtime_is_gone_is_made_on_another() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let source = Scripted::working();
    let open = source.open.clone();
    open.send_replace(false);
    let (tokens, _) = cache(source);
    let first = runtime();
    first.spawn({
        let tokens = tokens.clone();
        async move { tokens.token().await.map(drop) }
    });
    first.block_on(tokio::task::yield_now());
    drop(first);
    open.send_replace(true);
    assert_eq!(runtime().block_on(tokens.token()).unwrap().expose(), "token-2");
}

#[tokio::test]
async fn a_caller_whose_token_was_replaced_meanwhile_gets_the_new_one_without_a_request() {
    let source = Scripted::working();
    let requests = source.requests.clone();
    let (tokens, clock) = cache(source);
    let old = tokens.token().await.unwrap();
    clock.pass(Duration::from_hours(1));
    let new = tokens.token().await.unwrap();
    let instead = tokens.instead_of(old.generation()).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&instead, &new));
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}
