//! Tokens of a sign-in that is kept in a file.

use super::keep::Open;
use super::{SignInFile, SignInFileError, SignedIn, exchange};
use crate::clock::{Clock, SystemClock};
use crate::fetch::{BoxFuture, FetchError, IssuedToken};
use crate::source::TokenSource;
use einlass_protocol::secret::Secret;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// An access token with more left than this is not renewed.
const ENOUGH: Duration = Duration::from_mins(5);

/// Tokens of whoever has signed in, for a [`TokenCache`](crate::TokenCache).
///
/// Every fetch reads the file anew, under its lock: what another process has renewed is used here, and what is renewed
/// here is there for the others.
#[derive(Clone)]
pub struct SignInTokens(Arc<Source>);

struct Source {
    file: SignInFile,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// The access token that was in the file at the last fetch.
    found: Option<Secret>,
    /// The one that the cache was given last. Who asks again wants another.
    given: Option<Secret>,
    /// What could not be written, and the refresh token that it was traded for.
    due: Option<(Secret, SignedIn)>,
}

impl SignInTokens {
    /// Tokens of the sign-in in this file.
    #[must_use]
    pub fn new(file: SignInFile) -> Self {
        Self::with(file, Arc::new(SystemClock::new()))
    }

    /// The same with a clock of the caller's.
    #[must_use]
    pub fn with(file: SignInFile, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Source { file, clock, memory: Mutex::default() }))
    }
}

impl TokenSource for SignInTokens {
    /// As a task of its own: no caller that goes away takes along a refresh token whose predecessor is used up.
    fn fetch(&self) -> BoxFuture<'_, Result<IssuedToken, FetchError>> {
        let task = tokio::spawn(Arc::clone(&self.0).fetch());
        Box::pin(async { task.await.unwrap_or_else(|fault| Err(FetchError::Unreachable(fault.to_string()))) })
    }

    fn credentials_changed(&self) -> bool {
        let now = self.0.file.peek().ok().map(|signed_in| signed_in.access_token);
        let memory = self.0.memory();
        now.as_ref().map(Secret::expose) != memory.found.as_ref().map(Secret::expose)
    }
}

impl Source {
    async fn fetch(self: Arc<Self>) -> Result<IssuedToken, FetchError> {
        self.memory().found = None;
        let open = self.file.open().await?;
        let kept = open.read()?;
        self.memory().found = Some(kept.access_token.clone());
        let kept = self.settle(&open, kept)?;
        if self.is_enough(&kept) {
            return Ok(self.give(kept));
        }
        let renewed = self.renew(&kept).await?;
        self.memory().due = kept.refresh_token.clone().map(|traded| (traded, renewed));
        // Before anybody gets it: what came with it is all that there is from here on.
        let renewed = self.settle(&open, kept)?;
        Ok(self.give(renewed))
    }

    fn is_enough(&self, kept: &SignedIn) -> bool {
        let enough = if kept.is_renewable() { ENOUGH } else { Duration::ZERO };
        let was_given = self.memory().given.as_ref().is_some_and(|given| same(given, &kept.access_token));
        kept.expires_at.since(self.clock.wall()) > enough && !was_given
    }

    /// When an answer is lost on its way its refresh token is: the platform gives the same answer again, but not for long,
    /// and nobody knows when the next fetch comes. So it is asked for at once, once.
    async fn renew(&self, kept: &SignedIn) -> Result<SignedIn, FetchError> {
        match exchange::refresh(kept, self.clock.wall()).await {
            Err(FetchError::Unreachable(_) | FetchError::TimedOut) => {
                exchange::refresh(kept, self.clock.wall()).await
            }
            answered => answered,
        }
    }

    /// Puts a successor in its place, and gives what is there then. It is not lost if that fails: the next fetch begins with
    /// trying again, unless somebody else has traded the same one since, or has signed in anew.
    fn settle(&self, open: &Open, there: SignedIn) -> Result<SignedIn, FetchError> {
        let Some((traded, renewed)) = self.memory().due.clone() else { return Ok(there) };
        let is_next = there.refresh_token.as_ref().is_some_and(|there| same(there, &traded));
        if is_next {
            open.write(&renewed)?;
        }
        self.memory().due = None;
        Ok(if is_next { renewed } else { there })
    }

    fn give(&self, kept: SignedIn) -> IssuedToken {
        let mut memory = self.memory();
        memory.found = Some(kept.access_token.clone());
        memory.given = Some(kept.access_token.clone());
        let lifetime = kept.expires_at.since(self.clock.wall());
        IssuedToken { access_token: kept.access_token, lifetime }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn same(one: &Secret, other: &Secret) -> bool {
    one.expose() == other.expose()
}

impl From<SignInFileError> for FetchError {
    fn from(fault: SignInFileError) -> Self {
        Self::NotSignedIn(fault.to_string())
    }
}

impl fmt::Debug for SignInTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInTokens").field("file", &self.0.file).finish_non_exhaustive()
    }
}
