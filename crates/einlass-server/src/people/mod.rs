//! People: how they prove who they are, how long that counts, and how they come into an organisation. What they see of
//! it is in [`crate::pages`].

mod guesses;
mod links;
mod members;
mod own_password;
mod passkeys;
mod passwords;
mod sessions;
mod sign_in;
mod surfaces;

pub(crate) use links::{LinkFault, Welcome};
pub(crate) use members::{HandedOn, MemberFault, Standing};
pub(crate) use own_password::ChangeFault;
pub(crate) use passkeys::{PasskeyFault, Purpose, Question};
pub(crate) use passwords::{Busy, PasswordFault, Passwords};
pub(crate) use sessions::{Browser, Held, LONGEST, PROOF_COUNTS, SignedIn, acting};
pub(crate) use sign_in::{Proved, SignInFault};

use einlass_protocol::time::Clock;
use einlass_store::AuditEvent;
use guesses::Guesses;
use std::sync::Arc;
use webauthn_rs::Webauthn;

/// Says in the log what was done, as the audit does.
fn done(event: &AuditEvent) {
    let AuditEvent { action, subject, detail, actor, .. } = event;
    tracing::info!(target: "einlass::people", action, subject, detail, by = actor, "done");
}

/// What people are let in by.
pub(crate) struct People {
    pub(crate) passwords: Passwords,
    guesses: Guesses,
    /// What checks passkeys, where browsers make any.
    passkeys: Option<Webauthn>,
}

impl People {
    pub(crate) fn new(public_url: &str, clock: &Arc<dyn Clock>) -> Self {
        Self {
            passwords: Passwords::new(),
            guesses: Guesses::new(Arc::clone(clock)),
            passkeys: passkeys::checker(public_url),
        }
    }
}
