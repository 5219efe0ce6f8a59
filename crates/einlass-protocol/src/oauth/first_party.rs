//! The surfaces that sign people in as clients of the identity provider.

use std::fmt;
use std::str::FromStr;

/// A surface with pages of its own. It asks the identity provider who somebody is, as any client would: with a code and
/// a proof key (RFC 6749 §4.1, RFC 7636).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum FirstParty {
    /// Where merchants install and open apps.
    Hub,
    /// Where partners look after their apps.
    Partner,
    /// Where the operator looks after the platform.
    Console,
    /// Where a merchant lets apps in on its own premises.
    OnPremise,
}

impl FirstParty {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Hub, Self::Partner, Self::Console, Self::OnPremise];

    /// What the identity provider knows it by.
    #[must_use]
    pub const fn client_id(self) -> &'static str {
        match self {
            Self::Hub => "einlass-hub",
            Self::Partner => "einlass-partner",
            Self::Console => "einlass-admin",
            Self::OnPremise => "einlass-onprem",
        }
    }

    /// Where its pages begin.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Hub => "/hub",
            Self::Partner => "/partner",
            Self::Console => "/admin",
            Self::OnPremise => "/onprem",
        }
    }

    /// Where codes for it are sent, at its own host (RFC 6749 §3.1.2).
    #[must_use]
    pub fn redirect_uri(self, origin: &str) -> String {
        format!("{origin}{}/callback", self.path())
    }
}

impl fmt::Display for FirstParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.client_id())
    }
}

/// A client id that is none of theirs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no first-party client")]
pub struct NotFirstParty;

impl FromStr for FirstParty {
    type Err = NotFirstParty;

    fn from_str(text: &str) -> Result<Self, NotFirstParty> {
        Self::ALL.into_iter().find(|client| client.client_id() == text).ok_or(NotFirstParty)
    }
}
