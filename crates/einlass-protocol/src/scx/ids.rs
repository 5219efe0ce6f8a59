//! What channels and sellers are called.

use crate::secret::looks_secret;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is no such name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidName {
    /// Not of the form `\w{5,15}`.
    #[error("not a channel's name: 5 to 15 letters, digits and underscores")]
    Channel,
    /// Not of the form `\w{1,50}`.
    #[error("not a seller's id: 1 to 50 letters, digits and underscores")]
    Seller,
    /// Not a whole number from 1 on.
    #[error("not an account number")]
    Account,
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident, $fault:ident, $least:literal..=$most:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The name's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                // Names are written to logs, so a secret must never become one.
                let fits = ($least..=$most).contains(&text.len()) && is_word && !looks_secret(text);
                if fits { Ok(Self(text.into())) } else { Err(InvalidName::$fault) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

word! {
    /// A marketplace channel's name: `\w{5,15}`, compared exactly.
    ChannelName, Channel, 5..=15
}

word! {
    /// What a channel calls a seller: `\w{1,50}`, compared exactly.
    SellerId, Seller, 1..=50
}

/// A tenant's number at marketplace channels (`jtlAccountId`), from 1 on.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct AccountId(i64);

impl AccountId {
    /// `None` for a number below 1.
    #[must_use]
    pub const fn new(number: i64) -> Option<Self> {
        if number < 1 { None } else { Some(Self(number)) }
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AccountId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        text.parse().ok().and_then(Self::new).ok_or(InvalidName::Account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_form_that_the_platform_asks_for() {
        for name in ["BIKES", "My_Channel_2", "123456789012345"] {
            assert_eq!(name.parse::<ChannelName>().unwrap().as_str(), name);
        }
        for name in
            ["", "FOUR", "1234567890123456", "MY-CHANNEL", "MY CHANNEL", "KÄNALE", "BIKES\n", "ein_cs_x"]
        {
            assert_eq!(name.parse::<ChannelName>(), Err(InvalidName::Channel), "{name:?}");
        }
        assert!("4711".parse::<SellerId>().is_ok() && "x".repeat(50).parse::<SellerId>().is_ok());
        for id in ["", "a-b", "../x", &"x".repeat(51)] {
            assert_eq!(id.parse::<SellerId>(), Err(InvalidName::Seller), "{id:?}");
        }
        assert_eq!((AccountId::new(0), "-1".parse::<AccountId>().ok()), (None, None));
    }
}
