//! Tokens that were let in, so that the signature of one that comes again is not checked again. What is remembered of a
//! token is what is the same whenever it comes; its times, revocations and installations are looked at in every call.

use super::known::Known;
use aws_lc_rs::digest::{SHA256, digest};
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::jose::{KeySet, RememberedToken};
use moka::sync::Cache;
use std::sync::Arc;

/// How much memory the tokens may take: ten thousand of the usual size.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// What a token takes without its scopes, and what each scope takes.
const BYTES_PER_TOKEN: usize = 1_600;
const BYTES_PER_SCOPE: usize = 80;

/// The SHA-256 of a token. The token itself is a credential and not kept.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(token: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(bytes)
    }
}

/// Tokens by their digests. Those that were refused are not among them. Clones share them.
#[derive(Clone)]
pub(super) struct Remembered(Cache<Digest, Arc<Entry>>);

pub(super) struct Entry {
    pub(super) token: RememberedToken<AccessClaims>,
    pub(super) known: Arc<Known>,
    /// The set whose key has signed it. Held, so that no other set can come to lie at its address.
    keys: Arc<KeySet>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self::within(MOST_BYTES)
    }
}

impl Remembered {
    fn within(bytes: u64) -> Self {
        Self(Cache::builder().max_capacity(bytes).weigher(|_, entry: &Arc<Entry>| entry.size()).build())
    }

    /// A token that was let in by this very set of keys: whatever changes a key set, a key that is distrusted above all,
    /// makes every token come with its signature again.
    pub(super) fn find(&self, digest: &Digest, keys: &Arc<KeySet>) -> Option<Arc<Entry>> {
        self.0.get(digest).filter(|entry| Arc::ptr_eq(&entry.keys, keys))
    }

    pub(super) fn keep(
        &self,
        digest: Digest,
        token: RememberedToken<AccessClaims>,
        known: Arc<Known>,
        keys: &Arc<KeySet>,
    ) {
        self.0.insert(digest, Arc::new(Entry { token, known, keys: Arc::clone(keys) }));
    }
}

impl Entry {
    /// In bytes, about.
    fn size(&self) -> u32 {
        let size = BYTES_PER_TOKEN + BYTES_PER_SCOPE * self.known.claims.scope.len();
        u32::try_from(size).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    use einlass_protocol::jose::{AccessVerifier, Algorithm, Header, Jwk, base64url, signing_input};
    use einlass_protocol::time::UnixTime;

    struct Issuer {
        key: Ed25519KeyPair,
        keys: Arc<KeySet>,
    }

    impl Issuer {
        fn new() -> Self {
            let key = Ed25519KeyPair::generate().unwrap();
            let keys = Arc::new(KeySet::from_jwks([Jwk::ed25519(key.public_key().as_ref())]));
            Self { key, keys }
        }

        fn token(&self, scope: &str) -> RememberedToken<AccessClaims> {
            let id = "0b8f1e0c-5d7a-4c52-9d8e-0d6a6f0a1c11";
            let claims = format!(
                r#"{{"iss":"i","aud":"a","sub":"c","client_id":"c","app_id":"{id}","credential_id":"{id}","jti":"{id}",
                "iat":0,"exp":9,"scope":"{scope}"}}"#
            );
            let kid = Jwk::ed25519(self.key.public_key().as_ref()).kid.unwrap();
            let header = Header { algorithm: Algorithm::EdDsa, typ: "at+jwt", kid: &kid };
            let input = signing_input(&header, &claims);
            let token = format!("{input}.{}", base64url(self.key.sign(input.as_bytes()).as_ref()));
            let now = UnixTime::from_seconds(1);
            AccessVerifier::new("i", "a").verify_to_remember(&token, &self.keys, now).unwrap()
        }
    }

    fn known(token: &RememberedToken<AccessClaims>) -> Arc<Known> {
        Arc::new(Known::of(token.at(UnixTime::from_seconds(1)).unwrap()))
    }

    #[test]
    fn there_is_a_bound_and_many_scopes_count() {
        let issuer = Issuer::new();
        let many: Vec<String> = (0..400).map(|number| format!("s{number}.x")).collect();
        let many = many.join(" ");
        for (token, most) in [(issuer.token("items.read"), 16), (issuer.token(&many), 1)] {
            let remembered = Remembered::within(28_000 + 8_000);
            for number in 0..5_000_u32 {
                remembered.keep(Digest::of(&number.to_string()), token.clone(), known(&token), &issuer.keys);
            }
            remembered.0.run_pending_tasks();
            assert!(remembered.0.weighted_size() <= 36_000);
            assert!((1..=most + 8).contains(&remembered.0.entry_count()), "{}", remembered.0.entry_count());
        }
    }

    #[test]
    fn what_one_set_of_keys_let_in_is_unknown_to_every_other_set() {
        let (issuer, remembered) = (Issuer::new(), Remembered::default());
        let digest = Digest::of("a token");
        let token = issuer.token("items.read");
        remembered.keep(digest, token.clone(), known(&token), &issuer.keys);
        assert!(remembered.find(&digest, &issuer.keys).is_some());
        assert!(remembered.find(&Digest::of("a tokem"), &issuer.keys).is_none());
        let same_again = Arc::new(KeySet::from_jwks([Jwk::ed25519(issuer.key.public_key().as_ref())]));
        assert!(remembered.find(&digest, &same_again).is_none());
    }
}
