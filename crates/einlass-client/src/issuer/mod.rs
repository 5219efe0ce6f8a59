//! Who issues tokens to people, and where it says that its endpoints are.

mod discovery;
mod keys;

pub(crate) use discovery::Metadata;
pub(crate) use keys::DiscoveredKeys;

use crate::transport::{BaseUrl, InvalidBaseUrl};
use std::fmt;
use std::str::FromStr;

/// An issuer's URL, as it is in `iss` and in the issuer's own document, letter by letter.
///
/// It is `https`, or `http` on this machine, as every [`BaseUrl`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Issuer {
    text: String,
    base: BaseUrl,
}

impl Issuer {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Issuer {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        Ok(Self { text: text.into(), base: text.parse()? })
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
