//! Revocation without a row per token: a small list of what is denied, complete in every gateway's memory. It
//! names one token, or a moment before which no token of a credential, client, app, installation, tenant or
//! person counts.

mod deny_list;
mod subject;

pub use deny_list::DenyList;
pub use subject::{InvalidSubject, Subject};

use crate::time::UnixTime;

/// One entry of the deny list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revocation {
    /// What is denied.
    pub subject: Subject,
    /// Tokens issued before this are denied; a single token is denied whatever this says.
    pub not_before: UnixTime,
    /// From here on every token that the entry denies has expired by itself, so that it may be forgotten.
    pub expires_at: UnixTime,
}

impl Revocation {
    /// Denies whatever was issued up to `at`. Tokens say when they were issued in whole seconds, so the whole second
    /// that `at` lies in is denied: better one token too many than one that should be dead.
    ///
    /// A token or a credential that was revoked never comes back: it is denied whatever the time of issue, also when
    /// another node, which has not heard of it yet, still issues something a moment later.
    #[must_use]
    pub const fn at(subject: Subject, at: UnixTime, expires_at: UnixTime) -> Self {
        let not_before = match subject {
            Subject::Token(_) | Subject::Credential(_) => expires_at,
            _ => UnixTime::from_seconds(at.seconds().saturating_add(1)),
        };
        Self { subject, not_before, expires_at }
    }
}

/// Which entry denies a token. But for [`Self::Token`] and [`Self::Credential`] a newer token is not denied.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
pub enum Denied {
    /// The token itself.
    #[error("the token was revoked")]
    Token,
    /// The secret or grant it came from.
    #[error("the credential that the token came from was revoked")]
    Credential,
    /// The client that asked for it.
    #[error("the client's tokens were revoked")]
    Client,
    /// The app that the client belongs to.
    #[error("the app's tokens were revoked")]
    App,
    /// The app, for the tenant of this call.
    #[error("the app's tokens were revoked for this tenant")]
    Installation,
    /// The marketplace channel.
    #[error("the channel's tokens were revoked")]
    Channel,
    /// The person that it acts for.
    #[error("the person's tokens were revoked")]
    Person,
    /// The tenant of this call, for every app.
    #[error("all tokens were revoked for this tenant")]
    Tenant,
}
