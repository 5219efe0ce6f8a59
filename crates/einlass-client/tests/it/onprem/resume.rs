//! Whatever ends a registration, the next one goes on from there.

use super::erp::{Erp, KEY};
use super::{content, keep_in, manifest, registrar};
use einlass_client::onprem::{KeepError, RegisterError, Site};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tempfile::TempDir;

/// Polls a future this often and lets everybody else go on before it is dropped, so that answers to it are on their way.
/// Gives what it came to, if it did.
async fn polled<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = times;
    let finished = poll_fn(|context| {
        let Some(fewer) = left.checked_sub(1) else { return Poll::Ready(None) };
        left = fewer;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // The last poll is not followed by a wait.
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    if let Some(output) = finished.await {
        return Some(output);
    }
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    None
}

#[tokio::test]
async fn whoever_goes_away_at_any_point_finds_the_key_later() {
    let mut crashes = 0;
    for times in 0.. {
        let (erp, folder) = (Erp::default(), tempfile::tempdir().unwrap());
        let (registrar, keep) = (registrar(&erp.start().await).0, keep_in(&folder));
        let finished = polled(times, registrar.register(&manifest(), &keep, drop)).await.is_some();
        keep.settled().await;
        let had_key = content(&folder).contains(KEY);
        let before = erp.memory().requests;
        // Another handle, as another process would have.
        let registered = registrar.register(&manifest(), &keep_in(&folder), drop).await.unwrap();
        let memory = erp.memory();
        assert_eq!(registered.api_key.expose(), KEY, "{times}");
        assert_eq!((memory.taken, memory.handed_out, memory.challenges.len()), (1, 1, 1), "{times}");
        assert_eq!(memory.requests == before, had_key, "a key that is kept is not asked for: {times}");
        if finished {
            break;
        }
        crashes += 1;
    }
    assert!(crashes >= 5, "fewer points than there are requests");
}

/// A process: a runtime that ends with all its tasks, however far they are.
fn killed(times: usize, site: &Site, folder: &TempDir) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let registration = async {
        let keep = keep_in(folder);
        polled(times, registrar(site).0.register(&manifest(), &keep, drop)).await.is_some()
    };
    runtime.block_on(registration)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_kill_at_any_point_costs_no_second_code_and_no_key_that_was_kept() {
    for times in 0.. {
        let (erp, folder) = (Erp::default(), tempfile::tempdir().unwrap());
        let site = erp.start().await;
        let (killed_at, finished, folder) = {
            let site = site.clone();
            let work = move || (times, killed(times, &site, &folder), folder);
            tokio::task::spawn_blocking(work).await.unwrap()
        };
        let had_key = content(&folder).contains(KEY);
        let outcome = registrar(&site).0.register(&manifest(), &keep_in(&folder), drop).await;
        let memory = erp.memory();
        assert!(memory.challenges.len() <= 1 && memory.taken <= 1, "{killed_at}");
        match outcome {
            Ok(registered) => assert_eq!(registered.api_key.expose(), KEY, "{killed_at}"),
            // An answer died with the process: what is left is an error that says whom to ask.
            Err(RegisterError::AlreadyRegistered) => assert!(!had_key && memory.taken == 1, "{killed_at}"),
            Err(RegisterError::AlreadyRead) => assert!(!had_key && memory.handed_out == 1, "{killed_at}"),
            Err(other) => panic!("{killed_at}: {other}"),
        }
        if finished {
            assert!(had_key && killed_at >= 5, "{killed_at}");
            break;
        }
    }
}

#[tokio::test]
async fn two_at_one_file_do_not_register_twice() {
    let (erp, folder) = (Erp::default(), tempfile::tempdir().unwrap());
    let (registrar, keep) = (registrar(&erp.start().await).0, keep_in(&folder));
    let (manifest, clone) = (manifest(), keep.clone());
    // A clone waits for its turn, and finds the key.
    let (one, other) =
        tokio::join!(registrar.register(&manifest, &keep, drop), registrar.register(&manifest, &clone, drop));
    assert_eq!((one.unwrap().api_key.expose(), other.unwrap().api_key.expose()), (KEY, KEY));
    assert_eq!(erp.memory().taken, 1);

    let lock = std::fs::File::open(folder.path().join("registration.json.lock")).unwrap();
    lock.lock().unwrap();
    let in_use = registrar.register(&manifest, &keep, drop).await.unwrap_err();
    assert!(matches!(in_use, RegisterError::Keep(KeepError::InUse(_))), "{in_use}");
}
