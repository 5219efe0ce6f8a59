//! The policy in force: one that can be replaced while calls are judged.

use super::Policy;
use arc_swap::ArcSwap;
use std::fmt;
use std::sync::Arc;

/// A handle to the policy in force. Clones share it. A call is judged by one policy from its beginning to its end.
#[derive(Clone)]
pub struct CurrentPolicy(Arc<ArcSwap<Policy>>);

impl CurrentPolicy {
    /// Puts a first policy in force.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(policy)))
    }

    /// The policy in force now.
    #[must_use]
    pub fn load(&self) -> Arc<Policy> {
        self.0.load_full()
    }

    /// Puts another one in force. When this returns no call begins to be judged by the old one.
    pub fn replace(&self, policy: Policy) {
        self.0.store(Arc::new(policy));
    }
}

impl fmt::Debug for CurrentPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CurrentPolicy")
    }
}
