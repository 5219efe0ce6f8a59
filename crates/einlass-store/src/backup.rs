//! A copy of the whole store while everything runs.

use crate::{Store, StoreError, Taken};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

impl Store {
    /// Copies an `SQLite` database into a new file that its owner alone may read. Everything that was acknowledged
    /// before is in it, of what happens meanwhile whole transactions or nothing. Nobody waits for it. The signing keys
    /// in it are sealed: the master key is kept apart.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when the file is there already: nothing is written over.
    /// [`StoreError::NotEmbedded`] on PostgreSQL. [`StoreError::Unavailable`] when the copy cannot be written; what
    /// there is of it is removed.
    pub async fn backup(&self, file: &Path) -> Result<(), StoreError> {
        if !self.db.is_embedded() {
            return Err(StoreError::NotEmbedded);
        }
        // The engine takes an empty file for a new one, and would let everybody read one that it made.
        let copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(refused)?;
        let outcome = self.copy_into(file, copy).await;
        if outcome.is_err() {
            let _ = std::fs::remove_file(file);
        }
        outcome
    }

    async fn copy_into(&self, file: &Path, copy: File) -> Result<(), StoreError> {
        let path = file.to_str().ok_or_else(|| refused(io::ErrorKind::InvalidFilename.into()))?;
        self.db.run(sqlx::query("VACUUM INTO $1").bind(path)).await?;
        let to_disk = tokio::task::spawn_blocking(move || copy.sync_all());
        to_disk.await.map_err(io::Error::other).flatten().map_err(refused)
    }
}

fn refused(fault: io::Error) -> StoreError {
    match fault.kind() {
        io::ErrorKind::AlreadyExists => StoreError::AlreadyExists(Taken::File),
        _ => StoreError::Unavailable(fault.into()),
    }
}
