//! What is known of a caller by its token alone, and how an upstream is told of it: the same whenever the token comes.

use super::headers;
use einlass_protocol::claims::AccessClaims;
use http::HeaderValue;
use std::sync::Arc;

/// A token's claims, ready to be passed on.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) claims: Arc<AccessClaims>,
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
        Self { claims: Arc::clone(claims), values: Values::of(claims) }
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
