//! Which origins apps have registered: asked from the platform one by one, remembered for a while, and forgotten at once when
//! the platform says so. That an origin is nobody's is remembered too.

use super::directory::{Directory, DirectoryUnavailable};
use super::memory::Memory;
use super::strangers::Strangers;
use einlass_client::clock::Clock;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How much is remembered, and asked.
#[derive(Clone, Copy, Debug)]
pub struct OriginSettings {
    /// How long an answer counts.
    pub remember: Duration,
    /// How many are kept.
    pub capacity: u64,
    /// How many that are not remembered are asked for at once: whoever invents origins takes up no more of the platform.
    pub strangers: usize,
}

impl Default for OriginSettings {
    /// 30 seconds, 10 000 origins, one at a time.
    fn default() -> Self {
        Self { remember: Duration::from_secs(30), capacity: 10_000, strangers: 1 }
    }
}

/// A directory of origins with a memory. Clones share the memory.
#[derive(Clone)]
pub struct Origins<D> {
    directory: D,
    clock: Arc<dyn Clock>,
    remember: Duration,
    known: Arc<Known>,
    strangers: Strangers,
}

/// Whether an origin is registered.
type Known = Memory<Box<str>, bool, DirectoryUnavailable>;

impl<D: Directory> Origins<D> {
    /// Puts a memory in front of a directory.
    pub fn new(directory: D, clock: Arc<dyn Clock>, settings: OriginSettings) -> Self {
        let OriginSettings { remember, capacity, strangers } = settings;
        let (known, strangers) = (Arc::new(Memory::new(capacity)), Strangers::new(strangers));
        Self { directory, clock, remember, known, strangers }
    }

    /// A handle for whoever knows about changes.
    #[must_use]
    pub fn invalidations(&self) -> OriginInvalidations {
        OriginInvalidations(Arc::clone(&self.known))
    }

    /// Whether an app has registered this origin, remembered or asked.
    pub(super) async fn has(&self, origin: &str) -> Result<bool, DirectoryUnavailable> {
        let now = self.clock.monotonic();
        self.known.recall(origin.into(), now, self.remember, self.ask(origin)).await
    }

    async fn ask(&self, origin: &str) -> Result<bool, DirectoryUnavailable> {
        let is_stranger = !self.known.has_known(&origin.into());
        let _place = if is_stranger { Some(self.strangers.place().await?) } else { None };
        self.directory.is_registered_origin(origin).await
    }
}

/// Makes gateways forget which origins are registered. Clones reach the same gateways. When a call returns no request is
/// answered by what was known before, but for those that have been judged already.
#[derive(Clone)]
pub struct OriginInvalidations(Arc<Known>);

impl OriginInvalidations {
    /// Forgets everything. Origins change rarely.
    pub fn everything(&self) {
        self.0.forget_all();
    }
}

impl fmt::Debug for OriginInvalidations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OriginInvalidations")
    }
}

#[cfg(test)]
mod tests {
    use super::super::directory::Installation;
    use super::*;
    use einlass_client::clock::SystemClock;
    use einlass_protocol::ids::{AppId, TenantId};
    use std::sync::atomic::{AtomicUsize, Ordering};

    const OURS: &str = "https://app.example";

    /// Knows one origin, and never answers a question for another one.
    #[derive(Clone, Default)]
    struct Stuck(Arc<AtomicUsize>);

    impl Directory for Stuck {
        async fn installation(
            &self,
            _: AppId,
            _: TenantId,
        ) -> Result<Option<Installation>, DirectoryUnavailable> {
            Ok(None)
        }

        async fn is_registered_origin(&self, origin: &str) -> Result<bool, DirectoryUnavailable> {
            self.0.fetch_add(1, Ordering::SeqCst);
            if origin != OURS {
                std::future::pending::<()>().await;
            }
            Ok(true)
        }
    }

    #[tokio::test]
    async fn who_invents_origins_waits_for_others_who_do_and_nobody_else_waits_for_them() {
        let (directory, clock) = (Stuck::default(), Arc::new(SystemClock::new()));
        // Nothing is remembered for any time, so that every call asks.
        let settings = OriginSettings { remember: Duration::ZERO, strangers: 2, ..OriginSettings::default() };
        let origins = Origins::new(directory.clone(), clock, settings);
        assert!(origins.has(OURS).await.unwrap());
        tokio::time::pause();
        for number in 0..20 {
            let origins = origins.clone();
            tokio::spawn(async move { origins.has(&format!("https://{number}.example")).await.is_ok() });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(directory.0.load(Ordering::SeqCst), 1 + 2);
        assert!(origins.has("https://late.example").await.is_err());
        assert!(origins.has(OURS).await.unwrap());
        assert_eq!(directory.0.load(Ordering::SeqCst), 1 + 2 + 1);
    }
}
