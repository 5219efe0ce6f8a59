//! What an `authToken` says.

use super::{AccountId, ChannelName};
use crate::ids::{CredentialId, TenantId, TokenId};
use crate::scope::{Scope, ScopeSet};
use crate::time::UnixTime;
use serde::Serialize;
use std::fmt;

/// The `typ` of an `authToken` (RFC 8725 §3.11): no access token, and no access token is one.
pub const AUTH_TOKEN_TYPE: &str = "scx+jwt";

/// Whose a token is, and with that what it opens.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Party {
    /// A channel: `/v1/channel` and what is below.
    Channel(ChannelName),
    /// A tenant that sells: `/v1/seller` and what is below.
    Seller {
        /// Its number at channels.
        account: AccountId,
        /// Which tenant it is.
        tenant: TenantId,
    },
}

impl Party {
    /// `CHANNEL` or `SELLER`.
    #[must_use]
    pub const fn scope(&self) -> &'static str {
        match self {
            Self::Channel(_) => "CHANNEL",
            Self::Seller { .. } => "SELLER",
        }
    }

    /// The same as what the marketplace's document asks for.
    #[must_use]
    pub fn scopes(&self) -> ScopeSet {
        self.scope().parse::<Scope>().into_iter().collect()
    }

    /// Whether it may call this path: its own part of `/v1` alone.
    #[must_use]
    pub fn opens(&self, path: &str) -> bool {
        match self {
            Self::Channel(_) => lies_in(CHANNELS, path),
            Self::Seller { .. } => lies_in(SELLERS, path),
        }
    }

    /// Whether this path is in the other's part of `/v1`.
    #[must_use]
    pub fn is_kept_out_of(&self, path: &str) -> bool {
        match self {
            Self::Channel(_) => lies_in(SELLERS, path),
            Self::Seller { .. } => lies_in(CHANNELS, path),
        }
    }
}

const CHANNELS: &str = "/v1/channel";
const SELLERS: &str = "/v1/seller";

/// Whole segments count.
fn lies_in(part: &str, path: &str) -> bool {
    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(name) => write!(f, "channel {name}"),
            Self::Seller { account, .. } => write!(f, "seller {account}"),
        }
    }
}

/// An `authToken`'s claims.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ScxClaims {
    /// `iss`: the issuer for channels, which has keys of its own.
    pub issuer: String,
    /// `aud`: what it is for.
    pub audience: String,
    /// `sub`, `scope` and, of a seller, `tenant_id`: whose it is.
    pub party: Party,
    /// `credential_id`: the refresh token it came from, so that a leaked one can be revoked alone.
    pub credential_id: CredentialId,
    /// `jti`: this token.
    pub token_id: TokenId,
    /// `iat` and `nbf`.
    pub issued_at: UnixTime,
    /// `exp`.
    pub expires_at: UnixTime,
}

impl ScxClaims {
    /// The JWT's payload.
    #[must_use]
    pub fn to_json(&self) -> String {
        let (subject, tenant) = match &self.party {
            Party::Channel(name) => (name.to_string(), None),
            Party::Seller { account, tenant } => (account.to_string(), Some(*tenant)),
        };
        let wire = Wire {
            iss: &self.issuer,
            sub: &subject,
            aud: &self.audience,
            scope: self.party.scope(),
            tenant_id: tenant,
            credential_id: self.credential_id,
            iat: self.issued_at.seconds(),
            nbf: self.issued_at.seconds(),
            exp: self.expires_at.seconds(),
            jti: self.token_id,
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<TenantId>,
    credential_id: CredentialId,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: TokenId,
}
