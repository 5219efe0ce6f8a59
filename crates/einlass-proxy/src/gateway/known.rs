//! What is known of a caller by its token alone, and how an upstream is told of it: the same whenever the token comes.

use super::headers;
use einlass_protocol::claims::{AccessClaims, AppClaims};
use einlass_protocol::ids::{CredentialId, TenantId};
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::scope::ScopeSet;
use http::HeaderValue;
use std::sync::Arc;

/// A token's claims, ready to be passed on.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) claims: Arc<AccessClaims>,
    /// The only tenant that it counts for: an app token's. It names no scopes, and opens what the tenant granted the app.
    pub(super) tenant: Option<TenantId>,
    /// `None` when the subject fits into no field.
    pub(super) values: Option<Values>,
}

/// Claims as values of fields.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) app: HeaderValue,
    pub(super) client: HeaderValue,
    /// The person, if one stands behind the token.
    pub(super) user: Option<HeaderValue>,
    pub(super) scopes: HeaderValue,
}

impl Known {
    pub(super) fn of(claims: &Arc<AccessClaims>) -> Self {
        Self { claims: Arc::clone(claims), tenant: None, values: Values::of(claims) }
    }

    /// The app stands where a client and its secret would: a person in front of it is all that the token came from.
    pub(super) fn of_app_token(token: &AppClaims) -> Result<Self, TokenRejected> {
        let client_id = token.app.to_string().parse();
        let claims = AccessClaims {
            issuer: token.issuer.clone(),
            subject: token.subject.clone(),
            audience: token.app.to_string(),
            client_id: client_id.map_err(|_| TokenRejected::App)?,
            app_id: token.app,
            credential_id: CredentialId::new(token.app.uuid()),
            token_id: token.token_id.ok_or(TokenRejected::Malformed("no `jti`"))?,
            scope: ScopeSet::default(),
            issued_at: token.issued_at,
            expires_at: token.expires_at,
        };
        let known = Self::of(&Arc::new(claims));
        Ok(Self { tenant: Some(token.tenant), ..known })
    }

    /// What it may do of what a tenant granted its app.
    pub(super) fn scopes<'a>(&'a self, granted: &'a ScopeSet) -> &'a ScopeSet {
        if self.tenant.is_some() { granted } else { &self.claims.scope }
    }
}

impl Values {
    fn of(claims: &AccessClaims) -> Option<Self> {
        let value = |text: &str| HeaderValue::from_str(text).ok();
        let user = if claims.is_user_bound() { Some(value(&claims.subject)?) } else { None };
        Some(Self {
            app: headers::id(claims.app_id.uuid()),
            client: value(claims.client_id.as_str())?,
            user,
            scopes: value(&claims.scope.to_string())?,
        })
    }
}
