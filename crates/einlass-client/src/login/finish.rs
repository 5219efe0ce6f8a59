//! From the browser's return to tokens.

use super::exchange::{self, Places};
use super::redirect::{Expected, Redirect};
use super::{LoginError, SignedIn};
use crate::clock::{Clock, Timer};
use crate::issuer::Issuer;
use crate::keyset::{HttpKeySet, KeySetFetch as _};
use crate::transport;
use einlass_protocol::ids::ClientId;
use einlass_protocol::jose::{IdVerifier, Identity};
use einlass_protocol::oauth::CodeVerifier;
use einlass_protocol::secret::Secret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A sign-in that waits for its person. Dropping it ends the wait.
pub struct Begun {
    pub(super) url: String,
    pub(super) issuer: Issuer,
    pub(super) client_id: ClientId,
    pub(super) places: Places,
    pub(super) request: Request,
    pub(super) redirect: Redirect,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timer: Arc<dyn Timer>,
}

/// What the answer is held to.
pub(super) struct Request {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: CodeVerifier,
    pub(super) answers_name_issuer: bool,
}

impl Begun {
    /// What the person opens in a browser, on this machine.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the person, at most for so long, and trades what the browser brings for tokens. What else comes to the port
    /// is answered and changes nothing.
    ///
    /// # Errors
    /// [`LoginError::TimedOut`] when nobody came, [`LoginError::Refused`] when the person or the platform says no.
    pub async fn finish(self, patience: Duration) -> Result<SignedIn, LoginError> {
        let expected = Expected {
            state: self.request.state.clone(),
            issuer: self.issuer.to_string(),
            names_issuer: self.request.answers_name_issuer,
        };
        let redirect_uri = self.redirect.uri().to_owned();
        let code = tokio::select! {
            answer = self.redirect.wait(expected) => answer?,
            () = self.timer.sleep(patience) => return Err(LoginError::TimedOut(patience)),
        };
        let redeemed_at = self.clock.wall();
        let brought =
            exchange::Brought { code: &code, redirect_uri: &redirect_uri, verifier: &self.request.verifier };
        let granted =
            brought.redeem(&self.places.token, &self.client_id).await.map_err(LoginError::Exchange)?;
        let id_token = granted.id_token.ok_or(LoginError::NoIdToken)?;
        let trusted = Trusted { issuer: &self.issuer, client_id: &self.client_id, places: &self.places };
        let identity = trusted.identity(&id_token, &self.request.nonce, &*self.clock).await?;
        Ok(SignedIn {
            issuer: self.issuer.to_string(),
            subject: identity.subject,
            expires_at: redeemed_at.plus(granted.issued.lifetime),
            token_endpoint: self.places.token,
            revocation_endpoint: self.places.revocation,
            access_token: granted.issued.access_token,
            refresh_token: granted.refresh_token,
            client_id: self.client_id,
        })
    }
}

/// Whose ID tokens count.
struct Trusted<'a> {
    issuer: &'a Issuer,
    client_id: &'a ClientId,
    places: &'a Places,
}

impl Trusted<'_> {
    async fn identity(&self, token: &Secret, nonce: &str, clock: &dyn Clock) -> Result<Identity, LoginError> {
        let keys =
            HttpKeySet::at(&self.places.keys).map_err(|fault| LoginError::Keys(transport::no_tls(&fault)))?;
        let fetched = keys.fetch(None).await.map_err(LoginError::Keys)?;
        // There is always a set in the answer to whoever has none.
        let keys = fetched.keys.ok_or(LoginError::NoIdToken)?;
        let verifier = IdVerifier::new(self.issuer.as_str(), self.client_id.clone());
        verifier.verify(token.expose(), nonce, &keys, clock.wall()).map_err(LoginError::IdToken)
    }
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
