//! Files that are read again when they change: looked at once a second, and whenever somebody asks for it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Files and what they were when they were last looked at.
#[derive(Debug)]
pub(crate) struct Watched {
    files: Vec<PathBuf>,
    seen: Vec<Stamp>,
}

/// When a file was written and how long it is. `None`: it is not there.
type Stamp = Option<(SystemTime, u64)>;

impl Watched {
    /// Looks at the files. To be called before they are read for the first time, so that no change is missed.
    pub(crate) fn new(files: &[PathBuf]) -> Self {
        Self { files: files.to_vec(), seen: stamps(files) }
    }

    /// Which files they are.
    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Calls `reread` after each change, and each time that `asked` comes back. Never ends.
    pub(crate) async fn follow<A>(mut self, mut asked: impl FnMut() -> A, mut reread: impl FnMut())
    where
        A: Future<Output = ()>,
    {
        loop {
            let forced = tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => false,
                () = asked() => true,
            };
            if self.has_changed() || forced {
                reread();
            }
        }
    }

    fn has_changed(&mut self) -> bool {
        let now = stamps(&self.files);
        let changed = now != self.seen;
        self.seen = now;
        changed
    }
}

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    let stamp = |file: &PathBuf| {
        let metadata = file.metadata().ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    files.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::pin::pin;
    use tokio::sync::{Notify, mpsc};

    #[tokio::test(start_paused = true)]
    async fn a_file_is_read_again_when_it_changes_and_when_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let files = [folder.path().join("a"), folder.path().join("b")];
        fs::write(&files[0], "1").unwrap();
        let ask = Notify::new();
        let (read, mut reads) = mpsc::unbounded_channel();
        let mut following =
            pin!(Watched::new(&files).follow(|| ask.notified(), move || read.send(()).unwrap()));
        let mut reads_within = async |span| {
            let _ = tokio::time::timeout(span, following.as_mut()).await;
            std::iter::from_fn(|| reads.try_recv().ok()).count()
        };
        let while_ = Duration::from_secs(10);
        assert_eq!(reads_within(while_).await, 0, "nothing has changed");
        fs::write(&files[0], "12").unwrap();
        assert_eq!(reads_within(while_).await, 1);
        fs::write(&files[1], "new").unwrap();
        assert_eq!(reads_within(while_).await, 1, "a file that appears");
        fs::remove_file(&files[0]).unwrap();
        assert_eq!(reads_within(while_).await, 1, "a file that is gone");
        ask.notify_one();
        assert_eq!(reads_within(while_).await, 1, "asked for");
    }
}
