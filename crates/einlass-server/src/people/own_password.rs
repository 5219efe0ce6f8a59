//! Changing one's own password. Every other session ends and all that the person granted, and this session is known by another
//! secret.

use super::sessions::acting;
use super::{Browser, Busy, Held, LinkFault, PasswordFault, SignInFault, SignedIn, done};
use crate::Platform;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::StoreError;

/// Why a password is not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChangeFault {
    /// The current one is wrong, or too many were.
    #[error(transparent)]
    Current(SignInFault),
    #[error("the password cannot be chosen")]
    New(PasswordFault),
    /// It was changed meanwhile, or the session has ended.
    #[error("the session has ended, or the password was changed meanwhile")]
    Overtaken,
    #[error(transparent)]
    Busy(Busy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Platform {
    /// Changes the password of somebody who knows the current one, and has just proved all that signing in asks for.
    pub(crate) async fn change_own_password(
        &self,
        signed_in: &SignedIn,
        (current, new): (Secret, Secret),
        browser: &Browser,
    ) -> Result<Held, ChangeFault> {
        let SignedIn { person, session } = signed_in;
        let proved = self.prove(&person.email, current, browser, "change password").await;
        let (_, proof) = proved.map_err(ChangeFault::Current)?;
        let new = self.chosen(new, person).await.map_err(|fault| match fault {
            LinkFault::Password(fault) => ChangeFault::New(fault),
            LinkFault::Busy(busy) => ChangeFault::Busy(busy),
            LinkFault::Store(fault) => ChangeFault::Store(fault),
            LinkFault::Gone | LinkFault::SignInFirst | LinkFault::Name => ChangeFault::Overtaken,
        })?;
        let renewed = self.random.secret(SecretKind::Session);
        let event = self.event(&acting(person, browser), "change password", &person.id.to_string(), "");
        let kept = (session.id, &SecretHash::of(&renewed));
        let until = self.end_of_denial(event.at);
        let outcome = self.store.change_password(person.id, (&proof, &new), kept, until, &event).await?;
        let changes = outcome.ok_or(ChangeFault::Overtaken)?;
        done(&event);
        self.apply_all(&changes).await?;
        Ok(Held(renewed))
    }
}
