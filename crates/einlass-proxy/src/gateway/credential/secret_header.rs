//! A header with a secret from a file, which is read again when it changes.

use arc_swap::ArcSwap;
use http::header::{HeaderName, HeaderValue};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// How often the file's time is looked at, while requests come.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A header with a secret that the upstream shares with us.
#[derive(Debug)]
pub struct SecretHeader {
    name: HeaderName,
    file: PathBuf,
    current: ArcSwap<Secret>,
    /// When to look at the file again: milliseconds of the monotonic clock.
    look_at: AtomicU64,
}

#[derive(Debug)]
struct Secret {
    /// Marked as sensitive, so that it is not printed.
    value: HeaderValue,
    /// When the file was written.
    written: SystemTime,
}

impl SecretHeader {
    /// Reads the secret: the file's content without white space around it. Fails with the file's name.
    pub fn open(name: HeaderName, file: PathBuf) -> io::Result<Self> {
        let secret = read(&file)?;
        Ok(Self { name, file, current: ArcSwap::from_pointee(secret), look_at: AtomicU64::new(0) })
    }

    pub(super) fn field(&self, now: Duration) -> (HeaderName, HeaderValue) {
        if self.is_time_to_look(now) {
            self.look();
        }
        (self.name.clone(), self.current.load().value.clone())
    }

    /// True for one caller in each second.
    fn is_time_to_look(&self, now: Duration) -> bool {
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let due = self.look_at.load(Ordering::Relaxed);
        let next = millis(now.saturating_add(LOOK_EVERY));
        millis(now) >= due
            && self.look_at.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// While the file cannot be used the secret before stays.
    fn look(&self) {
        if written(&self.file).is_ok_and(|written| written == self.current.load().written) {
            return;
        }
        match read(&self.file) {
            Ok(secret) => self.current.store(Arc::new(secret)),
            Err(fault) => {
                tracing::error!(target: "einlass::gateway", %fault, "upstream secret not read again");
            }
        }
    }
}

fn read(file: &Path) -> io::Result<Secret> {
    let named = |fault: io::Error| io::Error::new(fault.kind(), format!("{}: {fault}", file.display()));
    // Before the content: a change between the two is then noticed at the next look.
    let written = written(file).map_err(named)?;
    let content = fs::read_to_string(file).map_err(named)?;
    let mut value =
        HeaderValue::from_str(content.trim()).ok().filter(|value| !value.is_empty()).ok_or_else(|| {
            named(io::Error::new(io::ErrorKind::InvalidData, "no secret that fits into a header"))
        })?;
    value.set_sensitive(true);
    Ok(Secret { value, written })
}

fn written(file: &Path) -> io::Result<SystemTime> {
    file.metadata()?.modified()
}
