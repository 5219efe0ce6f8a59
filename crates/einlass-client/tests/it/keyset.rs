//! The key set cache's promises, in paused time: what a flood, a rotation and an outage come to.

use einlass_client::KeySetCache;
use einlass_client::clock::Clock;
use einlass_client::fetch::{BoxFuture, FetchError};
use einlass_client::keyset::{Fetched, KeySetFetch, KeySetSettings};
use einlass_client::protocol::jose::KeySet;
use einlass_client::protocol::time::UnixTime;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Both clocks go with tokio's, which the test holds.
struct PausedClock(Instant);

impl Clock for PausedClock {
    fn wall(&self) -> UnixTime {
        UnixTime::from_seconds(1_800_000_000).plus(self.0.elapsed())
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
}

/// What the identity provider would answer now, and how often it was asked.
#[derive(Clone)]
struct Provider(Arc<Mutex<Answers>>);

struct Answers {
    /// How many keys it has; `None` while it is down.
    keys: Option<usize>,
    max_age: Option<Duration>,
    asked: u32,
    open: watch::Sender<bool>,
}

impl Provider {
    fn with(keys: Option<usize>) -> Self {
        Self(Arc::new(Mutex::new(Answers { keys, max_age: None, asked: 0, open: watch::Sender::new(true) })))
    }

    fn has(&self, keys: Option<usize>) {
        self.0.lock().unwrap().keys = keys;
    }

    fn asked(&self) -> u32 {
        self.0.lock().unwrap().asked
    }

    fn open(&self, open: bool) {
        self.0.lock().unwrap().open.send_replace(open);
    }

    fn start(&self) -> KeySetCache {
        KeySetCache::with(self.clone(), Arc::new(PausedClock(Instant::now())), KeySetSettings::default())
    }
}

impl KeySetFetch for Provider {
    fn fetch(&self, _known: Option<&str>) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        let mut answers = self.0.lock().unwrap();
        answers.asked += 1;
        let keys = answers.keys.map(key_set).ok_or(FetchError::TimedOut);
        let (max_age, mut open) = (answers.max_age, answers.open.subscribe());
        Box::pin(async move {
            open.wait_for(|open| *open).await.unwrap();
            Ok(Fetched { keys: Some(keys?), tag: None, max_age })
        })
    }
}

/// A set with this many usable keys.
fn key_set(keys: usize) -> KeySet {
    let key = |number| {
        format!(
            r#"{{"kty":"OKP","crv":"Ed25519","kid":"{number}","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#
        )
    };
    let keys: Vec<_> = (0..keys).map(key).collect();
    KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap()
}

async fn started(provider: &Provider) -> KeySetCache {
    let cache = provider.start();
    cache.after_miss(None).await.unwrap();
    cache
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_unknown_keys_is_one_fetch_in_a_cool_down() {
    let provider = Provider::with(Some(1));
    let cache = started(&provider).await;
    let begun = Instant::now();
    for number in 0..100_000 {
        let seen = cache.current();
        cache.after_miss(seen.as_ref()).await.unwrap();
        if number % 1_000 == 0 {
            tokio::time::advance(Duration::from_secs(1)).await;
        }
    }
    let cool_downs = u32::try_from(begun.elapsed().as_secs() / 30).unwrap();
    assert!((1..=1 + cool_downs).contains(&provider.asked()), "{}", provider.asked());
    assert!(cool_downs >= 3);
}

#[tokio::test(start_paused = true)]
async fn a_cool_down_is_used_up_by_failures_and_by_empty_sets_too() {
    for answer in [None, Some(0)] {
        let provider = Provider::with(answer);
        let cache = provider.start();
        for _ in 0..1_000 {
            let unavailable = cache.after_miss(None).await.unwrap_err();
            assert!(unavailable.retry_in <= Duration::from_secs(30));
            assert!(unavailable.last_error.is_some());
        }
        assert_eq!(provider.asked(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rotated_key_is_there_after_one_miss() {
    let provider = Provider::with(Some(1));
    let cache = started(&provider).await;
    provider.has(Some(2));
    tokio::time::advance(Duration::from_secs(31)).await;
    let seen = cache.current();
    assert_eq!(cache.after_miss(seen.as_ref()).await.unwrap().len(), 2);
    assert_eq!(provider.asked(), 2);
    tokio::time::advance(Duration::from_secs(31)).await;
    let newer = cache.after_miss(seen.as_ref()).await.unwrap();
    assert_eq!(newer.len(), 2, "who saw the old set gets the new one");
    assert_eq!(provider.asked(), 2, "and causes no fetch");
}

#[tokio::test(start_paused = true)]
async fn misses_at_once_share_a_fetch() {
    let provider = Provider::with(Some(1));
    let cache = started(&provider).await;
    provider.has(Some(2));
    tokio::time::advance(Duration::from_secs(31)).await;
    let seen = cache.current();
    let mut misses = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (cache, seen) = (cache.clone(), seen.clone());
        misses.spawn(async move { cache.after_miss(seen.as_ref()).await.unwrap().len() });
    }
    assert!(misses.join_all().await.into_iter().all(|keys| keys == 2));
    assert_eq!(provider.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn neither_an_outage_nor_an_empty_set_takes_keys_away() {
    for answer in [None, Some(0)] {
        let provider = Provider::with(Some(1));
        let cache = started(&provider).await;
        provider.has(answer);
        tokio::time::sleep(Duration::from_hours(23)).await;
        assert_eq!(cache.current().unwrap().len(), 1);
        assert!(provider.asked() > 100, "it goes on asking");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_day_without_the_identity_provider_there_are_no_keys_until_it_is_back() {
    let provider = Provider::with(Some(1));
    let cache = started(&provider).await;
    provider.has(None);
    tokio::time::sleep(Duration::from_hours(24)).await;
    assert!(cache.current().is_none());
    let unavailable = cache.after_miss(None).await.unwrap_err();
    assert!(matches!(unavailable.last_error.as_deref(), Some(FetchError::TimedOut)));
    provider.has(Some(1));
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(cache.current().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_set_is_refreshed_by_its_max_age_within_a_minute_and_an_hour() {
    for (max_age, within) in [(0, 60..=121), (1_800, 1_800..=1_860), (1_000_000, 3_600..=3_660)] {
        let provider = Provider::with(Some(1));
        provider.0.lock().unwrap().max_age = Some(Duration::from_secs(max_age));
        let cache = started(&provider).await;
        let begun = Instant::now();
        while provider.asked() < 2 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert!(within.contains(&begun.elapsed().as_secs()), "{max_age}: {:?}", begun.elapsed());
        drop(cache);
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_does_not_replace_what_was_pushed_meanwhile() {
    let provider = Provider::with(Some(1));
    let cache = started(&provider).await;
    provider.open(false);
    tokio::time::advance(Duration::from_secs(31)).await;
    let seen = cache.current();
    let miss = tokio::spawn({
        let (cache, seen) = (cache.clone(), seen.clone());
        async move { cache.after_miss(seen.as_ref()).await.unwrap().len() }
    });
    while provider.asked() < 2 {
        tokio::task::yield_now().await;
    }
    cache.push(key_set(3));
    assert_eq!(cache.current().unwrap().len(), 3, "in effect at once");
    provider.open(true);
    assert_eq!(miss.await.unwrap(), 3);
    cache.push(key_set(0));
    assert_eq!(cache.current().unwrap().len(), 3, "a set without keys changes nothing");
}

#[tokio::test(start_paused = true)]
async fn a_fetch_outlives_the_caller_who_started_it() {
    let provider = Provider::with(Some(1));
    provider.open(false);
    let cache = provider.start();
    let missed = tokio::time::timeout(Duration::from_secs(1), cache.after_miss(None)).await;
    assert!(missed.is_err(), "the caller gave up");
    provider.open(true);
    assert_eq!(cache.after_miss(None).await.unwrap().len(), 1);
    assert_eq!(provider.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_last_handle_stops_the_background_refresh() {
    let provider = Provider::with(Some(1));
    let cache = started(&provider).await;
    drop(cache.clone());
    tokio::time::sleep(Duration::from_hours(1)).await;
    let asked = provider.asked();
    assert!(asked > 5);
    drop(cache);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(provider.asked(), asked);
}
