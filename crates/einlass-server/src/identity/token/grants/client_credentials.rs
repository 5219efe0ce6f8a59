//! The client acts for itself (RFC 6749 §4.4). Having proved who it is entitles it; it gets no refresh token
//! (§4.4.3), since it can always ask again.

use super::{Asked, Entitled};
use crate::identity::OAuthError;
use crate::identity::token::scope;

/// RFC 9068 §2.2: where no resource owner is involved, `sub` identifies the client.
pub(super) fn entitle(asked: &Asked<'_>) -> Result<Entitled, OAuthError> {
    let Asked { issuer, client, form, .. } = *asked;
    // RFC 6749 §4.4: for confidential clients alone.
    let credential = client.proof()?;
    let narrowed = scope::narrow(issuer, client, form.get("scope"))?;
    Ok(Entitled { subject: client.id().to_string(), credential, narrowed, granted: None })
}
