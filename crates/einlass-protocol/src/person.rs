//! People: how they are addressed, and what they may do in an organisation.

use crate::secret::looks_secret;
use std::fmt;
use std::str::FromStr;

/// An address that one account has: what a person signs in with. In lower case, so that one address is one account.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EmailAddress(String);

/// A text that is no address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

/// RFC 5321 §4.5.3.1.3, without the angle brackets.
const MOST_BYTES: usize = 254;

impl EmailAddress {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    /// What browsers let through an `input` of type `email`, and no more: ASCII, one `@`, a host after it. Nothing is
    /// ever sent there, so nothing else need be known of it.
    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, host) = text.split_once('@').ok_or(InvalidEmail)?;
        let fits = text.len() <= MOST_BYTES
            && !looks_secret(text)
            && !local.is_empty()
            && local
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte))
            && host.split('.').all(is_label);
        if fits { Ok(Self(text.to_ascii_lowercase())) } else { Err(InvalidEmail) }
    }
}

/// RFC 1123 §2.1.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// What a member may do in an organisation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Everything, who else is a member included.
    Admin,
    /// The daily work.
    Member,
}

impl Role {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Admin, Self::Member];

    /// What it is stored and sent as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no role.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("neither `admin` nor `member`")]
pub struct InvalidRole;

impl FromStr for Role {
    type Err = InvalidRole;

    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(InvalidRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_spelling() {
        let address = |text: &str| text.parse::<EmailAddress>().map(|address| address.to_string());
        assert_eq!(address(" Anna@Bikes.Example "), Ok("anna@bikes.example".into()));
        assert_eq!(address("a+b'c@localhost"), Ok("a+b'c@localhost".into()));
        let long = format!("{}@example.org", "a".repeat(250));
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@b",
            "a@b@c",
            "a b@c",
            "a@b c",
            "a@-b",
            "a@b-",
            "a@b..c",
            "\u{e4}@b",
            "a@b\n",
            "<a@b>",
            "a@b,c@d",
            "ein_se_x@example.org",
            &long,
        ] {
            // A line break at the end is cut off, as browsers do.
            assert_eq!(address(text).is_ok(), text == "a@b\n", "{text:?}");
        }
    }
}
