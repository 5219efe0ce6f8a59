//! When to end.

use crate::output;
use std::process;

/// Waits for an interrupt or a request to terminate. From then on a second one ends the process at once.
pub(crate) async fn end() {
    wait().await;
    output::remark("finishing what has begun; once more to stop at once");
    tokio::spawn(async {
        wait().await;
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
