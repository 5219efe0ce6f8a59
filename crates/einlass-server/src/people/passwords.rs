//! Passwords: argon2id (RFC 9106), on threads that may block, a few at a time.

use crate::random::Random;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use einlass_protocol::secret::Secret;
use einlass_store::PasswordHash;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// 7 MiB and five passes on one lane: of the settings that OWASP's password storage page holds for equally strong the one
/// that takes the least memory, which an allocator keeps for the next time.
const KIBIBYTES: u32 = 7 * 1024;
const PASSES: u32 = 5;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
/// How many may wait for their turn; each takes some tens of milliseconds.
const MOST_WAITING: usize = 64;
const PATIENCE: Duration = Duration::from_secs(5);

/// NIST SP 800-63B asks for eight where there is a second factor, and for no rules about kinds of characters.
const FEWEST_CHARACTERS: usize = 12;
const MOST_CHARACTERS: usize = 256;

/// Costs what a real one costs, and nobody's password has it.
const OF_NOBODY: &str =
    "$argon2id$v=19$m=7168,t=5,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// More passwords are looked at than this node can: try again soon.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many passwords are being looked at")]
pub(crate) struct Busy;

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PasswordFault {
    TooShort,
    TooLong,
    /// It is the person's address or name, or one sign again and again.
    Guessable,
}

/// Hashes passwords and compares them.
pub(crate) struct Passwords {
    working: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Passwords {
    /// Half of the cores, so that the rest goes on serving.
    pub(crate) fn new() -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Self {
            working: Arc::new(Semaphore::new((cores / 2).max(1))),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
        }
    }

    /// What is kept of a password.
    pub(crate) async fn hash(&self, password: Secret, random: &dyn Random) -> Result<PasswordHash, Busy> {
        let mut salt = [0; SALT_BYTES];
        random.fill(&mut salt);
        let hashed = self.work(move || {
            let hash = hasher()?.hash_password_with_salt(password.expose().as_bytes(), &salt).ok()?;
            Some(PasswordHash::new(hash.to_string()))
        });
        hashed.await?.ok_or(Busy)
    }

    /// Whether this is the password that was hashed. Where there is none it is not, after the same time.
    pub(crate) async fn matches(&self, password: Secret, hash: Option<PasswordHash>) -> Result<bool, Busy> {
        self.work(move || {
            let known = hash.as_ref().map_or(OF_NOBODY, PasswordHash::as_str);
            let verified =
                hasher().is_some_and(|it| it.verify_password(password.expose().as_bytes(), known).is_ok());
            verified && hash.is_some()
        })
        .await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let waiting = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Busy)?;
        let turn = timeout(PATIENCE, Arc::clone(&self.working).acquire_owned()).await;
        let turn = turn.map_err(|_| Busy)?.map_err(|_| Busy)?;
        drop(waiting);
        // The turn goes along: whoever went away still keeps a core busy.
        spawn_blocking(move || (work(), turn)).await.map(|(done, _)| done).map_err(|_| Busy)
    }
}

fn hasher() -> Option<Argon2<'static>> {
    let params = Params::new(KIBIBYTES, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether somebody of this address and name may choose this password.
pub(crate) fn check(password: &Secret, email: &str, name: &str) -> Result<(), PasswordFault> {
    let text = password.expose();
    if text.chars().count() < FEWEST_CHARACTERS {
        return Err(PasswordFault::TooShort);
    }
    if text.chars().count() > MOST_CHARACTERS {
        return Err(PasswordFault::TooLong);
    }
    let lower = text.to_lowercase();
    let first = lower.chars().next();
    let is_one_sign = lower.chars().all(|sign| Some(sign) == first);
    let is_known = [email, name].iter().any(|known| lower == known.to_lowercase());
    if is_one_sign || is_known { Err(PasswordFault::Guessable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn secret(text: &str) -> Secret {
        Secret::new(text.into())
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone_and_nobodys_matches_none() {
        let passwords = Passwords::new();
        let hash = passwords.hash(secret("correct horse"), &OsRandom).await.unwrap();
        let again = passwords.hash(secret("correct horse"), &OsRandom).await.unwrap();
        assert_ne!(hash, again, "no salt");
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=7168,t=5,p=1$"));
        assert_eq!(OF_NOBODY.len(), hash.as_str().len());
        assert_eq!(passwords.matches(secret("correct horse"), Some(hash.clone())).await, Ok(true));
        assert_eq!(passwords.matches(secret("correct house"), Some(hash)).await, Ok(false));
        assert_eq!(passwords.matches(secret(""), None).await, Ok(false));
    }

    #[tokio::test]
    async fn who_does_not_fit_in_is_told_at_once() {
        let passwords =
            Passwords { working: Arc::new(Semaphore::new(0)), waiting: Arc::new(Semaphore::new(0)) };
        assert_eq!(passwords.matches(secret("a"), None).await, Err(Busy));
    }

    #[test]
    fn a_password_is_long_and_not_what_everybody_knows() {
        let check = |text: &str| check(&secret(text), "anna@bikes.example", "Anna Andersson");
        assert_eq!(check("eleven char"), Err(PasswordFault::TooShort));
        assert_eq!(check(&"x1".repeat(129)), Err(PasswordFault::TooLong));
        assert_eq!(check("Anna@Bikes.example"), Err(PasswordFault::Guessable));
        assert_eq!(check("anna andersson"), Err(PasswordFault::Guessable));
        assert_eq!(check("aaaaaaaaaaaaaaa"), Err(PasswordFault::Guessable));
        assert_eq!(check("twelve chars"), Ok(()));
    }
}
