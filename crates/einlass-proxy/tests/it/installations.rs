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
