//! A refresh token: given, or in a file that several processes may share.
//!
//! The exchange is not known to replace refresh tokens. If it ever does, the one before may count no longer: so whoever
//! exchanges one from a file holds that file's lock from reading the token until its successor is in place.

use super::super::NoCredentials;
use super::super::credentials::Part;
use crate::fetch::FetchError;
use crate::private_file;
use einlass_protocol::secret::Secret;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a channel or a seller exchanges.
#[derive(Debug)]
pub struct RefreshToken {
    from: Part,
    /// What has followed the one from there and is not written there: of a token that was given always, of a file until
    /// it can be written.
    successor: Mutex<Option<Secret>>,
}

/// A refresh token that nobody else exchanges meanwhile.
pub(super) struct Held<'a> {
    token: &'a RefreshToken,
    _lock: Option<File>,
}

impl RefreshToken {
    /// One that is known. If it is ever replaced, its successor is known to this process alone.
    #[must_use]
    pub fn new(token: Secret) -> Self {
        Self::of(Part::Given(token))
    }

    /// One in a file, which is read again for every exchange. Its folder must be writable for a lock, and for a
    /// successor if there ever is one.
    #[must_use]
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self::of(Part::File(path.into()))
    }

    /// The channel's, from `SCX_REFRESH_TOKEN` or the file that `SCX_REFRESH_TOKEN_FILE` names. An empty variable
    /// counts as unset.
    ///
    /// `variable` looks a variable up: `|name| std::env::var(name).ok()`.
    pub fn channel_from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, NoCredentials> {
        Part::from_env("SCX_REFRESH_TOKEN", "SCX_REFRESH_TOKEN_FILE", &variable).map(Self::of)
    }

    /// The seller's, from `SCX_SELLER_REFRESH_TOKEN` or its `_FILE` twin.
    pub fn seller_from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, NoCredentials> {
        Part::from_env("SCX_SELLER_REFRESH_TOKEN", "SCX_SELLER_REFRESH_TOKEN_FILE", &variable).map(Self::of)
    }

    fn of(from: Part) -> Self {
        Self { from, successor: Mutex::default() }
    }

    /// The token as it is now.
    pub(super) fn read(&self) -> Result<Secret, FetchError> {
        match &*self.successor() {
            Some(successor) => Ok(successor.clone()),
            None => self.from.read(),
        }
    }

    /// Waits until nobody else exchanges it.
    pub(super) async fn hold(&self) -> Result<Held<'_>, FetchError> {
        let Part::File(path) = &self.from else {
            return Ok(Held { token: self, _lock: None });
        };
        let (path, locked) = (path.clone(), path.clone());
        let lock = tokio::task::spawn_blocking(move || lock(&locked)).await;
        let lock = lock.unwrap_or_else(|fault| Err(io::Error::other(fault)));
        let held = Held { token: self, _lock: lock.map_err(|fault| unusable(&path, &fault))? };
        held.write_what_is_due()?;
        Ok(held)
    }

    fn successor(&self) -> MutexGuard<'_, Option<Secret>> {
        self.successor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held<'_> {
    pub(super) fn read(&self) -> Result<Secret, FetchError> {
        self.token.read()
    }

    /// Puts a successor in its place. It is not lost if that fails: the next exchange begins with trying again.
    pub(super) fn replace(&self, successor: Secret) -> Result<(), FetchError> {
        *self.token.successor() = Some(successor);
        self.write_what_is_due()
    }

    fn write_what_is_due(&self) -> Result<(), FetchError> {
        let Part::File(path) = &self.token.from else { return Ok(()) };
        let mut due = self.token.successor();
        if let Some(successor) = &*due {
            let line = format!("{}\n", successor.expose());
            private_file::replace(path, line.as_bytes()).map_err(|fault| unusable(path, &fault))?;
        }
        *due = None;
        Ok(())
    }
}

fn unusable(path: &Path, fault: &io::Error) -> FetchError {
    FetchError::Credentials(format!("{}: {}", path.display(), fault.kind()))
}

/// Where there can be no lock, as in a folder that secrets are mounted to, nobody can write a successor either.
fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = match private_file::open_lock(path) {
        Err(fault)
            if matches!(
                fault.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            return Ok(None);
        }
        opened => opened?,
    };
    file.lock()?;
    Ok(Some(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private_file::beside;
    use std::fs;

    fn secret(text: &str) -> Secret {
        Secret::new(text.into())
    }

    #[tokio::test]
    async fn a_successor_takes_the_files_place_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "CHAN:first\n").unwrap();
        let token = RefreshToken::in_file(&path);
        let held = token.hold().await.unwrap();
        assert_eq!(held.read().unwrap().expose(), "CHAN:first");
        held.replace(secret("CHAN:second")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "CHAN:second\n");
        assert_eq!(RefreshToken::in_file(&path).read().unwrap().expose(), "CHAN:second");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[tokio::test]
    async fn a_successor_that_cannot_be_written_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "CHAN:first").unwrap();
        let token = RefreshToken::in_file(&path);
        // Where the new file would be written there is a folder.
        let obstacle = beside(&path, "new");
        fs::create_dir(&obstacle).unwrap();
        let refused = token.hold().await.unwrap().replace(secret("CHAN:second"));
        assert!(matches!(refused, Err(FetchError::Credentials(_))));
        assert!(token.hold().await.is_err(), "nothing is exchanged before it is written");
        fs::remove_dir(&obstacle).unwrap();
        assert_eq!(token.hold().await.unwrap().read().unwrap().expose(), "CHAN:second");
        assert_eq!(fs::read_to_string(&path).unwrap(), "CHAN:second\n");
    }

    #[tokio::test]
    async fn a_token_that_was_given_is_followed_in_memory() {
        let token = RefreshToken::new(secret("CHAN:first"));
        token.hold().await.unwrap().replace(secret("CHAN:second")).unwrap();
        assert_eq!(token.read().unwrap().expose(), "CHAN:second");
    }
}
