//! Who calls: exactly one bearer token (RFC 6750 §2.1), and keys that say whether it is ours.

use super::known::Known;
use super::refusal::Refusal;
use super::remembered::{Digest, Remembered};
use einlass_client::keyset::KeySetCache;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::jose::{AccessVerifier, AppVerifier, KeySet, RememberedToken, TokenRejected};
use einlass_protocol::time::UnixTime;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use std::fmt;
use std::sync::Arc;

/// Which tokens of apps are accepted. Clones share what is remembered of them.
#[derive(Clone)]
pub struct AccessTokens {
    first: Issuer,
    /// None at a gateway that takes one issuer's alone.
    second: Option<Issuer>,
    remembered: Remembered,
}

/// An issuer: what its tokens have to say, and the keys that sign them. What one has signed another's name does not help.
#[derive(Clone)]
struct Issuer {
    access: AccessVerifier,
    /// What app tokens have to say, if it issues any.
    app: Option<AppVerifier>,
    keys: KeySetCache,
}

impl AccessTokens {
    /// Those that `verifier` accepts and one of the keys has signed.
    #[must_use]
    pub fn new(verifier: AccessVerifier, keys: KeySetCache) -> Self {
        let first = Issuer { access: verifier, app: None, keys };
        Self { first, second: None, remembered: Remembered::default() }
    }

    /// And those of an issuer that has app tokens too.
    #[must_use]
    pub fn and_of(self, access: AccessVerifier, app: AppVerifier, keys: KeySetCache) -> Self {
        Self { second: Some(Issuer { access, app: Some(app), keys }), ..self }
    }

    /// What the caller's token says.
    pub(super) async fn of(&self, headers: &HeaderMap, now: UnixTime) -> Result<Arc<Known>, Refusal> {
        let token = bearer(headers)?;
        let digest = Digest::of(token);
        let verify = |issuer: &Issuer, keys: &Arc<KeySet>| {
            if let Some(entry) = self.remembered.find(&digest, keys) {
                return entry.token.at(now).map(|_| Arc::clone(&entry.known));
            }
            let (verified, known) = issuer.verify(token, keys, now)?;
            self.remembered.keep(digest, verified, Arc::clone(&known), keys);
            Ok(known)
        };
        let Some(second) = &self.second else {
            return with_keys(&self.first.keys, |keys| verify(&self.first, keys)).await;
        };
        // Whose key has signed it shows without asking anybody: newer keys are asked for when it is neither's.
        for issuer in [&self.first, second] {
            let Some(keys) = issuer.keys.current() else { continue };
            match verify(issuer, &keys) {
                Err(TokenRejected::UnknownKey(_)) => {}
                // The other one may have tokens of this kind.
                Err(TokenRejected::Type(_)) if issuer.app.is_none() => {}
                verdict => return Ok(verdict?),
            }
        }
        match with_keys(&self.first.keys, |keys| verify(&self.first, keys)).await {
            Err(Refusal::Token(TokenRejected::UnknownKey(_) | TokenRejected::Type(_))) => {
                with_keys(&second.keys, |keys| verify(second, keys)).await
            }
            verdict => verdict,
        }
    }
}

impl Issuer {
    /// Checks everything of a token that is new. What it says it is decides what it has to be.
    fn verify(
        &self,
        token: &str,
        keys: &KeySet,
        now: UnixTime,
    ) -> Result<(RememberedToken<AccessClaims>, Arc<Known>), TokenRejected> {
        match (self.access.verify_to_remember(token, keys, now), &self.app) {
            (Err(TokenRejected::Type(_)), Some(app)) => {
                let verified = app.verify_to_remember(token, keys, now)?;
                let known = Arc::new(Known::of_app_token(verified.at(now)?)?);
                Ok((verified.saying(Arc::clone(&known.claims)), known))
            }
            (verified, _) => {
                let verified = verified?;
                let known = Arc::new(Known::of(verified.at(now)?));
                Ok((verified, known))
            }
        }
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessTokens").field("first", &self.first.access).finish_non_exhaustive()
    }
}

/// Verifies with the keys at hand, and with newer ones where none of them has signed.
pub(super) async fn with_keys<T>(
    keys: &KeySetCache,
    verify: impl Fn(&Arc<KeySet>) -> Result<T, TokenRejected>,
) -> Result<T, Refusal> {
    let seen = match keys.current() {
        Some(keys) => keys,
        None => keys.after_miss(None).await?,
    };
    match verify(&seen) {
        Err(TokenRejected::UnknownKey(kid)) => {
            let newer = keys.after_miss(Some(&seen)).await?;
            if Arc::ptr_eq(&newer, &seen) {
                return Err(TokenRejected::UnknownKey(kid).into());
            }
            Ok(verify(&newer)?)
        }
        verdict => Ok(verdict?),
    }
}

/// The one bearer token of a request. Its length is the verifier's to judge.
pub(super) fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refusal::NoToken)?;
    // Two servers would each pick their own.
    if values.next().is_some() {
        return Err(Refusal::NotOneBearer);
    }
    let (scheme, token) = value.as_bytes().split_at_checked("Bearer ".len()).ok_or(Refusal::NotOneBearer)?;
    // RFC 9110 §11.1: the scheme is compared without case.
    let is_bearer = scheme.eq_ignore_ascii_case(b"Bearer ") && !token.is_empty() && is_one(token);
    str::from_utf8(token).ok().filter(|_| is_bearer).ok_or(Refusal::NotOneBearer)
}

/// Whether these are visible signs without a comma. Looks at all of them and in one byte what it saw, since many at once
/// are faster than one by one.
fn is_one(token: &[u8]) -> bool {
    let odd = |byte: u8| u8::from(byte.wrapping_sub(b'!') > b'~' - b'!') | u8::from(byte == b',');
    token.iter().fold(0, |seen, &byte| seen | odd(byte)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn bearer_of(values: &[&'static str]) -> Result<String, &'static str> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        bearer(&headers).map(str::to_owned).map_err(|refusal| refusal.code())
    }

    #[test]
    fn exactly_one_bearer_token_is_accepted() {
        assert_eq!(bearer_of(&["Bearer a.b.c"]), Ok("a.b.c".to_owned()));
        assert_eq!(bearer_of(&["bEARER a.b.c"]), Ok("a.b.c".to_owned()));
        assert_eq!(bearer_of(&[]), Err("TokenMissing"));
        for values in [
            &["Bearer a", "Bearer a"][..],
            &["Bearer a", "Basic x"],
            &["Bearer a, Bearer b"],
            &["Bearer"],
            &["Bearer "],
            &["Bearer  a"],
            &["Bearer a b"],
            &["Bearer a\tb"],
            &["Bearer\ta"],
            &["Bearer ä"],
            &["Basic x"],
            &["Wawi x"],
            &[""],
        ] {
            assert_eq!(bearer_of(values), Err("AuthorizationUnusable"), "{values:?}");
        }
    }
}
