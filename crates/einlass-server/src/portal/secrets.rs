//! What apps and channels prove themselves by: several at once, so that one can follow another while calls go on.

use crate::Platform;
use crate::admin::{name_of_person, new_refresh_token, new_secret};
use crate::audit::Actor;
use einlass_protocol::ids::{ClientId, CredentialId};
use einlass_protocol::revocation::Subject;
use einlass_protocol::secret::Secret;
use einlass_store::{
    App, Channel, ClientKind, ClientSecret, Page, PageSize, RefreshToken, StoreError, TokenOwner,
};
use std::time::Duration;

/// How many refresh tokens of a channel count at once, for all that its partner makes.
const MOST_TOKENS: usize = 20;

/// Why no secret is made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretFault {
    #[error("the name is none")]
    Name,
    #[error("the app has no such client that keeps secrets")]
    NoClient,
    #[error("the operator has shut it out")]
    ShutOut,
    #[error("as many as there may be count already")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Platform {
    /// One more secret for a client of this app's. It works at once, beside those before it.
    pub(crate) async fn add_secret(
        &self,
        app: &App,
        client: &ClientId,
        name: &str,
        lasts: Option<Duration>,
        actor: &Actor,
    ) -> Result<Secret, SecretFault> {
        let name = name_of_person(name).ok_or(SecretFault::Name)?;
        if self.store.app_shut_out_at(app.id).await?.is_some() {
            return Err(SecretFault::ShutOut);
        }
        let found = self.store.client(client).await?;
        found
            .filter(|found| found.app == app.id && found.kind == ClientKind::Service)
            .ok_or(SecretFault::NoClient)?;
        let expires_at = lasts.map(|span| self.clock.wall().plus(span));
        let (new, clear) = new_secret(self, client, &name, expires_at);
        let detail = format!("{name}, of client {client}");
        let event = self.event(actor, "create secret", &new.id.to_string(), &detail);
        self.store.add_client_secret(&new, &event).await?;
        Ok(clear)
    }

    /// A secret of this app's, and whose it is; `None` for another app's.
    pub(crate) async fn secret_of(
        &self,
        app: &App,
        secret: CredentialId,
    ) -> Result<Option<(ClientId, ClientSecret)>, StoreError> {
        let Some((client, secret)) = self.store.client_secret(secret).await? else { return Ok(None) };
        let owner = self.store.client(&client).await?;
        Ok(owner.filter(|owner| owner.app == app.id).map(|_| (client, secret)))
    }

    /// One more refresh token for a channel. It works at once, beside those before it.
    pub(crate) async fn add_channel_token(
        &self,
        channel: &Channel,
        name: &str,
        lasts: Option<Duration>,
        actor: &Actor,
    ) -> Result<Secret, SecretFault> {
        let name = name_of_person(name).ok_or(SecretFault::Name)?;
        if self.store.channel_shut_out_at(&channel.name).await?.is_some() {
            return Err(SecretFault::ShutOut);
        }
        let page = Page { after: None, size: PageSize::MOST };
        let known = self.store.refresh_tokens_of_channel(&channel.name, &page).await?;
        let now = self.clock.wall();
        let counts = |token: &&RefreshToken| {
            token.revoked_at.is_none() && token.expires_at.is_none_or(|end| end > now)
        };
        if known.iter().filter(counts).count() >= MOST_TOKENS {
            return Err(SecretFault::TooMany);
        }
        let owner = TokenOwner::Channel(channel.name.clone());
        let (_, clear) = new_refresh_token(self, owner, name, lasts, actor).await?;
        Ok(clear)
    }

    /// Ends a secret or a refresh token. When this returns, nothing that came from it is let in.
    pub(crate) async fn end_credential(&self, id: CredentialId, actor: &Actor) -> Result<(), StoreError> {
        self.revoke(Subject::Credential(id), actor).await
    }
}
