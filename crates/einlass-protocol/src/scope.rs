//! Scopes: `resource.permission`, compared without case, kept in lower case.

use crate::secret::looks_secret;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// How long the list of an app's scopes may be, in bytes. A token carries it twice, and has 8 KiB.
pub const MOST_SCOPE_BYTES: usize = 2_000;

/// Why a text is no scope.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is not a scope: printable ASCII without spaces, quotes and backslashes, at most 128 characters"
)]
pub struct InvalidScope(String);

/// One `scope-token` (RFC 6749 §3.3), in lower case.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Scope(Box<str>);

impl Scope {
    /// The scope's text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
        // A scope is repeated in answers and logs, so a secret must never become one.
        let fits = !looks_secret(text)
            && (1..=128).contains(&text.len())
            && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E));
        if !fits {
            let shown = if looks_secret(text) { "a secret".into() } else { text.chars().take(64).collect() };
            return Err(InvalidScope(shown));
        }
        Ok(Self(text.to_ascii_lowercase().into()))
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A set of scopes, written as one space-separated text in alphabetical order.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether `scope` is one of them.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether every one of these is in `other` too.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The scopes that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// The scopes that are here and not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// The scopes in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for ScopeSet {
    type Err = InvalidScope;

    /// Splits at single or repeated spaces (RFC 6749 §3.3 allows one; some clients send more).
    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        text.split(' ').filter(|token| !token.is_empty()).map(str::parse).collect()
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_lower_case_sorted_and_without_repetition() {
        let set: ScopeSet = "Returns.Read  items.read RETURNS.READ".parse().unwrap();
        assert_eq!(set.to_string(), "items.read returns.read");
        assert_eq!(set.to_string().parse::<ScopeSet>().unwrap(), set);
    }

    #[test]
    fn what_rfc_6749_forbids_in_a_scope_is_refused() {
        for text in ["a\"b", "a\\b", "ä", "a\tb", "\u{7f}", "EIN_cs_canary"] {
            assert!(text.parse::<ScopeSet>().is_err(), "{text:?}");
        }
    }
}
