//! What of a registration must outlive the process: a file for its owner alone.
//!
//! A registration waits for a person, for days if need be, and its result can be read once. So each thing is in the file
//! before it is used: the challenge code before it is sent, the number of the request before it is asked for, and the key
//! before anybody gets it.

mod state;

pub(super) use state::{Kept, Named};

use super::Site;
use crate::private_file;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// A file that keeps one registration. Clones stand for the same file and wait for each other.
#[derive(Clone, Debug)]
pub struct Keep {
    path: Arc<Path>,
    turn: Arc<Mutex<()>>,
}

/// Why a file cannot keep a registration. It repeats nothing that is in the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeepError {
    /// The file or its folder cannot be read or written.
    #[error("{}: {fault}", .path.display())]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        fault: io::Error,
    },
    /// The file is there and holds no registration. It is left as it is.
    #[error("{} holds no registration, and it is left as it is", .0.display())]
    Foreign(PathBuf),
    /// Another process registers with this file at this moment, or another [`Keep`] of this one.
    #[error("another registration is at work on {}", .0.display())]
    InUse(PathBuf),
    /// The file is about another app or another ERP. It is left as it is.
    #[error("{} is about the app {app_id} at {site}; keep this one in another file", .path.display())]
    OfAnother {
        /// Which file.
        path: PathBuf,
        /// Which app it is about.
        app_id: String,
        /// Where that app registered.
        site: String,
    },
    /// It holds a key, which nobody forgets by mistake.
    #[error("{} holds an API key; move it away to forget it", .0.display())]
    HoldsKey(PathBuf),
}

impl Keep {
    /// A registration is kept in this file, which need not be there yet; its folder must be, and be writable.
    #[must_use]
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into().into(), turn: Arc::default() }
    }

    /// Waits until no request is on its way whose answer would have to be kept. A process that ends calls this first.
    pub async fn settled(&self) {
        drop(self.turn.lock().await);
    }

    /// Forgets a request that leads nowhere any more, so that the next registration begins anew. A key stays.
    pub async fn forget_request(&self) -> Result<(), KeepError> {
        let open = self.open().await?;
        match open.read()? {
            Some((_, Kept::Registered(_))) => Err(KeepError::HoldsKey(self.path.to_path_buf())),
            _ => open.clear(),
        }
    }

    /// The file, for one user at a time.
    pub(super) async fn open(&self) -> Result<Open, KeepError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let lock = private_file::open_lock(&self.path).map_err(|fault| unusable(&self.path, fault))?;
        match lock.try_lock() {
            Ok(()) => Ok(Open { path: Arc::clone(&self.path), _lock: lock, _turn: turn }),
            Err(TryLockError::WouldBlock) => Err(KeepError::InUse(self.path.to_path_buf())),
            Err(TryLockError::Error(fault)) => Err(unusable(&self.path, fault)),
        }
    }
}

/// The file, while nobody else reads or writes it.
///
/// It writes on the spot and blocks: an answer that is at hand must not be lost between two steps of a task.
pub(super) struct Open {
    path: Arc<Path>,
    _lock: File,
    _turn: OwnedMutexGuard<()>,
}

impl Open {
    /// What is kept for this app at this site.
    pub(super) fn read_for(&self, site: &Site, app_id: &str) -> Result<Option<Kept>, KeepError> {
        let Some((named, kept)) = self.read()? else { return Ok(None) };
        let Named { site: its_site, app_id: its_app } = named;
        if its_site == site.to_string() && its_app == app_id {
            return Ok(Some(kept));
        }
        Err(KeepError::OfAnother { path: self.path.to_path_buf(), app_id: its_app, site: its_site })
    }

    /// Keeps this from now on. It is durable when this returns.
    pub(super) fn write(&self, site: &Site, app_id: &str, kept: &Kept) -> Result<(), KeepError> {
        let named = Named { site: site.to_string(), app_id: app_id.into() };
        private_file::replace(&self.path, &kept.to_json(named)).map_err(|fault| unusable(&self.path, fault))
    }

    /// Keeps nothing from now on.
    pub(super) fn clear(&self) -> Result<(), KeepError> {
        private_file::remove(&self.path).map_err(|fault| unusable(&self.path, fault))
    }

    fn read(&self) -> Result<Option<(Named, Kept)>, KeepError> {
        match fs::read(&self.path) {
            Ok(json) => match Kept::from_json(&json) {
                Some(read) => Ok(Some(read)),
                None => Err(KeepError::Foreign(self.path.to_path_buf())),
            },
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(unusable(&self.path, fault)),
        }
    }
}

fn unusable(path: &Path, fault: io::Error) -> KeepError {
    KeepError::Unusable { path: path.into(), fault }
}
