//! What an ERP's database is called in paths.

use std::fmt;
use std::str::FromStr;

/// The segment behind `/api` that says which ERP: 1 to 64 letters, digits, `-` and `_`, kept in lower case, since the
/// ERP's own routing ignores case.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DatabaseName(String);

/// A text that names no database.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not 1 to 64 letters, digits, hyphens and underscores")]
pub struct InvalidDatabaseName;

impl DatabaseName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DatabaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DatabaseName {
    type Err = InvalidDatabaseName;

    fn from_str(text: &str) -> Result<Self, InvalidDatabaseName> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(is_plain);
        if fits { Ok(Self(text.to_ascii_lowercase())) } else { Err(InvalidDatabaseName) }
    }
}
