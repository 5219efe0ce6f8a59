//! Where RSA signatures are made: a few threads of their own behind a short queue. An RSA signature takes
//! 0.65 ms of a core, and a thread that serves connections must not stand still for that long. When the
//! queue is full the answer is "soon" at once, and not a long wait.

use super::SigningKey;
use einlass_protocol::jose::Algorithm;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use tokio::sync::oneshot;

/// How many signatures may wait for each thread: some 40 ms of work.
const WAITING_PER_THREAD: usize = 64;

/// More signatures are asked for than can be made: try again in a second.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("more signatures are asked for than can be made")]
pub struct Busy;

struct Job {
    key: Arc<SigningKey>,
    typ: &'static str,
    claims: String,
    done: oneshot::Sender<String>,
}

/// The signing threads. They end when the pool is dropped.
pub struct SigningPool {
    queue: SyncSender<Job>,
}

impl SigningPool {
    /// One thread for each core.
    #[must_use]
    pub fn start() -> Self {
        let threads = thread::available_parallelism().map_or(2, NonZero::get);
        let (queue, jobs) = sync_channel(threads * WAITING_PER_THREAD);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let jobs = Arc::clone(&jobs);
            thread::spawn(move || work(&jobs));
        }
        Self { queue }
    }

    /// Signs a token. Ed25519 is so quick that it is done on the spot.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full.
    pub async fn sign(
        &self,
        key: Arc<SigningKey>,
        typ: &'static str,
        claims: String,
    ) -> Result<String, Busy> {
        if key.algorithm() == Algorithm::EdDsa {
            return key.sign(typ, &claims).map_err(|_| Busy);
        }
        let (done, signed) = oneshot::channel();
        match self.queue.try_send(Job { key, typ, claims, done }) {
            Ok(()) => signed.await.map_err(|_| Busy),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(Busy),
        }
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { key, typ, claims, done }) = job else {
            return;
        };
        // A caller who went away needs no signature.
        if done.is_closed() {
            continue;
        }
        if let Ok(token) = key.sign(typ, &claims) {
            // The caller may have gone away meanwhile.
            let _ = done.send(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_answers_busy_at_once_and_eddsa_does_not_queue() {
        let (queue, _waiting) = sync_channel(1);
        let pool = SigningPool { queue };
        let rsa = Arc::new(SigningKey::generate(Algorithm::Rs256).unwrap());
        // Nobody works here: the first waits, and must not make the second wait.
        let mut first = Box::pin(pool.sign(Arc::clone(&rsa), "t", String::new()));
        assert!(
            std::future::poll_fn(|context| std::task::Poll::Ready(first.as_mut().poll(context)))
                .await
                .is_pending()
        );
        assert_eq!(pool.sign(rsa, "t", String::new()).await, Err(Busy));
        let ed25519 = Arc::new(SigningKey::generate(Algorithm::EdDsa).unwrap());
        assert!(pool.sign(ed25519, "t", String::new()).await.is_ok());
    }
}
