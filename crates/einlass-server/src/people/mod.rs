//! People: how they prove who they are, how long that counts, and how they come into an organisation. What they see of
//! it is in [`crate::pages`].

mod guesses;
mod links;
mod members;
mod passwords;
mod sessions;
mod sign_in;

pub(crate) use links::{LinkFault, Welcome};
pub(crate) use members::{MemberFault, Standing};
pub(crate) use passwords::{Busy, PasswordFault, Passwords};
pub(crate) use sessions::{Browser, Held, LONGEST, SignedIn};
pub(crate) use sign_in::SignInFault;

use einlass_protocol::time::Clock;
use guesses::Guesses;
use std::sync::Arc;

/// What people are let in by.
pub(crate) struct People {
    pub(crate) passwords: Passwords,
    guesses: Guesses,
}

impl People {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Self {
        Self { passwords: Passwords::new(), guesses: Guesses::new(Arc::clone(clock)) }
    }
}
