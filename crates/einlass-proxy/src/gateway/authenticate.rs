//! Who calls: exactly one bearer token (RFC 6750 §2.1), and keys that say whether it is ours.

use super::known::Known;
use super::refusal::Refusal;
use super::remembered::{Digest, Remembered};
use einlass_client::keyset::KeySetCache;
use einlass_protocol::jose::{AccessVerifier, KeySet, TokenRejected};
use einlass_protocol::time::UnixTime;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use std::fmt;
use std::sync::Arc;

/// Which access tokens are accepted. Clones share what is remembered of them.
#[derive(Clone)]
pub struct AccessTokens {
    verifier: AccessVerifier,
    keys: KeySetCache,
    remembered: Remembered,
}

impl AccessTokens {
    /// Those that `verifier` accepts and one of the keys has signed.
    #[must_use]
    pub fn new(verifier: AccessVerifier, keys: KeySetCache) -> Self {
        Self { verifier, keys, remembered: Remembered::default() }
    }

    /// What the caller's token says.
    pub(super) async fn of(&self, headers: &HeaderMap, now: UnixTime) -> Result<Arc<Known>, Refusal> {
        let token = bearer(headers)?;
        with_keys(&self.keys, |keys| self.verify(token, keys, now)).await
    }

    /// Checks everything of a token that is new, and its times alone of one that these keys have let in before.
    fn verify(&self, token: &str, keys: &Arc<KeySet>, now: UnixTime) -> Result<Arc<Known>, TokenRejected> {
        let digest = Digest::of(token);
        if let Some(entry) = self.remembered.find(&digest, keys) {
            return entry.token.at(now).map(|_| Arc::clone(&entry.known));
        }
        let verified = self.verifier.verify_to_remember(token, keys, now)?;
        let known = Arc::new(Known::of(verified.at(now)?));
        self.remembered.keep(digest, verified, Arc::clone(&known), keys);
        Ok(known)
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessTokens").field("verifier", &self.verifier).finish_non_exhaustive()
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
