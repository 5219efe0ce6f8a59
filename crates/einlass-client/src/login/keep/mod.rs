//! Where a sign-in is kept: a file for its owner alone, that several processes may use at once.

mod state;

use super::{SignOutError, SignedIn, exchange};
use crate::private_file;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// A file that keeps one sign-in. Clones stand for the same file and wait for each other, as processes do.
#[derive(Clone, Debug)]
pub struct SignInFile {
    path: Arc<Path>,
    turn: Arc<Mutex<()>>,
}

/// Why a file gives or takes no sign-in. It repeats nothing that is in the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInFileError {
    /// Nobody has signed in, or whoever had has signed out.
    #[error("nobody has signed in: there is no {}; sign in first", .0.display())]
    Nobody(PathBuf),
    /// The file or its folder cannot be read or written.
    #[error("{}: {fault}", .path.display())]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        fault: io::Error,
    },
    /// The file is there and holds no sign-in. It is left as it is.
    #[error("{} holds no sign-in, and it is left as it is", .0.display())]
    Foreign(PathBuf),
}

impl SignInFile {
    /// A sign-in is kept in this file, which need not be there yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into().into(), turn: Arc::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Finds out whether a sign-in can be kept here, before anybody is troubled. Makes the folder, for its owner alone.
    ///
    /// # Errors
    /// [`SignInFileError::Foreign`] when the file is something else.
    pub async fn prepare(&self) -> Result<(), SignInFileError> {
        self.make().await.map(drop)
    }

    /// Keeps this sign-in from now on, in place of another one. It is durable when this returns.
    ///
    /// # Errors
    /// [`SignInFileError::Foreign`] when the file is something else.
    pub async fn keep(&self, signed_in: &SignedIn) -> Result<(), SignInFileError> {
        self.make().await?.write(signed_in)
    }

    /// Who has signed in.
    ///
    /// # Errors
    /// [`SignInFileError::Nobody`] when the file is not there.
    pub async fn read(&self) -> Result<SignedIn, SignInFileError> {
        self.open().await?.read()
    }

    /// Ends the sign-in at the platform (RFC 7009), and takes the file away. As long as the platform has not said that it is
    /// ended the file stays.
    ///
    /// # Errors
    /// [`SignOutError::Platform`] when the platform did not say so.
    pub async fn sign_out(&self) -> Result<(), SignOutError> {
        let open = self.open().await?;
        let signed_in = open.read()?;
        let endpoint = signed_in.revocation_endpoint.as_ref().ok_or(SignOutError::Nowhere)?;
        exchange::revoke(endpoint, &signed_in).await.map_err(SignOutError::Platform)?;
        Ok(open.remove()?)
    }

    /// Takes the file away. The platform does not hear of it: who has a copy can go on with that.
    ///
    /// # Errors
    /// [`SignInFileError::Nobody`] when the file is not there, [`SignInFileError::Foreign`] when it is something else.
    pub async fn forget(&self) -> Result<(), SignInFileError> {
        let open = self.open().await?;
        open.read()?;
        open.remove()
    }

    /// What is there at this moment, without waiting for anybody.
    pub(super) fn peek(&self) -> Result<SignedIn, SignInFileError> {
        match fs::read(&self.path) {
            Ok(json) => {
                state::from_json(&json).ok_or_else(|| SignInFileError::Foreign(self.path.to_path_buf()))
            }
            Err(fault) => Err(self.unusable(fault)),
        }
    }

    /// The file, for one user at a time. No lock is left where there is no sign-in.
    pub(super) async fn open(&self) -> Result<Open, SignInFileError> {
        self.peek()?;
        self.locked().await
    }

    /// The same where there may be none yet, but nothing else.
    async fn make(&self) -> Result<Open, SignInFileError> {
        private_file::create_folder_of(&self.path).map_err(|fault| self.unusable(fault))?;
        let open = self.locked().await?;
        match open.read() {
            Ok(_) | Err(SignInFileError::Nobody(_)) => Ok(open),
            Err(fault) => Err(fault),
        }
    }

    async fn locked(&self) -> Result<Open, SignInFileError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let path = Arc::clone(&self.path);
        let lock = tokio::task::spawn_blocking(move || lock(&path)).await;
        let lock = lock.unwrap_or_else(|fault| Err(io::Error::other(fault)));
        let lock = lock.map_err(|fault| self.unusable(fault))?;
        Ok(Open { file: self.clone(), _lock: lock, _turn: turn })
    }

    fn unusable(&self, fault: io::Error) -> SignInFileError {
        let path = self.path.to_path_buf();
        if fault.kind() == io::ErrorKind::NotFound {
            return SignInFileError::Nobody(path);
        }
        SignInFileError::Unusable { path, fault }
    }
}

fn lock(path: &Path) -> io::Result<File> {
    let file = private_file::open_lock(path)?;
    file.lock()?;
    Ok(file)
}

/// The file, while nobody else writes it.
///
/// It writes on the spot and blocks: an answer that is at hand must not be lost between two steps of a task.
pub(super) struct Open {
    file: SignInFile,
    _lock: File,
    _turn: OwnedMutexGuard<()>,
}

impl Open {
    /// What is there now: somebody else may have renewed it while we waited.
    pub(super) fn read(&self) -> Result<SignedIn, SignInFileError> {
        self.file.peek()
    }

    /// Keeps this from now on. It is durable when this returns.
    pub(super) fn write(&self, signed_in: &SignedIn) -> Result<(), SignInFileError> {
        let written = private_file::replace(&self.file.path, &state::to_json(signed_in));
        written.map_err(|fault| self.file.unusable(fault))
    }

    fn remove(&self) -> Result<(), SignInFileError> {
        private_file::remove(&self.file.path).map_err(|fault| self.file.unusable(fault))
    }
}
