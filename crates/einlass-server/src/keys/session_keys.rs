//! The keys of session tokens: each app has its own, so that a token which one app's backend leaks says nothing at
//! another's. They are derived from the master key, so that every node has them and no store does, and change every thirty
//! days.

use super::MasterKey;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use einlass_protocol::claims::SessionClaims;
use einlass_protocol::ids::AppId;
use einlass_protocol::jose::{Jwk, base64url, session_signing_input};
use einlass_protocol::time::UnixTime;
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

/// How long a key signs.
const SIGNS_FOR: Duration = Duration::from_hours(30 * 24);
/// How long it is published before: longer than verifiers keep a key set without asking.
const ANNOUNCED_FOR: Duration = Duration::from_mins(15);
/// A token is good for no less, however near its key's end is.
const SHORTEST: Duration = Duration::from_secs(30);
/// How many keys are kept at hand: to derive one takes as long as three signatures.
const MOST_KEYS: u64 = 10_000;

/// What signs session tokens.
pub(crate) struct SessionKeys {
    master_key: Arc<MasterKey>,
    at_hand: Cache<(AppId, i64), Arc<Key>>,
}

struct Key {
    pair: Ed25519KeyPair,
    jwk: Jwk,
}

/// The number of a key among those of its app.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Generation(i64);

impl Generation {
    fn at(now: UnixTime) -> Self {
        Self(now.millis().div_euclid(millis(SIGNS_FOR)))
    }

    fn end(self) -> UnixTime {
        UnixTime::from_millis((self.0 + 1) * millis(SIGNS_FOR))
    }
}

impl SessionKeys {
    pub(crate) fn new(master_key: Arc<MasterKey>) -> Self {
        Self { master_key, at_hand: Cache::new(MOST_KEYS) }
    }

    /// When a token ends that is made now: with the key that signs it at the latest. So a backend that takes the first key of
    /// the set that it has just fetched is right, whichever token it is shown.
    pub(crate) fn end(lifetime: Duration, now: UnixTime) -> UnixTime {
        now.plus(lifetime).min(Generation::at(now).end().max(now.plus(SHORTEST)))
    }

    /// A token of this app's with these claims.
    pub(crate) fn sign(
        &self,
        app: AppId,
        claims: &SessionClaims,
        now: UnixTime,
    ) -> Result<String, Unspecified> {
        let input = session_signing_input(claims);
        let signature = self.key(app, Generation::at(now))?.pair.sign(input.as_bytes());
        Ok(format!("{input}.{}", base64url(signature.as_ref())))
    }

    /// The keys that check an app's tokens: the one that signs now, the one before while its tokens count, and the next one
    /// shortly before it signs.
    pub(crate) fn published(
        &self,
        app: AppId,
        lifetime: Duration,
        now: UnixTime,
    ) -> Result<Vec<Jwk>, Unspecified> {
        let signing = Generation::at(now);
        let before = Generation::at(now.minus(lifetime + SHORTEST));
        let after = Generation::at(now.plus(ANNOUNCED_FOR));
        let mut generations = vec![signing];
        generations.extend([before, after].into_iter().filter(|other| *other != signing));
        generations.into_iter().map(|generation| Ok(self.key(app, generation)?.jwk.clone())).collect()
    }

    fn key(&self, app: AppId, generation: Generation) -> Result<Arc<Key>, Unspecified> {
        if let Some(key) = self.at_hand.get(&(app, generation.0)) {
            return Ok(key);
        }
        let subject = format!("{app} {}", generation.0);
        let seed = self.master_key.derive("session token", subject.as_bytes())?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| Unspecified)?;
        let jwk = Jwk::ed25519(pair.public_key().as_ref());
        let key = Arc::new(Key { pair, jwk });
        self.at_hand.insert((app, generation.0), Arc::clone(&key));
        Ok(key)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "days fit")]
const fn millis(span: Duration) -> i64 {
    span.as_millis() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use einlass_protocol::ids::{PersonId, TenantId};
    use einlass_protocol::jose::{KeySet, verify_session};
    use uuid::Uuid;

    const LIFETIME: Duration = Duration::from_mins(5);

    fn keys() -> SessionKeys {
        SessionKeys::new(Arc::new(MasterKey::new([7; 32])))
    }

    fn app(number: u128) -> AppId {
        AppId::new(Uuid::from_u128(number))
    }

    fn token(keys: &SessionKeys, now: UnixTime) -> String {
        let claims = SessionClaims {
            user: PersonId::new(Uuid::from_u128(1)),
            tenant: TenantId::new(Uuid::from_u128(2)),
            customer_number: "10001".into(),
            tenant_slug: None,
            expires_at: SessionKeys::end(LIFETIME, now),
        };
        keys.sign(app(1), &claims, now).unwrap()
    }

    /// When a key ends.
    fn boundary() -> UnixTime {
        Generation::at(UnixTime::from_seconds(1_800_000_000)).end()
    }

    #[test]
    fn any_token_that_counts_is_checked_by_the_first_key_of_the_moment() {
        let keys = keys();
        for seconds in (-600..=600_i64).step_by(7) {
            let asked = UnixTime::from_seconds(boundary().seconds() + seconds);
            let set = keys.published(app(1), LIFETIME, asked).unwrap();
            let first = KeySet::from_jwks([set[0].clone()]);
            // Made at some time before, but for the last half minute of the key before.
            for age in [0, 1, 20, 120, 299] {
                let made = asked.minus(Duration::from_secs(age));
                if SessionKeys::end(LIFETIME, made) > asked && made.plus(SHORTEST) <= boundary()
                    || made >= boundary()
                {
                    assert!(verify_session(&token(&keys, made), &first, asked).is_ok(), "{seconds} {age}");
                }
                let all = KeySet::from_jwks(set.clone());
                if SessionKeys::end(LIFETIME, made) > asked {
                    assert!(verify_session(&token(&keys, made), &all, asked).is_ok(), "{seconds} {age}");
                }
            }
        }
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_until_its_tokens_have_ended() {
        let (keys, end) = (keys(), boundary());
        let at = |now: UnixTime| keys.published(app(1), LIFETIME, now).unwrap();
        let (middle, minute) = (end.minus(SIGNS_FOR / 2), Duration::from_mins(1));
        assert_eq!(at(middle).len(), 1);
        let (before, after) = (at(end.minus(minute)), at(end.plus(minute)));
        assert_eq!((before.len(), after.len()), (2, 2));
        assert_eq!((&before[0], &before[1]), (&after[1], &after[0]));
        assert_eq!(at(end.plus(minute * 10)), after[..1]);
    }

    #[test]
    fn an_apps_key_is_its_own_and_the_same_on_every_node() {
        let now = UnixTime::from_seconds(1_800_000_000);
        let key = |keys: &SessionKeys, number| keys.published(app(number), LIFETIME, now).unwrap();
        assert_eq!(key(&keys(), 1), key(&keys(), 1));
        assert_ne!(key(&keys(), 1), key(&keys(), 2));
        let other = SessionKeys::new(Arc::new(MasterKey::new([8; 32])));
        assert_ne!(key(&keys(), 1), key(&other, 1));
    }

    #[test]
    fn no_token_is_shorter_than_half_a_minute() {
        let just_before = boundary().minus(Duration::from_secs(1));
        assert_eq!(SessionKeys::end(LIFETIME, just_before), just_before.plus(SHORTEST));
    }
}
