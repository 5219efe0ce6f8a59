//! What a client brings that a person gave it, a code or a refresh token: looked up before anything is held for it.
//!
//! Of a client without a secret anybody can say to be it. Whoever invents what it brings is counted like whoever guesses
//! secrets, and waits with them; but what there is counts however many fail at the same address.

use super::Client;
use crate::Platform;
use crate::identity::OAuthError;
use einlass_protocol::secret::SecretHash;
use einlass_store::{SeenGrant, StoreError};

impl Client {
    /// The grant that this is of.
    pub(in crate::identity) async fn vouched_for(
        &self,
        platform: &Platform,
        brought: &SecretHash,
        look_up: impl Future<Output = Result<Option<SeenGrant>, StoreError>>,
    ) -> Result<SeenGrant, OAuthError> {
        let refused = || OAuthError::GrantRefused(self.id().clone());
        let Some(network) = self.is_unproved_at() else {
            return look_up.await?.ok_or_else(refused);
        };
        let failures = &platform.failures;
        let is_known = failures.has_proved(self.id(), network, brought);
        let _place = if is_known { None } else { Some(platform.clients.place_for_a_stranger().await?) };
        if let Some(seen) = look_up.await? {
            return Ok(seen);
        }
        if let Some(retry_after) = failures.too_many(self.id(), network) {
            return Err(OAuthError::TooManyFailures { client: self.id().clone(), retry_after });
        }
        failures.failed(self.id(), network, brought);
        Err(refused())
    }

    /// What it brought counted, and this is what it will bring next.
    pub(in crate::identity) fn will_bring(&self, platform: &Platform, next: SecretHash) {
        if let Some(network) = self.is_unproved_at() {
            platform.failures.succeeded(self.id(), network, next);
        }
    }
}
