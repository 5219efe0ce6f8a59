//! Lines on their way out. Whoever logs puts its line into a buffer and goes on; a thread of its own writes it, many
//! lines at once when many come. If they come faster than they can be written, lines are dropped and counted: a call
//! never waits for a disk or a pipe.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;

/// How much may wait to be written: some ten thousand lines.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How long lines gather after others were written. The first line after a pause is written at once.
const GATHER: Duration = Duration::from_millis(5);

/// Where lines are put; each `write` is one. Clones are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Something has come while the thread slept, or somebody waits for it.
    wake: Condvar,
    /// Something was written, and somebody waits for it.
    written: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    /// Lines that there was no room for.
    dropped: u64,
    is_asleep: bool,
    /// How often the buffer was taken away to be written, and how often that was done.
    taken: u64,
    written: u64,
    /// How many wait for what is in the buffer.
    hurried: usize,
}

impl Lines {
    /// Lines that are written to `out`, until the process ends. Fails when there is no thread to be had.
    pub(super) fn to(out: impl Write + Send + 'static) -> io::Result<Self> {
        let lines = Self::default();
        let shared = Arc::clone(&lines.0);
        thread::Builder::new().name("log".into()).spawn(move || shared.work(out))?;
        Ok(lines)
    }

    /// Waits until everything that was put here is written, or for `patience`: nobody may read it any more.
    pub(super) fn flush(&self, patience: Duration) {
        let Shared { wake, written, .. } = &*self.0;
        let mut state = self.0.lock();
        let due = state.taken + u64::from(!state.waiting.is_empty());
        state.hurried += 1;
        wake.notify_all();
        let waited = written.wait_timeout_while(state, patience, |state| state.written < due);
        waited.unwrap_or_else(PoisonError::into_inner).0.hurried -= 1;
    }

    fn put(&self, line: &[u8]) {
        let mut state = self.0.lock();
        if state.waiting.len() + line.len() > MOST_BYTES {
            state.dropped += 1;
            return;
        }
        state.waiting.extend_from_slice(line);
        if std::mem::take(&mut state.is_asleep) {
            drop(state);
            self.0.wake.notify_all();
        }
    }
}

impl Shared {
    fn work(&self, mut out: impl Write) {
        let mut batch = Vec::new();
        loop {
            let dropped = self.take(&mut batch);
            // Now, while there is room for it.
            if dropped > 0 {
                tracing::warn!(target: "einlass::log", lines = dropped, "lines came faster than they could be written");
            }
            // There is nobody to tell that it failed.
            let _ = out.write_all(&batch).and_then(|()| out.flush());
            batch.clear();
            self.lock().written += 1;
            self.written.notify_all();
            // Nobody wakes the thread from this but who waits.
            drop(self.wake.wait_timeout_while(self.lock(), GATHER, |state| state.hurried == 0));
        }
    }

    /// Everything that waits, once there is something, and how many lines were dropped.
    fn take(&self, batch: &mut Vec<u8>) -> u64 {
        let mut state = self.lock();
        state.is_asleep = state.waiting.is_empty();
        let asleep = self.wake.wait_while(state, |state| state.is_asleep);
        let mut state = asleep.unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut state.waiting, batch);
        state.taken += 1;
        std::mem::take(&mut state.dropped)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'l> MakeWriter<'l> for Lines {
    type Writer = &'l Self;

    fn make_writer(&'l self) -> &'l Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    const PATIENCE: Duration = Duration::from_secs(20);

    /// A pipe: a write waits until somebody takes what was written.
    struct Pipe(SyncSender<Vec<u8>>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn pipe() -> (Lines, Receiver<Vec<u8>>) {
        let (pipe, written) = sync_channel(0);
        (Lines::to(Pipe(pipe)).unwrap(), written)
    }

    #[test]
    fn a_line_is_written_although_nothing_follows_it() {
        let (lines, written) = pipe();
        for line in [&b"one\n"[..], b"two\n"] {
            lines.put(line);
            assert_eq!(written.recv_timeout(PATIENCE).unwrap(), line);
        }
    }

    #[test]
    fn who_logs_does_not_wait_and_what_is_too_much_is_dropped_and_said() {
        let (lines, written) = pipe();
        let said = tracing_subscriber::fmt().with_ansi(false).with_writer(lines.clone()).finish();
        let _ = tracing::subscriber::set_global_default(said);
        let line = [b'x'; 1024];
        let most = u64::try_from(MOST_BYTES / line.len()).unwrap();
        // The thread has a line that nobody reads, and this comes back all the same.
        lines.put(&line);
        while lines.0.lock().taken == 0 {
            thread::yield_now();
        }
        for _ in 0..3 * most {
            lines.put(&line);
        }
        let dropped = lines.0.lock().dropped;
        assert_eq!(dropped, 2 * most);
        let expected = format!("lines={dropped}");
        let mut read = String::new();
        while !read.contains(&expected) {
            read.push_str(&String::from_utf8(written.recv_timeout(PATIENCE).unwrap()).unwrap());
        }
        let kept = read.bytes().filter(|&byte| byte == b'x').count() / line.len();
        assert_eq!(u64::try_from(kept).unwrap() + dropped, 3 * most + 1);
    }

    #[test]
    fn what_was_put_is_written_when_a_flush_comes_back() {
        let (lines, written) = pipe();
        let reader = thread::spawn(move || {
            let mut read = Vec::new();
            while !read.ends_with(b"999\n") {
                read.extend(written.recv_timeout(PATIENCE).unwrap());
            }
            read
        });
        let mut expected = String::new();
        for number in 0..1_000 {
            let line = format!("{number}\n");
            lines.put(line.as_bytes());
            expected.push_str(&line);
        }
        lines.flush(PATIENCE);
        assert_eq!(lines.0.lock().waiting, b"");
        assert_eq!(String::from_utf8(reader.join().unwrap()).unwrap(), expected);
        // With nothing to write.
        lines.flush(PATIENCE);
    }

    #[test]
    fn a_flush_that_nobody_reads_ends() {
        let (lines, written) = pipe();
        lines.put(b"one\n");
        lines.flush(Duration::from_millis(1));
        assert_eq!(written.recv_timeout(PATIENCE).unwrap(), b"one\n");
    }
}
