//! Where to go next, on this platform and nowhere else.

use serde::Deserialize;
use std::fmt;

/// A path and query of this host. Whatever else is asked for becomes the account's page: a link to us that leads
/// elsewhere would lend our name to others.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
pub(super) struct Local(String);

/// As much as an authorization request with a long `state` has.
pub(super) const MOST_BYTES: usize = 4096;

impl Default for Local {
    fn default() -> Self {
        Self("/me".into())
    }
}

impl From<String> for Local {
    fn from(text: String) -> Self {
        // Browsers read `//host` and `/\host` as another host, and leave out tabs and line breaks.
        let stays = text.starts_with('/') && !text.starts_with("//") && text.bytes().all(is_plain);
        if stays && text.len() <= MOST_BYTES { Self(text) } else { Self::default() }
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'\\'
}

impl Local {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// This, if it is below a path; that path, if it is not.
    pub(super) fn within(self, path: &str) -> Self {
        let rest = self.0.strip_prefix(path);
        let is_within = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        if is_within { self } else { Self(path.into()) }
    }

    /// As a value in a query.
    pub(super) fn encoded(&self) -> String {
        encode(&self.0)
    }
}

/// A text as a value in a query.
pub(super) fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_sent_on_stays_here() {
        for text in ["/", "/me", "/organisations/1?after=a%40b", "/login?next=https://evil.example"] {
            assert_eq!(Local::from(text.to_owned()).as_str(), text);
        }
        for text in [
            "",
            "me",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/ /evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            " /me",
            "/ä",
        ] {
            assert_eq!(Local::from(text.to_owned()), Local::default(), "{text:?}");
        }
        for (text, within) in
            [("/hub/x", "/hub/x"), ("/hub?a", "/hub?a"), ("/hubris", "/hub"), ("/me", "/hub")]
        {
            assert_eq!(Local::from(text.to_owned()).within("/hub").as_str(), within);
        }
        assert_eq!(Local::from(format!("/{}", "a".repeat(4096))), Local::default());
    }
}
