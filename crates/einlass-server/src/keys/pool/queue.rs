//! Jobs in turn: each client has a line of its own, and the lines are served one job at a time, round after round. So
//! nobody waits for more than one job of each other client, however many that one has.

use super::Job;
use einlass_protocol::ids::ClientId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Whose a job is; `None`: the platform's own.
pub(super) type Owner = Option<ClientId>;

/// What waits to be signed.
#[derive(Default)]
pub(super) struct Queue {
    lines: Mutex<Lines>,
    wake: Condvar,
}

#[derive(Default)]
struct Lines {
    /// Whose turn it is, and who is next. Each owner with a line is in it once.
    turns: VecDeque<Owner>,
    /// None of them is empty.
    of_each: HashMap<Owner, VecDeque<Job>>,
    /// How many wait for a job. To wake somebody is dear, and nobody need be woken who is at work.
    idle: usize,
    is_closed: bool,
}

impl Lines {
    fn next(&mut self) -> Option<Job> {
        let owner = self.turns.pop_front()?;
        let line = self.of_each.get_mut(&owner)?;
        let job = line.pop_front();
        if line.is_empty() {
            self.of_each.remove(&owner);
        } else {
            self.turns.push_back(owner);
        }
        job
    }
}

impl Queue {
    /// Puts a job at the end of its owner's line, unless that has `most` already: then gives it back.
    pub(super) fn put(&self, owner: &Owner, most: usize, job: Job) -> Result<(), Job> {
        let mut lines = self.lines();
        if let Some(line) = lines.of_each.get_mut(owner) {
            if line.len() >= most {
                return Err(job);
            }
            line.push_back(job);
        } else {
            lines.turns.push_back(owner.clone());
            lines.of_each.insert(owner.clone(), VecDeque::from([job]));
        }
        let is_awaited = lines.idle > 0;
        drop(lines);
        if is_awaited {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// The next job, if there is one.
    pub(super) fn next(&self) -> Option<Job> {
        self.lines().next()
    }

    /// The next job, as soon as there is one; `None` when the queue is closed.
    pub(super) fn wait(&self) -> Option<Job> {
        let waiting = |lines: &mut Lines| lines.turns.is_empty() && !lines.is_closed;
        let mut lines = self.lines();
        if waiting(&mut lines) {
            lines.idle += 1;
            lines = self.wake.wait_while(lines, waiting).unwrap_or_else(PoisonError::into_inner);
            lines.idle -= 1;
        }
        if lines.is_closed { None } else { lines.next() }
    }

    /// Whoever takes or waits gets nothing any more. What is in it is dropped.
    pub(super) fn close(&self) {
        let mut lines = self.lines();
        *lines = Lines { is_closed: true, idle: lines.idle, ..Lines::default() };
        self.wake.notify_all();
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;
    use einlass_protocol::jose::Algorithm;
    use std::sync::Arc;
    use tokio::sync::oneshot;

    #[test]
    fn whoever_has_many_jobs_waits_for_itself_and_others_do_not() {
        let (queue, key) = (Queue::default(), Arc::new(SigningKey::generate(Algorithm::EdDsa).unwrap()));
        let put = |owner: &str, claims: &str| {
            let (done, _) = oneshot::channel();
            let job = Job { key: Arc::clone(&key), typ: "t", claims: claims.into(), done };
            queue.put(&Some(owner.parse().unwrap()), 3, job).is_ok()
        };
        for claims in ["a1", "a2", "a3"] {
            assert!(put("a", claims));
        }
        assert!(!put("a", "a4"), "its line is full");
        assert!(put("b", "b1") && put("c", "c1") && put("b", "b2"));
        let order: Vec<_> = (0..6).map(|_| queue.wait().unwrap().claims).collect();
        assert_eq!(order, ["a1", "b1", "c1", "a2", "b2", "a3"]);
        assert!(put("a", "a5"));
        queue.close();
        assert!(queue.wait().is_none(), "what is closed gives nothing");
    }
}
