//! `public_url`: what callers know the platform by.

use std::fmt;

/// `https://` and a host, or `http://` and a loopback one; a port if need be, and nothing behind it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PublicUrl {
    text: String,
    host: String,
}

impl PublicUrl {
    /// The host, in small letters and without the port.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
