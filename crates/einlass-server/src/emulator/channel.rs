//! The demonstration channel: a marketplace with a refresh token, and one for the seller that the merchant is there.

use super::Seed;
use super::demonstration::unless_there;
use einlass_protocol::ids::{CredentialId, OrganisationId, TenantId};
use einlass_protocol::scx::{ChannelName, ScopeWord};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{Channel, NewRefreshToken, Store, StoreError, TokenOwner};

/// What a client of the demonstration channel needs.
#[derive(Clone, Debug)]
pub struct DemonstrationChannel {
    /// What the channel is called.
    pub name: ChannelName,
    /// What the channel exchanges for its `authToken`.
    pub refresh_token: Secret,
    /// What the merchant exchanges for the seller's.
    pub seller_refresh_token: Secret,
}

impl DemonstrationChannel {
    /// The values that this seed stands for.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the name is a constant")]
    pub fn of(seed: &Seed) -> Self {
        Self {
            name: "DEVCHANNEL".parse().expect("the name is well formed"),
            refresh_token: seed.secret(SecretKind::ChannelToken, "channel"),
            seller_refresh_token: seed.secret(SecretKind::SellerToken, "seller"),
        }
    }

    /// Records it. What is there already stays as it is.
    pub(super) async fn record(
        &self,
        seed: &Seed,
        operator: OrganisationId,
        seller: TenantId,
        store: &Store,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let channel = Channel {
            name: self.name.clone(),
            organisation: operator,
            scope_word: ScopeWord::default(),
            sign_up_url: "https://marketplace.example/sign-up".into(),
            update_url: "https://marketplace.example/update".into(),
        };
        unless_there(store.create_channel(&channel, now).await)?;
        let tokens = [
            ("channel token", TokenOwner::Channel(self.name.clone()), &self.refresh_token),
            ("seller token", TokenOwner::Seller(seller), &self.seller_refresh_token),
        ];
        for (id, owner, clear) in tokens {
            let new = NewRefreshToken {
                id: CredentialId::new(seed.uuid(id)),
                owner,
                name: "dev".into(),
                hash: SecretHash::of(clear),
                expires_at: None,
            };
            unless_there(store.add_refresh_token(&new, now).await)?;
        }
        Ok(())
    }
}
