//! What an ID token says (OpenID Connect Core §2).

use crate::ids::{ClientId, PersonId};
use crate::time::UnixTime;
use serde::Serialize;

/// An ID token's claims: who signed in, for the client that asked and nobody else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdClaims {
    /// `iss`: who issued it.
    pub issuer: String,
    /// `sub`: who signed in.
    pub subject: PersonId,
    /// `aud`: the client.
    pub client_id: ClientId,
    /// `nonce`: what the client sent along, if it did.
    pub nonce: Option<String>,
    /// `auth_time`: when the person proved it last.
    pub proved_at: UnixTime,
    /// `iat`.
    pub issued_at: UnixTime,
    /// `exp`.
    pub expires_at: UnixTime,
}

impl IdClaims {
    /// The JWT's payload.
    #[must_use]
    pub fn to_json(&self) -> String {
        let wire = Wire {
            iss: &self.issuer,
            sub: self.subject,
            aud: &self.client_id,
            iat: self.issued_at.seconds(),
            exp: self.expires_at.seconds(),
            auth_time: self.proved_at.seconds(),
            nonce: self.nonce.as_deref(),
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    iss: &'a str,
    sub: PersonId,
    aud: &'a ClientId,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}
