//! How strictly a gateway holds callers to their scopes.

use einlass_protocol::policy;

/// How strictly a gateway holds callers to their scopes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Mode {
    /// A call without the scopes that its operation needs is refused.
    #[default]
    Enforce,
    /// It is forwarded, logged as one that would have been refused, and counted. This is for the time when an
    /// upstream gets a policy while its callers' scopes are not yet what they should be; everything else is
    /// enforced.
    Report,
}

impl Mode {
    /// Whether a call that would be refused for this passes nevertheless.
    pub(super) fn forgives(self, refusal: &policy::Refusal) -> bool {
        self == Self::Report && matches!(refusal, policy::Refusal::MissingScopes { .. })
    }
}
