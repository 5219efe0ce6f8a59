//! When to end.

use crate::log;
use std::process;

/// Waits for an interrupt or a request to terminate. From then on a second one ends the process at once.
pub(crate) async fn end() {
    wait().await;
    tracing::info!(target: "einlass::signals", "finishing what has begun; once more to stop at once");
    tokio::spawn(async {
        wait().await;
        log::flush();
        process::exit(130);
    });
}

#[cfg(unix)]
async fn wait() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupt().await;
    };
    tokio::select! {
        () = interrupt() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait() {
    interrupt().await;
}

async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals the process ends by being killed.
        std::future::pending::<()>().await;
    }
}

/// From here on a hang-up does not end the process, whether somebody waits for one or not.
#[cfg(unix)]
pub(crate) fn survive_hang_ups() {
    // What cannot be had is not worth a failure: the process then ends by a hang-up, as others do.
    let _ = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup());
}

#[cfg(not(unix))]
pub(crate) fn survive_hang_ups() {}

/// Waits for a hang-up: the operator wants files to be read again.
#[cfg(unix)]
pub(crate) async fn hang_up() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::hangup()) {
        Ok(mut hang_up) => _ = hang_up.recv().await,
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
pub(crate) async fn hang_up() {
    std::future::pending().await
}
