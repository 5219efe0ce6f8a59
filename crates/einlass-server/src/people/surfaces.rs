//! Signing in at a surface: whoever is signed in at the identity provider gets a code, and the surface trades it for a
//! session of its own. That one lasts as long as the session it came from, and ends with it.

use super::{Browser, Held, SignedIn};
use crate::Platform;
use einlass_protocol::oauth::{CodeChallenge, CodeVerifier, FirstParty};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_store::{NewCode, StoreError};
use std::time::Duration;

/// How long a code waits to be traded: as long as a redirect takes (RFC 6749 §4.1.2 allows ten minutes).
const CODE_LIFETIME: Duration = Duration::from_mins(1);

impl Platform {
    /// A code for a surface, for whoever is signed in. `None` when that session has just ended.
    pub(crate) async fn issue_code(
        &self,
        SignedIn { session, .. }: &SignedIn,
        client: FirstParty,
        challenge: CodeChallenge,
    ) -> Result<Option<Secret>, StoreError> {
        let code = self.random.secret(SecretKind::AuthorizationCode);
        let expires_at = self.clock.wall().plus(CODE_LIFETIME);
        let new = NewCode { hash: SecretHash::of(&code), client, challenge, session: session.id, expires_at };
        match self.store.issue_code(&new).await {
            Ok(()) => Ok(Some(code)),
            Err(StoreError::MissingReference) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Trades a code for what the browser is given to hold at the surface; `None` when it does not count.
    pub(crate) async fn redeem_code(
        &self,
        code: &str,
        client: FirstParty,
        verifier: &CodeVerifier,
        browser: &Browser,
    ) -> Result<Option<Held>, StoreError> {
        if SecretKind::recognise(code) != Some(SecretKind::AuthorizationCode) {
            return Ok(None);
        }
        let (code, held) = (Secret::new(code.into()), self.random.secret(SecretKind::SurfaceSession));
        let (hash, now) = (SecretHash::of(&held), self.clock.wall());
        let counts = self.store.consume_code(&SecretHash::of(&code), (client, verifier), &hash, now).await?;
        let address = browser.actor.ip();
        if counts {
            tracing::info!(target: "einlass::people", %client, %address, "signed in at a surface");
        } else {
            tracing::warn!(target: "einlass::people", %client, %address, reason = "the code does not count", "refused");
        }
        Ok(counts.then_some(Held(held)))
    }

    /// Who holds a secret of this hash at a surface.
    pub(crate) async fn signed_in_at(
        &self,
        client: FirstParty,
        hash: &SecretHash,
    ) -> Result<Option<SignedIn>, StoreError> {
        let (now, idle_since) = self.idle_since();
        let found = self.store.surface_session(client, hash, now, idle_since).await?;
        self.seen(found).await
    }
}
