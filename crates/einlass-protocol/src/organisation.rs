//! What organisations do here.

use std::fmt;
use std::str::FromStr;

/// What an organisation does on the platform.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OrganisationKind {
    /// It sells: it has tenants, and installs apps there.
    Merchant,
    /// It makes apps and marketplace channels.
    Partner,
    /// Both.
    Both,
    /// It runs the platform; there is one.
    Operator,
}

impl OrganisationKind {
    const ALL: [Self; 4] = [Self::Merchant, Self::Partner, Self::Both, Self::Operator];

    /// What it is stored and sent as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merchant => "merchant",
            Self::Partner => "partner",
            Self::Both => "both",
            Self::Operator => "operator",
        }
    }

    /// Whether it has tenants.
    #[must_use]
    pub const fn is_merchant(self) -> bool {
        matches!(self, Self::Merchant | Self::Both)
    }

    /// Whether it makes apps. The operator does, for itself.
    #[must_use]
    pub const fn is_partner(self) -> bool {
        !matches!(self, Self::Merchant)
    }
}

impl fmt::Display for OrganisationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("neither `merchant` nor `partner`, `both` or `operator`")]
pub struct InvalidKind;

impl FromStr for OrganisationKind {
    type Err = InvalidKind;

    fn from_str(text: &str) -> Result<Self, InvalidKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(InvalidKind)
    }
}
