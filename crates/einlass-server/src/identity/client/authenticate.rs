//! Authenticate the client (RFC 6749 §3.2.1).

use super::{ClientDirectory, Failures};
use crate::identity::OAuthError;
use einlass_protocol::ids::{AppId, ClientId, CredentialId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::network::Network;
use einlass_protocol::oauth::BasicCredentials;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use einlass_protocol::time::UnixTime;
use einlass_store::{AuthenticableClient, StoredSecret};
use std::sync::Arc;

/// A client that proved who it is.
pub(in crate::identity) struct Client {
    known: Arc<AuthenticableClient>,
    /// The secret that proved it.
    pub(in crate::identity) credential: CredentialId,
}

impl Client {
    pub(in crate::identity) fn id(&self) -> &ClientId {
        &self.known.id
    }

    pub(in crate::identity) fn app(&self) -> AppId {
        self.known.app
    }

    /// What its tokens may hold.
    pub(in crate::identity) fn scopes(&self) -> &ScopeSet {
        &self.known.scopes
    }

    /// How its tokens are signed.
    pub(in crate::identity) fn algorithm(&self) -> Algorithm {
        self.known.algorithm
    }
}

/// What one request's client is let in by.
pub(super) struct Door<'p> {
    pub(super) directory: &'p ClientDirectory,
    pub(super) failures: &'p Failures,
    pub(super) network: Network,
}

impl Door<'_> {
    /// Finds the client and checks its secret.
    ///
    /// Letting in may rest on what is remembered; turning away never does, but for those who failed too often. So a
    /// new secret works at once, and an unknown client costs what a wrong secret costs: one hash, one look-up in the
    /// store, one comparison.
    pub(super) async fn let_in(
        &self,
        presented: &BasicCredentials,
        now: UnixTime,
    ) -> Result<Client, OAuthError> {
        let (id, network) = (&presented.client_id, self.network);
        let recent = self.directory.recent(id);
        let wait = self.failures.too_many(id, network);
        let may_prove = recent.is_some() || self.failures.has_proved_something(id, network);
        let refused = |retry_after| OAuthError::TooManyFailures { client: id.clone(), retry_after };
        if let Some(retry_after) = wait.filter(|_| !may_prove) {
            return Err(refused(retry_after));
        }
        let hash = SecretHash::of(&presented.secret);
        if let Some(known) = recent
            && let Some(credential) = proven_by(&known.secrets, &hash, now)
        {
            self.failures.succeeded(id, network, hash);
            return Ok(Client { known, credential });
        }
        let has_proved = self.failures.has_proved(id, network, &hash);
        if let Some(retry_after) = wait.filter(|_| !has_proved) {
            return Err(refused(retry_after));
        }
        let outcome = self.look_up(id, &hash, has_proved, now).await;
        match &outcome {
            Ok(_) => self.failures.succeeded(id, network, hash),
            Err(OAuthError::UnknownClient(_) | OAuthError::WrongSecret(_)) => {
                self.failures.failed(id, network, &hash);
            }
            Err(_) => {}
        }
        outcome
    }

    async fn look_up(
        &self,
        id: &ClientId,
        hash: &SecretHash,
        has_proved: bool,
        now: UnixTime,
    ) -> Result<Client, OAuthError> {
        // Who proved nothing yet waits for others of that kind, and nobody waits for them.
        let _place = if has_proved { None } else { Some(self.directory.place_for_a_stranger().await?) };
        let seen = self.directory.state();
        let current = self.directory.current(id, now).await?;
        let secrets = current.as_ref().map_or(&[][..], |client| &client.secrets);
        match (proven_by(secrets, hash, now), current) {
            (Some(credential), Some(known)) => {
                self.directory.remember(&known, seen);
                Ok(Client { known, credential })
            }
            (_, Some(_)) => Err(OAuthError::WrongSecret(id.clone())),
            (_, None) => Err(OAuthError::UnknownClient(id.clone())),
        }
    }
}

/// The secret whose hash this is. Every one is compared, so that the time does not tell which one matched,
/// and where there is none, nothing is.
fn proven_by(secrets: &[StoredSecret], hash: &SecretHash, now: UnixTime) -> Option<CredentialId> {
    if secrets.is_empty() {
        std::hint::black_box(SecretHash::of_nothing().matches(hash));
    }
    let works = |secret: &StoredSecret| secret.expires_at.is_none_or(|end| now < end);
    secrets.iter().fold(None, |proven, secret| {
        if secret.hash.matches(hash) && works(secret) { Some(secret.id) } else { proven }
    })
}
