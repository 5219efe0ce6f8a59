//! Keys of on-premise apps: asked from the platform one by one, remembered for a while, and forgotten at once when the
//! platform says so. That a key is unknown is not remembered, since it may be given out the next moment.

use super::super::directory::{ApiKey, Directory, DirectoryUnavailable};
use super::super::headers;
use super::super::memory::Memory;
use super::super::refusal::Refusal;
use super::super::strangers::Strangers;
use super::KeyFault;
use einlass_client::clock::Clock;
use einlass_protocol::ids::RegistrationId;
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;
use http::HeaderValue;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How much is remembered, and asked.
#[derive(Clone, Copy, Debug)]
pub struct KeySettings {
    /// How long a key counts.
    pub remember: Duration,
    /// How many are kept.
    pub capacity: u64,
    /// How many that are not remembered are asked for at once: whoever invents keys takes up no more of the platform.
    pub strangers: usize,
}

impl Default for KeySettings {
    /// 30 seconds, 100 000 keys, one at a time.
    fn default() -> Self {
        Self { remember: Duration::from_secs(30), capacity: 100_000, strangers: 1 }
    }
}

/// A directory of keys with a memory. Clones share the memory.
#[derive(Clone)]
pub struct ApiKeys<D> {
    directory: D,
    clock: Arc<dyn Clock>,
    remember: Duration,
    known: Arc<Known>,
    strangers: Strangers,
}

/// By the keys' hashes.
type Known = Memory<[u8; 32], Arc<KnownKey>, NoKey>;

/// Why there is no key to judge by. Nothing of this is remembered.
#[derive(Clone, Copy, Debug)]
pub(in crate::gateway) enum NoKey {
    Unknown,
    Unavailable(DirectoryUnavailable),
}

/// A key that works, ready to be passed on.
pub(in crate::gateway) struct KnownKey {
    pub(in crate::gateway) hash: SecretHash,
    pub(in crate::gateway) registration: RegistrationId,
    pub(in crate::gateway) database: DatabaseName,
    pub(in crate::gateway) app_id: String,
    pub(in crate::gateway) granted: ScopeSet,
    /// Whether the merchant has a licence for apps, as it was when it was asked.
    pub(in crate::gateway) licensed: bool,
    pub(in crate::gateway) values: Values,
}

/// What an upstream is told of a key, as values of fields.
pub(in crate::gateway) struct Values {
    pub(in crate::gateway) app: HeaderValue,
    pub(in crate::gateway) client: HeaderValue,
    pub(in crate::gateway) database: HeaderValue,
    pub(in crate::gateway) scopes: HeaderValue,
}

impl<D: Directory> ApiKeys<D> {
    /// Puts a memory in front of a directory.
    pub fn new(directory: D, clock: Arc<dyn Clock>, settings: KeySettings) -> Self {
        let KeySettings { remember, capacity, strangers } = settings;
        let (known, strangers) = (Arc::new(Memory::new(capacity)), Strangers::new(strangers));
        Self { directory, clock, remember, known, strangers }
    }

    /// A handle for whoever knows about changes.
    #[must_use]
    pub fn invalidations(&self) -> KeyInvalidations {
        KeyInvalidations(Arc::clone(&self.known))
    }

    /// The key of this hash, remembered or asked.
    pub(in crate::gateway) async fn get(&self, hash: &SecretHash) -> Result<Arc<KnownKey>, NoKey> {
        let known = self.known.recall(hash.bytes(), self.clock.monotonic(), self.remember, self.ask(*hash));
        known.await
    }

    async fn ask(&self, hash: SecretHash) -> Result<Arc<KnownKey>, NoKey> {
        let is_stranger = !self.known.has_known(&hash.bytes());
        // However many invent keys, those that are known do not wait behind them.
        let place = async { self.strangers.place().await.map_err(NoKey::Unavailable) };
        let _place = if is_stranger { Some(place.await?) } else { None };
        let found = self.directory.api_key(hash).await.map_err(NoKey::Unavailable)?;
        found.map(|key| Arc::new(KnownKey::of(key, hash))).ok_or(NoKey::Unknown)
    }
}

impl KnownKey {
    fn of(key: ApiKey, hash: SecretHash) -> Self {
        let ApiKey { registration, database, app_id, granted, licensed } = key;
        let values = Values {
            app: plain(&app_id),
            client: headers::id(registration.uuid()),
            database: plain(database.as_str()),
            scopes: plain(&granted.to_string()),
        };
        Self { hash, registration, database, app_id, granted, licensed, values }
    }
}

/// A text as a field's value; percent-encoded where it is no visible ASCII.
fn plain(text: &str) -> HeaderValue {
    let encode = |byte: u8| match byte {
        b' '..=b'~' if byte != b'%' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let encoded: String = text.bytes().map(encode).collect();
    // Visible ASCII and spaces, so this is never the alternative.
    HeaderValue::from_str(&encoded).unwrap_or_else(|_| HeaderValue::from_static(""))
}

impl From<NoKey> for Refusal {
    fn from(why: NoKey) -> Self {
        match why {
            NoKey::Unknown => KeyFault::Unknown.into(),
            NoKey::Unavailable(why) => why.into(),
        }
    }
}

/// Makes gateways forget keys that have changed. Clones reach the same gateways. When a call returns no request is judged
/// by what was known before, but for those that have been judged already.
#[derive(Clone)]
pub struct KeyInvalidations(Arc<Known>);

impl KeyInvalidations {
    /// Forgets the keys of a registration.
    pub fn registration(&self, registration: RegistrationId) {
        self.0.forget_where(|key| key.registration == registration);
    }

    /// Forgets everything, for when changes may have been missed.
    pub fn everything(&self) {
        self.0.forget_all();
    }
}

impl fmt::Debug for KeyInvalidations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyInvalidations")
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::directory::Installation;
    use super::*;
    use einlass_client::clock::SystemClock;
    use einlass_protocol::ids::{AppId, TenantId};
    use einlass_protocol::secret::Secret;
    use std::collections::HashSet;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use uuid::Uuid;

    /// Knows what it was told of, and never answers a question for anything else.
    #[derive(Clone, Default)]
    struct Stuck {
        known: Arc<Mutex<HashSet<[u8; 32]>>>,
        asked: Arc<AtomicUsize>,
    }

    impl Directory for Stuck {
        async fn installation(
            &self,
            _: AppId,
            _: TenantId,
        ) -> Result<Option<Installation>, DirectoryUnavailable> {
            Ok(None)
        }

        async fn api_key(&self, key: SecretHash) -> Result<Option<ApiKey>, DirectoryUnavailable> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if !self.known.lock().unwrap().contains(&key.bytes()) {
                std::future::pending::<()>().await;
            }
            let (registration, database) = (RegistrationId::new(Uuid::nil()), "a".parse().unwrap());
            let (app_id, granted) = ("a".into(), ScopeSet::default());
            Ok(Some(ApiKey { registration, database, app_id, granted, licensed: true }))
        }
    }

    fn hash(number: usize) -> SecretHash {
        SecretHash::of(&Secret::new(number.to_string()))
    }

    #[tokio::test]
    async fn who_invents_keys_waits_for_others_who_do_and_nobody_else_waits_for_them() {
        let (directory, clock) = (Stuck::default(), Arc::new(SystemClock::new()));
        directory.known.lock().unwrap().insert(hash(0).bytes());
        // Nothing is remembered for any time, so that every call asks.
        let settings = KeySettings { remember: Duration::ZERO, strangers: 2, ..KeySettings::default() };
        let keys = ApiKeys::new(directory.clone(), clock, settings);
        assert!(keys.get(&hash(0)).await.is_ok());
        tokio::time::pause();
        for number in 1..=20 {
            let keys = keys.clone();
            tokio::spawn(async move { keys.get(&hash(number)).await.is_ok() });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(directory.asked.load(Ordering::SeqCst), 1 + 2);
        assert!(matches!(keys.get(&hash(21)).await, Err(NoKey::Unavailable(_))));
        assert!(keys.get(&hash(0)).await.is_ok());
        assert_eq!(directory.asked.load(Ordering::SeqCst), 1 + 2 + 1);
    }

    #[test]
    fn what_is_no_visible_ascii_is_encoded() {
        for (text, value) in
            [("parcels/v1", "parcels/v1"), ("Pakete-Grün", "Pakete-Gr%C3%BCn"), ("a%b\n", "a%25b%0A")]
        {
            assert_eq!(plain(text), value);
        }
    }
}
