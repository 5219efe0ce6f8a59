//! The memory of installations: what it saves, how long it counts, and that what is invalidated is gone.

use crate::kit::{APP, Empty as _, FakeDirectory, Gate, StillClock, TENANT, call, granted};
use einlass_protocol::ids::{AppId, TenantId};
use einlass_proxy::gateway::{CacheSettings, Directory, DirectoryUnavailable, Installation, Installations};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;

fn ids() -> (AppId, TenantId) {
    (APP.parse().unwrap(), TENANT.parse().unwrap())
}

#[tokio::test]
async fn an_answer_counts_for_its_time_and_no_longer() {
    let (directory, clock) = (FakeDirectory::default(), Arc::new(StillClock::default()));
    let settings = CacheSettings { remember: Duration::from_secs(30), ..CacheSettings::default() };
    let installations = Installations::new(directory.clone(), clock.clone(), settings);
    let (app, tenant) = ids();
    assert!(installations.get(app, tenant).await.unwrap().is_none());
    directory.install("a.b");
    clock.advance(Duration::from_secs(29));
    assert!(installations.get(app, tenant).await.unwrap().is_none(), "`not installed` is remembered too");
    assert_eq!(directory.asked(), 1);
    clock.advance(Duration::from_secs(1));
    assert!(installations.get(app, tenant).await.unwrap().is_some());
    assert_eq!(directory.asked(), 2);
}

#[tokio::test]
async fn an_invalidation_counts_from_the_next_call_on() {
    let (gate, upstream) = Gate::and_upstream().await;
    let (app, tenant) = ids();
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    gate.directory.remove();
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200, "remembered");
    gate.invalidations.installation(app, tenant);
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 403);
    gate.directory.install("items.read");
    gate.invalidations.everything();
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    assert_eq!((upstream.calls(), gate.directory.asked()), (3, 3));
    gate.clock.advance(Duration::from_secs(31));
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200);
    assert_eq!(gate.directory.asked(), 4);
}

/// Answers each look-up when the test says so.
#[derive(Clone, Default)]
struct SlowDirectory(Arc<Mutex<Vec<oneshot::Sender<Option<Installation>>>>>);

impl Directory for SlowDirectory {
    async fn installation(
        &self,
        _: AppId,
        _: TenantId,
    ) -> Result<Option<Installation>, DirectoryUnavailable> {
        let (answer, answered) = oneshot::channel();
        self.0.lock().unwrap().push(answer);
        answered.await.map_err(|_| DirectoryUnavailable)
    }
}

#[tokio::test]
async fn a_look_up_that_an_invalidation_overtook_is_not_remembered() {
    let directory = SlowDirectory::default();
    let clock = Arc::new(StillClock::default());
    let installations = Installations::new(directory.clone(), clock, CacheSettings::default());
    let (app, tenant) = ids();
    let answer = |installation| directory.0.lock().unwrap().remove(0).send(installation).unwrap();

    let early = async {
        let (found, ()) = tokio::join!(installations.get(app, tenant), async {
            installations.invalidations().installation(app, tenant);
            answer(Some(granted("a.b")));
        });
        found.unwrap()
    };
    assert!(early.await.is_some(), "who asked before the change may see what was before it");
    let (late, ()) = tokio::join!(installations.get(app, tenant), async { answer(None) });
    assert!(late.unwrap().is_none(), "who asks after it may not");
    assert!(installations.get(app, tenant).await.unwrap().is_none(), "and this answer is remembered");
}

impl SlowDirectory {
    fn asked(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn answer(&self, scopes: &str) {
        self.0.lock().unwrap().remove(0).send(Some(granted(scopes))).unwrap();
    }

    /// Does not answer the question that was asked first.
    fn fail(&self) {
        drop(self.0.lock().unwrap().remove(0));
    }
}

fn slow() -> (SlowDirectory, Arc<Installations<SlowDirectory>>) {
    let directory = SlowDirectory::default();
    let clock = Arc::new(StillClock::default());
    let installations = Installations::new(directory.clone(), clock, CacheSettings::default());
    (directory, Arc::new(installations))
}

type Found = Result<Option<String>, DirectoryUnavailable>;

/// A look-up as a task, which has begun.
async fn begun(installations: &Arc<Installations<SlowDirectory>>) -> tokio::task::JoinHandle<Found> {
    let installations = Arc::clone(installations);
    let (app, tenant) = ids();
    let task = tokio::spawn(async move {
        let found = installations.get(app, tenant).await?;
        Ok(found.map(|found| found.granted.to_string()))
    });
    // On this runtime tasks run in their order: the look-up now waits for its answer.
    tokio::task::yield_now().await;
    task
}

#[tokio::test]
async fn equal_look_ups_are_one_question() {
    let (directory, installations) = slow();
    let mut tasks = Vec::new();
    for _ in 0..10 {
        tasks.push(begun(&installations).await);
    }
    assert_eq!(directory.asked(), 1);
    directory.answer("a.b");
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().as_deref(), Some("a.b"));
    }
}

#[tokio::test]
async fn a_failure_is_told_to_all_who_wait_and_not_remembered() {
    let (directory, installations) = slow();
    let (first, second) = (begun(&installations).await, begun(&installations).await);
    directory.fail();
    assert!(first.await.unwrap().is_err() && second.await.unwrap().is_err());
    let third = begun(&installations).await;
    directory.answer("a.b");
    assert!(third.await.unwrap().is_ok());
}

#[tokio::test]
async fn who_waits_is_answered_although_who_asked_goes_away() {
    let (directory, installations) = slow();
    let (first, second) = (begun(&installations).await, begun(&installations).await);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    tokio::task::yield_now().await;
    // The question of the one who went away is still in the list, and nobody hears its answer.
    assert_eq!(directory.asked(), 2);
    directory.fail();
    directory.answer("a.b");
    assert_eq!(second.await.unwrap().unwrap().as_deref(), Some("a.b"));
}

#[tokio::test]
async fn who_asks_after_a_change_does_not_wait_for_an_answer_from_before_it() {
    let (directory, installations) = slow();
    let (app, tenant) = ids();
    let early = begun(&installations).await;
    installations.invalidations().installation(app, tenant);
    let late = begun(&installations).await;
    let later = begun(&installations).await;
    assert_eq!(directory.asked(), 2);
    directory.answer("old.scope");
    assert_eq!(early.await.unwrap().unwrap().as_deref(), Some("old.scope"));
    let latest = begun(&installations).await;
    assert_eq!(directory.asked(), 1, "the newer question is still the one to wait for");
    directory.answer("new.scope");
    for task in [late, later, latest] {
        assert_eq!(task.await.unwrap().unwrap().as_deref(), Some("new.scope"));
    }
}
