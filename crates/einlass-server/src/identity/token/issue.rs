//! Issue: the one place where access tokens are made.

use super::scope::Narrowed;
use crate::Platform;
use crate::identity::OAuthError;
use crate::identity::client::Client;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::TokenId;
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use std::time::Duration;

/// RFC 9068 §2.1.
const ACCESS_TOKEN_TYPE: &str = "at+jwt";

/// A token, ready to be handed over.
pub(super) struct Issued {
    pub(super) token: Secret,
    pub(super) claims: AccessClaims,
    pub(super) lifetime: Duration,
    pub(super) tells_scope: bool,
}

/// Makes an access token (RFC 9068), issued at the moment when its client began to prove who it is: so a revocation in
/// between denies it.
pub(super) async fn access_token(
    platform: &Platform,
    client: &Client,
    subject: String,
    narrowed: Narrowed,
    at: UnixTime,
) -> Result<Issued, OAuthError> {
    let key = platform.keys.ring().signing(client.algorithm(), at).ok_or(OAuthError::NoSigningKey)?;
    let lifetime = platform.settings.access_token_lifetime;
    let claims = AccessClaims {
        issuer: platform.settings.public_url.clone(),
        subject,
        audience: platform.settings.audience.clone(),
        client_id: client.id().clone(),
        app_id: client.app(),
        credential_id: client.credential,
        token_id: TokenId::new(platform.random.uuid()),
        scope: narrowed.scope,
        issued_at: at,
        expires_at: at.plus(lifetime),
    };
    let token = platform.pool.sign(Some(client.id()), key, ACCESS_TOKEN_TYPE, claims.to_json()).await?;
    Ok(Issued { token: Secret::new(token), claims, lifetime, tells_scope: narrowed.was_asked_for })
}
