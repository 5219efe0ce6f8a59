//! Where RSA signatures are made: a few threads of their own behind a short queue in which clients take turns. An RSA
//! signature takes 0.65 ms of a core, and a thread that serves connections must not stand still for that long. When the
//! queue is longer than can be worked off soon the answer is "soon" at once, and not a long wait.

mod queue;

use super::SigningKey;
use einlass_protocol::ids::ClientId;
use einlass_protocol::jose::Algorithm;
use einlass_protocol::time::Clock;
use queue::{Owner, Queue};
use rustix::process::setpriority_process;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long a signature may have to wait.
const LONGEST_WAIT: Duration = Duration::from_millis(50);
/// How long all that one client asks for at once may keep the threads. Others wait for one signature of it at most; this
/// bounds what it takes up of the whole queue.
const LONGEST_OF_ONE: Duration = Duration::from_millis(5);
/// How long one takes until it has been seen how long it takes.
const USUAL: Duration = Duration::from_micros(650);
/// The share of the newest one in the average.
const WEIGHT: u32 = 16;
/// How many may wait for each thread however quick it is: what bounds memory.
const MOST_WAITING_PER_THREAD: u32 = 1_024;

/// How old the first of several tokens may be before they are handed over together, looked at after each signature, while
/// there is more to do.
const TOGETHER: Duration = Duration::from_millis(1);

/// How far the threads stand back for those that serve connections, whose work is a hundredth of a signature's: so that
/// calls and refusals do not wait for signatures.
const NICENESS: i32 = 10;

/// More signatures are asked for than can be made: try again in a second.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("more signatures are asked for than can be made")]
pub struct Busy;

struct Job {
    key: Arc<SigningKey>,
    typ: &'static str,
    claims: String,
    done: Waiting,
}

/// Who waits for a token.
type Waiting = oneshot::Sender<String>;

/// How much there is to do.
struct Load {
    threads: u32,
    /// Jobs that wait, and those that are being worked at.
    jobs: AtomicU32,
    /// How long a signature takes, in nanoseconds, on the average of the last ones.
    takes: AtomicU64,
    refused: AtomicU64,
}

impl Load {
    fn of(threads: u32) -> Arc<Self> {
        let takes = AtomicU64::new(nanos(USUAL));
        Arc::new(Self { threads, jobs: AtomicU32::new(0), takes, refused: AtomicU64::new(0) })
    }

    /// Takes up one more job, unless those before it would take too long.
    fn begin(&self) -> Result<(), Busy> {
        let before = self.jobs.fetch_add(1, Ordering::Relaxed);
        let wait = u64::from(before) * self.takes.load(Ordering::Relaxed) / u64::from(self.threads);
        let is_idle = before < self.threads;
        let is_short = before < self.threads * MOST_WAITING_PER_THREAD && wait <= nanos(LONGEST_WAIT);
        if is_idle || is_short {
            return Ok(());
        }
        self.end();
        Err(self.refuse())
    }

    /// How many jobs of one client may wait: its share of the time, and at least one for each thread.
    fn most_of_one(&self) -> usize {
        let takes = self.takes.load(Ordering::Relaxed).max(1);
        let fitting = nanos(LONGEST_OF_ONE) * u64::from(self.threads) / takes;
        usize::try_from(fitting.max(self.threads.into())).unwrap_or(usize::MAX)
    }

    fn refuse(&self) -> Busy {
        self.refused.fetch_add(1, Ordering::Relaxed);
        Busy
    }

    fn end(&self) {
        self.jobs.fetch_sub(1, Ordering::Relaxed);
    }

    fn took(&self, time: Duration) {
        let (weight, before) = (u64::from(WEIGHT), self.takes.load(Ordering::Relaxed));
        self.takes.store((before * (weight - 1) + nanos(time)) / weight, Ordering::Relaxed);
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// The signing threads. They end when the pool is dropped.
pub struct SigningPool {
    queue: Arc<Queue>,
    load: Arc<Load>,
}

impl Drop for SigningPool {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl SigningPool {
    /// One thread for each core.
    #[must_use]
    pub fn start(clock: &Arc<dyn Clock>) -> Self {
        let cores = thread::available_parallelism().map_or(2, NonZero::get);
        let load = Load::of(u32::try_from(cores).unwrap_or(u32::MAX / MOST_WAITING_PER_THREAD));
        let queue = Arc::new(Queue::default());
        for _ in 0..cores {
            let (queue, load, clock) = (Arc::clone(&queue), Arc::clone(&load), Arc::clone(clock));
            thread::spawn(move || work(&queue, &load, &*clock));
        }
        Self { queue, load }
    }

    /// Signs a token for a client, or one of the platform's own. Ed25519 is so quick that it is done on the spot.
    ///
    /// # Errors
    /// [`Busy`] when it would have to wait for more than 50 ms, or what its client asked for already takes more than 5.
    pub async fn sign(
        &self,
        owner: Option<&ClientId>,
        key: Arc<SigningKey>,
        typ: &'static str,
        claims: String,
    ) -> Result<String, Busy> {
        if key.algorithm() == Algorithm::EdDsa {
            return key.sign(typ, &claims).map_err(|_| Busy);
        }
        let (done, signed) = oneshot::channel();
        let owner: Owner = owner.cloned();
        let most = if owner.is_some() { self.load.most_of_one() } else { usize::MAX };
        self.load.begin()?;
        if self.queue.put(&owner, most, Job { key, typ, claims, done }).is_err() {
            self.load.end();
            return Err(self.load.refuse());
        }
        signed.await.map_err(|_| Busy)
    }

    /// Whether somebody who is about to use something up for two signatures would get them, with room to spare: a code that is
    /// spent for nothing cannot be spent again.
    ///
    /// # Errors
    /// [`Busy`] when half of what may wait is taken.
    pub fn expect_room(&self) -> Result<(), Busy> {
        let waits =
            u64::from(self.jobs()) * self.load.takes.load(Ordering::Relaxed) / u64::from(self.load.threads);
        if self.jobs() > self.load.threads && waits > nanos(LONGEST_WAIT) / 2 {
            return Err(self.load.refuse());
        }
        Ok(())
    }

    /// How many signatures wait or are being made.
    #[must_use]
    pub fn jobs(&self) -> u32 {
        self.load.jobs.load(Ordering::Relaxed)
    }

    /// How many were refused since the start.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.load.refused.load(Ordering::Relaxed)
    }
}

fn work(queue: &Queue, load: &Load, clock: &dyn Clock) {
    // Linux keeps this for each thread (setpriority(2)); without it everything works, less smoothly.
    let _ = setpriority_process(None, NICENESS);
    let mut made = Made { since: clock.monotonic(), tokens: Vec::new() };
    loop {
        let next = queue.next().or_else(|| {
            made.hand_over();
            queue.wait()
        });
        let Some(job) = next else { return };
        made.push(make(job, load, clock), clock.monotonic());
        load.end();
    }
}

/// The token, and who waits for it.
fn make(Job { key, typ, claims, done }: Job, load: &Load, clock: &dyn Clock) -> Option<(Waiting, String)> {
    // A caller who went away needs no signature.
    if done.is_closed() {
        return None;
    }
    let began = clock.monotonic();
    let signed = key.sign(typ, &claims);
    load.took(clock.monotonic().saturating_sub(began));
    Some((done, signed.ok()?))
}

/// Tokens that were not handed over yet. To wake whoever waits takes this thread's core away from it, so while there is
/// more to do that is done for several at once.
struct Made {
    /// When the last ones were handed over.
    since: Duration,
    tokens: Vec<(Waiting, String)>,
}

impl Made {
    fn push(&mut self, made: Option<(Waiting, String)>, now: Duration) {
        self.tokens.extend(made);
        if now.saturating_sub(self.since) >= TOGETHER {
            self.hand_over();
            self.since = now;
        }
    }

    fn hand_over(&mut self) {
        for (waiting, token) in self.tokens.drain(..) {
            // The caller may have gone away meanwhile.
            let _ = waiting.send(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;

    /// How many signatures two threads take up of a thousand when each takes so long.
    fn admitted(takes: Duration) -> usize {
        let load = Load::of(2);
        load.takes.store(nanos(takes), Ordering::Relaxed);
        (0..1_000).filter(|_| load.begin().is_ok()).count()
    }

    #[test]
    fn the_queue_is_as_long_as_can_be_worked_off_in_fifty_milliseconds() {
        assert_eq!(admitted(Duration::from_millis(1)), 101);
        assert_eq!(admitted(Duration::from_millis(5)), 21);
        // However slow it is, nobody is idle while somebody waits.
        assert_eq!(admitted(Duration::from_secs(1)), 2);
    }

    #[test]
    fn how_long_a_signature_takes_is_learned() {
        let load = Load::of(1);
        for _ in 0..200 {
            load.took(Duration::from_millis(10));
        }
        let learned = Duration::from_nanos(load.takes.load(Ordering::Relaxed));
        assert!((Duration::from_millis(9)..=Duration::from_millis(10)).contains(&learned), "{learned:?}");
    }

    #[tokio::test]
    async fn a_long_queue_answers_busy_at_once_and_eddsa_does_not_queue() {
        let load = Load::of(1);
        load.takes.store(nanos(Duration::from_secs(1)), Ordering::Relaxed);
        let pool = SigningPool { queue: Arc::default(), load };
        let rsa = Arc::new(SigningKey::generate(Algorithm::Rs256).unwrap());
        // Nobody works here: the first waits, and must not make the second wait.
        let mut first = Box::pin(pool.sign(None, Arc::clone(&rsa), "t", String::new()));
        assert!(std::future::poll_fn(|context| Poll::Ready(first.as_mut().poll(context))).await.is_pending());
        assert_eq!(pool.sign(None, rsa, "t", String::new()).await, Err(Busy));
        assert_eq!((pool.jobs(), pool.refused()), (1, 1));
        let ed25519 = Arc::new(SigningKey::generate(Algorithm::EdDsa).unwrap());
        assert!(pool.sign(None, ed25519, "t", String::new()).await.is_ok());
    }

    #[test]
    fn what_one_client_asks_for_leaves_room_for_others() {
        let load = Load::of(2);
        // At 650 us each on two threads, 5 ms are worked at by 15 of them.
        assert_eq!(load.most_of_one(), 15);
        load.takes.store(nanos(Duration::from_secs(1)), Ordering::Relaxed);
        assert_eq!(load.most_of_one(), 2);
    }
}
