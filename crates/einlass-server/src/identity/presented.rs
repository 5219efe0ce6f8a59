//! The token that a client asks about.

use super::{Issuer, OAuthError};
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::oauth::Form;
use einlass_protocol::time::UnixTime;

/// What `token` says, if it is an access token of this issuer's that has not expired. `token_type_hint` is passed over: there is
/// one type (RFC 7009 §2.1, RFC 7662 §2.1).
pub(super) fn access_token(
    issuer: &Issuer,
    form: &Form,
    now: UnixTime,
) -> Result<Option<AccessClaims>, OAuthError> {
    let token = form.get("token").ok_or(OAuthError::MissingToken)?;
    Ok(issuer.verifier.verify(token, issuer.keys.ring().key_set(), now).ok())
}
