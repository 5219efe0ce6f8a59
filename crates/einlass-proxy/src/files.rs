//! What is made of files, and made again when they change: certificates are renewed while everything runs.

use arc_swap::ArcSwap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// How often the files' times are looked at, while somebody asks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A value that is made of files.
pub(crate) struct Reread<T> {
    files: Vec<PathBuf>,
    make: Box<dyn Fn() -> io::Result<T> + Send + Sync>,
    current: ArcSwap<T>,
    looked: Mutex<Looked>,
}

struct Looked {
    at: Instant,
    stamps: Vec<Stamp>,
}

/// When a file was written and how long it is. `None`: it is not there.
type Stamp = Option<(SystemTime, u64)>;

impl<T> Reread<T> {
    /// What `make` makes of the files. Fails when it does.
    pub(crate) fn open(
        files: Vec<PathBuf>,
        make: impl Fn() -> io::Result<T> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        // Before they are read: a change between the two is then noticed at the next look.
        let looked = Looked { at: Instant::now(), stamps: stamps(&files) };
        let current = ArcSwap::from_pointee(make()?);
        Ok(Self { files, make: Box::new(make), current, looked: Mutex::new(looked) })
    }

    /// What the files say. While they cannot be used it is what they said before.
    pub(crate) fn get(&self) -> Arc<T> {
        self.look();
        self.current.load_full()
    }

    fn look(&self) {
        // Who finds somebody else looking takes what there is.
        let Ok(mut looked) = self.looked.try_lock() else { return };
        if looked.at.elapsed() < LOOK_EVERY {
            return;
        }
        looked.at = Instant::now();
        let stamps = stamps(&self.files);
        if stamps == looked.stamps {
            return;
        }
        looked.stamps = stamps;
        match (self.make)() {
            Ok(made) => self.current.store(Arc::new(made)),
            Err(fault) => {
                tracing::error!(target: "einlass::files", %fault, "not usable; what was read before stays in use");
            }
        }
    }
}

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    let stamp = |file: &PathBuf| {
        let metadata = file.metadata().ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    files.iter().map(stamp).collect()
}

impl<T> fmt::Debug for Reread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reread").field(&self.files).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[tokio::test(start_paused = true)]
    async fn what_is_faulty_does_not_replace_what_works() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("number");
        fs::write(&file, "1").unwrap();
        let read = file.clone();
        let number = Reread::open(vec![file.clone()], move || {
            fs::read_to_string(&read)?.parse::<u32>().map_err(io::Error::other)
        })
        .unwrap();
        for (content, expected) in [("20", 20), ("none", 20), ("300", 300)] {
            fs::write(&file, content).unwrap();
            tokio::time::advance(LOOK_EVERY).await;
            assert_eq!(*number.get(), expected, "{content}");
        }
        fs::remove_file(&file).unwrap();
        tokio::time::advance(LOOK_EVERY).await;
        assert_eq!(*number.get(), 300, "gone");
    }
}
