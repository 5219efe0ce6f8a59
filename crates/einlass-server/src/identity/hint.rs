//! An ID token that a client brings back to say whom it means: where somebody is to be let in (OpenID Connect Core §3.1.2.1), or
//! to sign out (RP-Initiated Logout §2).

use super::Issuer;
use einlass_protocol::ids::{ClientId, PersonId};
use einlass_protocol::jose::IdHint;

/// Whom an ID token names, and which client got it.
pub(crate) struct Hint {
    pub(crate) person: PersonId,
    pub(crate) client: ClientId,
}

impl Issuer {
    /// Reads an ID token of this issuer's, expired or not; `None` for whatever else it is. After a change of keys those of the old
    /// one count as long as it is published.
    pub(crate) fn hinted(&self, token: &str) -> Option<Hint> {
        let IdHint { subject, client } = IdHint::verify(token, &self.url, self.keys.ring().key_set()).ok()?;
        Some(Hint { person: subject.parse().ok()?, client })
    }
}
