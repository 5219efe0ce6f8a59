//! Grants: what entitles a client to a token. One file each; a grant says on whose behalf the token acts and what it may hold,
//! and leaves everything else to the pipeline.

mod authorization_code;
mod client_credentials;
mod refresh_token;

use super::scope::Narrowed;
use crate::Platform;
use crate::audit::Actor;
use crate::identity::OAuthError;
use crate::identity::client::Client;
use crate::identity::granting::Bearer;
use einlass_protocol::ids::CredentialId;
use einlass_protocol::oauth::{Form, Generation};
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use einlass_store::Granted;
use std::sync::Arc;

/// A grant that a request asks for (RFC 6749 §1.3).
pub(super) enum Grant {
    ClientCredentials,
    AuthorizationCode,
    RefreshToken,
}

/// What is asked for, by a client that proved who it is.
pub(super) struct Asked<'r> {
    pub(super) issuer: Generation,
    pub(super) client: &'r Client,
    pub(super) form: &'r Form,
    pub(super) actor: &'r Actor,
    /// When the client began to prove it.
    pub(super) at: UnixTime,
}

impl Asked<'_> {
    /// The client, as whoever brings what a person gave it.
    fn bearer(&self) -> Bearer {
        Bearer { client: self.client.clone(), issuer: self.issuer, actor: self.actor.clone() }
    }
}

/// What a grant entitles to.
pub(super) struct Entitled {
    /// The token's `sub`: who acts.
    pub(super) subject: String,
    /// What the token came from, so that it can be revoked alone.
    pub(super) credential: CredentialId,
    pub(super) narrowed: Narrowed,
    /// What a person granted, if one did, and what renews it.
    pub(super) granted: Option<(Granted, Option<Secret>)>,
}

impl Grant {
    pub(super) fn of(form: &Form) -> Result<Self, OAuthError> {
        match form.get("grant_type") {
            Some("client_credentials") => Ok(Self::ClientCredentials),
            Some("authorization_code") => Ok(Self::AuthorizationCode),
            Some("refresh_token") => Ok(Self::RefreshToken),
            Some(_) => Err(OAuthError::UnsupportedGrantType),
            None => Err(OAuthError::MissingGrantType),
        }
    }

    pub(super) async fn entitle(
        &self,
        platform: &Arc<Platform>,
        asked: &Asked<'_>,
    ) -> Result<Entitled, OAuthError> {
        match self {
            Self::ClientCredentials => client_credentials::entitle(asked),
            Self::AuthorizationCode => authorization_code::entitle(platform, asked).await,
            Self::RefreshToken => refresh_token::entitle(platform, asked).await,
        }
    }
}

impl Entitled {
    /// To what a person granted: scopes that the app may have no more are not in it.
    fn by_person(client: &Client, granted: Granted, renewed_by: Option<Secret>) -> Self {
        let scope = granted.scope.intersection(client.scopes());
        Self {
            subject: granted.person.to_string(),
            credential: granted.grant.into(),
            narrowed: Narrowed { scope, was_asked_for: true },
            granted: Some((granted, renewed_by)),
        }
    }
}
