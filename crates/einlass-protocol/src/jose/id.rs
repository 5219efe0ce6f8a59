//! ID tokens, as the client that they are for checks them (OpenID Connect Core §3.1.3.7), and their issuer when one comes back.

use super::compact::Unverified;
use super::key_set::KeySet;
use super::times::Span;
use super::{Algorithm, TokenRejected};
use crate::claims::Audience;
use crate::ids::ClientId;
use crate::time::UnixTime;
use serde::Deserialize;
use serde_json::{Map, Value};

const TYPE: &str = "JWT";
/// What the claims of the platform's other tokens begin with.
const FOREIGN: &str = "urn:jtl:";
/// OpenID Connect Core §2.
const LONGEST_SUBJECT: usize = 255;

/// Checks ID tokens of one issuer for one client.
#[derive(Clone, Debug)]
pub struct IdVerifier {
    issuer: String,
    client: ClientId,
}

/// What a verified ID token says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// `sub`: who signed in, as the issuer calls them.
    pub subject: String,
    /// `iat`.
    pub issued_at: UnixTime,
    /// `exp`.
    pub expires_at: UnixTime,
}

impl IdVerifier {
    /// Accepts ID tokens of `issuer` for `client`; clocks may differ by 30 seconds.
    #[must_use]
    pub fn new(issuer: impl Into<String>, client: ClientId) -> Self {
        Self { issuer: issuer.into(), client }
    }

    /// Checks form, kind, signature, times, issuer, audience and nonce, in this order: nothing that the token says is
    /// believed before its signature is. `nonce` is what was sent with the request that the token answers.
    pub fn verify(
        &self,
        token: &str,
        nonce: &str,
        keys: &KeySet,
        now: UnixTime,
    ) -> Result<Identity, TokenRejected> {
        self.judge(signed(token, keys)?, nonce, now)
    }

    fn judge(&self, claims: Claims, nonce: &str, now: UnixTime) -> Result<Identity, TokenRejected> {
        let span = Span::new(claims.exp, claims.iat, claims.nbf);
        span.check(now)?;
        if claims.iss != self.issuer {
            return Err(TokenRejected::Issuer);
        }
        self.check_audience(&claims)?;
        if claims.nonce.as_deref() != Some(nonce) {
            return Err(TokenRejected::Nonce);
        }
        Ok(Identity { subject: claims.sub, issued_at: span.issued_at, expires_at: span.expires_at })
    }

    /// The client is among those that it is for; where there are several, it is the one that it was issued to.
    fn check_audience(&self, claims: &Claims) -> Result<(), TokenRejected> {
        let is_several = matches!(&claims.aud, Audience::Several(audiences) if audiences.len() > 1);
        let party = claims.azp.as_deref();
        let is_ours = party.map_or(!is_several, |party| party == self.client.as_str());
        if is_ours && claims.aud.contains(self.client.as_str()) {
            return Ok(());
        }
        Err(TokenRejected::Audience)
    }
}

/// What an ID token says that comes back to its issuer as a hint of who is meant (OpenID Connect Core §3.1.2.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdHint {
    /// `sub`: who had signed in.
    pub subject: String,
    /// `aud`: the client that it was issued to.
    pub client: ClientId,
}

impl IdHint {
    /// Checks form, kind, signature, issuer and audience of an ID token that `issuer` gave away. It says who is meant and opens
    /// nothing, so that its times are not looked at: clients bring it long after it has expired.
    pub fn verify(token: &str, issuer: &str, keys: &KeySet) -> Result<Self, TokenRejected> {
        let claims = signed(token, keys)?;
        if claims.iss != issuer {
            return Err(TokenRejected::Issuer);
        }
        let Audience::One(client) = claims.aud else {
            return Err(TokenRejected::Audience);
        };
        let client = client.parse().map_err(|_| TokenRejected::Audience)?;
        Ok(Self { subject: claims.sub, client })
    }
}

/// What an ID token says, once it is one and its signature was checked.
fn signed(token: &str, keys: &KeySet) -> Result<Claims, TokenRejected> {
    let unverified = Unverified::parse(token)?;
    let header = &unverified.header;
    // RFC 8725 §3.11: an access token says that it is one.
    if header.typ.as_deref().is_some_and(|typ| !typ.eq_ignore_ascii_case(TYPE)) {
        return Err(TokenRejected::Type(header.typ.clone()));
    }
    if header.alg != Algorithm::Rs256.as_str() {
        return Err(TokenRejected::Algorithm { expected: Algorithm::Rs256, found: header.alg.clone() });
    }
    let kid = header.kid.as_deref().ok_or(TokenRejected::Malformed("no `kid` in the header"))?;
    keys.check(Some(kid), &header.alg, unverified.message, &unverified.signature)?;
    read(&unverified.payload()?)
}

/// Reads a payload, unless it is that of another kind of token.
fn read(payload: &[u8]) -> Result<Claims, TokenRejected> {
    let malformed = |fault: serde_json::Error| TokenRejected::Claims(fault.to_string());
    let named: Map<String, Value> = serde_json::from_slice(payload).map_err(malformed)?;
    if named.keys().any(|name| name.starts_with(FOREIGN)) {
        return Err(TokenRejected::OtherKind("urn:jtl:…"));
    }
    let claims: Claims = serde_json::from_slice(payload).map_err(malformed)?;
    if !(1..=LONGEST_SUBJECT).contains(&claims.sub.len()) {
        return Err(TokenRejected::Claims("`sub` names nobody".into()));
    }
    Ok(claims)
}

/// Serde refuses one that is there twice.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
}
