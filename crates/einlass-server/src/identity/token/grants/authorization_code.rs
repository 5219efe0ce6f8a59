//! A person let the client act for them, at the authorization endpoint, and the browser brought the client a code
//! (RFC 6749 §4.1.3, RFC 7636 §4.5).

use super::{Asked, Entitled};
use crate::Platform;
use crate::identity::OAuthError;
use crate::identity::granting::Redeeming;
use einlass_protocol::oauth::CodeVerifier;
use einlass_protocol::secret::Secret;
use std::sync::Arc;

pub(super) async fn entitle(platform: &Arc<Platform>, asked: &Asked<'_>) -> Result<Entitled, OAuthError> {
    let Asked { client, form, at, .. } = *asked;
    let needed = |name| form.get(name).ok_or(OAuthError::MissingParameter(name));
    let code = Secret::new(needed("code")?.to_owned());
    let redirect_uri = needed("redirect_uri")?.to_owned();
    // RFC 7636 §4.1: what cannot be a verifier is no attempt at the code, which is not looked at and counts on.
    let verifier = CodeVerifier::parse(needed("code_verifier")?.to_owned())
        .map_err(|_| OAuthError::GrantRefused(client.id().clone()))?;
    platform.pool.expect_room()?;
    let redeeming = Redeeming { by: asked.bearer(), code, redirect_uri, verifier };
    let (granted, renewed_by) = redeeming.redeem(platform, at).await?;
    Ok(Entitled::by_person(client, granted, renewed_by))
}
