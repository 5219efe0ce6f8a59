//! Issue: the one place where access tokens are made.

use super::TokenError;
use super::authenticate::Client;
use super::scope::Narrowed;
use crate::Platform;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::TokenId;
use einlass_protocol::secret::Secret;
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

/// Makes an access token (RFC 9068).
pub(super) async fn access_token(
    platform: &Platform,
    client: &Client,
    subject: String,
    narrowed: Narrowed,
) -> Result<Issued, TokenError> {
    let key = platform.keys.signing(client.algorithm()).ok_or(TokenError::NoSigningKey)?;
    let lifetime = platform.settings.access_token_lifetime;
    let now = platform.clock.wall();
    let claims = AccessClaims {
        issuer: platform.settings.public_url.clone(),
        subject,
        audience: platform.settings.audience.clone(),
        client_id: client.id().clone(),
        app_id: client.app(),
        credential_id: client.credential,
        token_id: TokenId::new(platform.random.uuid()),
        scope: narrowed.scope,
        issued_at: now,
        expires_at: now.plus(lifetime),
    };
    let token = platform.pool.sign(key, ACCESS_TOKEN_TYPE, claims.to_json()).await?;
    Ok(Issued { token: Secret::new(token), claims, lifetime, tells_scope: narrowed.was_asked_for })
}
