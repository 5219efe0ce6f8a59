//! When to end.

use crate::log;
use std::process;

/// Waits for an interrupt or a request to terminate. From the call on, and not only from when it is waited for, these
/// do not end the process by themselves (on Unix): whoever was answered once may count on an orderly end. After the first one a
/// second ends the process at once.
pub(crate) fn end() -> impl Future<Output = ()> {
    let mut asked = Asked::from_now_on();
    async move {
        asked.wait().await;
        tracing::info!(target: "einlass::signals", "finishing what has begun; once more to stop at once");
        tokio::spawn(async move {
            asked.wait().await;
            log::flush();
            process::exit(130);
        });
    }
}

/// What asks a process to end. What cannot be listened to ends it as it always does.
#[cfg(unix)]
struct Asked([Option<tokio::signal::unix::Signal>; 2]);

#[cfg(unix)]
impl Asked {
    fn from_now_on() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self([SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok()))
    }

    async fn wait(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            () = one(interrupt) => {}
            () = one(terminate) => {}
        }
    }
}

#[cfg(unix)]
async fn one(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => _ = signal.recv().await,
        None => std::future::pending().await,
    }
}

#[cfg(not(unix))]
struct Asked;

#[cfg(not(unix))]
impl Asked {
    fn from_now_on() -> Self {
        Self
    }

    async fn wait(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
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
