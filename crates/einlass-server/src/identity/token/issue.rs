//! Issue: the one place where access tokens are made.

use super::grants::{Asked, Entitled};
use crate::Platform;
use crate::identity::OAuthError;
use einlass_protocol::claims::{AccessClaims, IdClaims};
use einlass_protocol::ids::TokenId;
use einlass_protocol::jose::Algorithm;
use einlass_protocol::oauth::Generation;
use einlass_protocol::secret::Secret;
use einlass_store::Granted;
use std::time::Duration;

/// RFC 9068 §2.1.
const ACCESS_TOKEN_TYPE: &str = "at+jwt";
const ID_TOKEN_TYPE: &str = "JWT";

/// A token, ready to be handed over.
pub(super) struct Issued {
    pub(super) token: Secret,
    pub(super) claims: AccessClaims,
    pub(super) lifetime: Duration,
    pub(super) tells_scope: bool,
    pub(super) refresh_token: Option<Secret>,
    pub(super) id_token: Option<Secret>,
}

/// Makes an access token (RFC 9068), issued at the moment when its client began to prove who it is: so a revocation in
/// between denies it. Where a person stands behind it, an ID token too, if that was asked for.
pub(super) async fn tokens(
    platform: &Platform,
    asked: &Asked<'_>,
    Entitled { subject, credential, narrowed, granted }: Entitled,
) -> Result<Issued, OAuthError> {
    let Asked { client, at, .. } = *asked;
    let issuer = platform.issuer(asked.issuer);
    let algorithm = match asked.issuer {
        Generation::A => client.algorithm(),
        Generation::B => Algorithm::Rs256,
    };
    let key = issuer.keys.ring().signing(algorithm, at).ok_or(OAuthError::NoSigningKey)?;
    let lifetime = platform.settings.access_token_lifetime;
    let claims = AccessClaims {
        issuer: issuer.url.clone(),
        subject,
        audience: platform.settings.audience.clone(),
        client_id: client.id().clone(),
        app_id: client.app(),
        credential_id: credential,
        token_id: TokenId::new(platform.random.uuid()),
        scope: narrowed.scope,
        issued_at: at,
        expires_at: at.plus(lifetime),
    };
    // What a person granted has been used up for this: it does not wait its client's turn.
    let owner = granted.is_none().then(|| client.id());
    let token = platform.pool.sign(owner, key, ACCESS_TOKEN_TYPE, claims.to_json()).await?;
    let (id_token, refresh_token) = match granted {
        Some((granted, renewed_by)) if granted.openid => {
            (Some(id_token(platform, asked, &granted, lifetime).await?), renewed_by)
        }
        Some((_, renewed_by)) => (None, renewed_by),
        None => (None, None),
    };
    let (token, tells_scope) = (Secret::new(token), narrowed.was_asked_for);
    Ok(Issued { token, claims, lifetime, tells_scope, refresh_token, id_token })
}

/// Who signed in, for the client alone (OpenID Connect Core §2). RS256 whatever the client's access tokens are.
async fn id_token(
    platform: &Platform,
    &Asked { issuer, client, at, .. }: &Asked<'_>,
    granted: &Granted,
    lifetime: Duration,
) -> Result<Secret, OAuthError> {
    let issuer = platform.issuer(issuer);
    let key = issuer.keys.ring().signing(Algorithm::Rs256, at).ok_or(OAuthError::NoSigningKey)?;
    let claims = IdClaims {
        issuer: issuer.url.clone(),
        subject: granted.person,
        client_id: client.id().clone(),
        nonce: granted.nonce.clone(),
        proved_at: granted.proved_at,
        issued_at: at,
        expires_at: at.plus(lifetime),
    };
    let token = platform.pool.sign(None, key, ID_TOKEN_TYPE, claims.to_json()).await?;
    Ok(Secret::new(token))
}
