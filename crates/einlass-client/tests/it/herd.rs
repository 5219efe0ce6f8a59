//! Many callers and many clients at once.

use crate::scenarios::clock::TestClock;
use crate::support::Scripted;
use einlass_client::TokenCache;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_at_expiry_make_one_request() {
    let source = Scripted::working();
    let requests = source.requests.clone();
    let clock = Arc::new(TestClock::new());
    let tokens = TokenCache::with(source, clock.clone(), Arc::new(|_: Duration| Duration::ZERO));
    tokens.token().await.unwrap();
    clock.pass(Duration::from_hours(1));
    let mut callers = JoinSet::new();
    for _ in 0..1_000 {
        let tokens = tokens.clone();
        callers.spawn(async move { tokens.token().await.unwrap().expose().to_owned() });
    }
    assert!(callers.join_all().await.iter().all(|token| token == "token-2"));
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn two_hundred_clients_started_together_drift_apart() {
    const CLIENTS: usize = 200;
    let clock = Arc::new(TestClock::new());
    let jitter = Arc::new(spread());
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let source = Scripted::working();
        let requests = source.requests.clone();
        let tokens = TokenCache::with(source, clock.clone(), jitter.clone());
        tokens.token().await.unwrap();
        clients.push((tokens, requests));
    }
    clock.pass(Duration::from_secs(3_200));
    let (mut asked, mut peak) = (CLIENTS, 0);
    for _ in 0..101 {
        for (tokens, _) in &clients {
            tokens.token().await.unwrap();
        }
        tokio::task::yield_now().await;
        let total = clients.iter().map(|(_, requests)| requests.load(Ordering::SeqCst) as usize).sum();
        peak = peak.max(total - asked);
        asked = total;
        clock.pass(Duration::from_secs(1));
    }
    assert_eq!(asked, 2 * CLIENTS, "each client asked once more, and once only");
    assert!(peak <= CLIENTS / 20, "{peak} clients asked in one second");
}

/// Jitter that is the same in every run: a Weyl sequence.
fn spread() -> impl Fn(Duration) -> Duration + Send + Sync + 'static {
    let state = AtomicU64::new(0);
    move |limit| {
        let drawn = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst) >> 32;
        let nanos = u64::try_from(limit.as_nanos()).unwrap();
        Duration::from_nanos((nanos >> 16) * (drawn >> 16))
    }
}
