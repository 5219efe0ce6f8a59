//! The answer of an introspection endpoint (RFC 7662 §2.2).

use super::TokenType;
use crate::claims::AccessClaims;
use crate::ids::{AppId, ClientId, CredentialId, TokenId};
use crate::scope::ScopeSet;
use serde::Serialize;

/// What is said of a token.
#[derive(Debug, Serialize)]
pub struct Introspection {
    active: bool,
    #[serde(flatten)]
    token: Option<Said>,
}

/// The members of RFC 7662 §2.2, and ours.
#[derive(Debug, Serialize)]
struct Said {
    iss: String,
    sub: String,
    aud: String,
    client_id: ClientId,
    app_id: AppId,
    credential_id: CredentialId,
    token_type: TokenType,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: TokenId,
    scope: ScopeSet,
}

impl Introspection {
    /// A token that does not work, or is none of the caller's business: nothing else is said of it.
    #[must_use]
    pub const fn inactive() -> Self {
        Self { active: false, token: None }
    }

    /// A token that works.
    #[must_use]
    pub fn active(claims: AccessClaims) -> Self {
        let token = Said {
            iss: claims.issuer,
            sub: claims.subject,
            aud: claims.audience,
            client_id: claims.client_id,
            app_id: claims.app_id,
            credential_id: claims.credential_id,
            token_type: TokenType::Bearer,
            iat: claims.issued_at.seconds(),
            nbf: claims.issued_at.seconds(),
            exp: claims.expires_at.seconds(),
            jti: claims.token_id,
            scope: claims.scope,
        };
        Self { active: true, token: Some(token) }
    }
}
