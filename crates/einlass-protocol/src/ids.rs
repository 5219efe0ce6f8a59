//! Identifiers as types, so that a tenant cannot be passed where an app is meant.

use crate::secret::looks_secret;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Why a text is no identifier.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidId {
    /// Not a UUID in its hyphenated form of 36 characters.
    #[error("not a UUID")]
    NotAUuid,
    /// Empty, over 128 characters, or with a character outside `A-Z a-z 0-9 - . _ ~`.
    #[error("not a client id")]
    NotAClientId,
    /// A secret where an id belongs: the two were swapped.
    #[error("a secret, not a client id: are the two swapped?")]
    ASecret,
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is known to be one of these.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Only the hyphenated form, in either case: what has one meaning has one spelling.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.len() != 36 {
                    return Err(InvalidId::NotAUuid);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId::NotAUuid)
            }
        }
    )*};
}

uuid_id! {
    /// An organisation: a merchant, a partner, or the operator.
    OrganisationId;
    /// A passkey.
    PasskeyId;
    /// A person.
    PersonId;
    /// A stay of a person who has signed in.
    SessionId;
    /// A tenant: the value of `X-Tenant-ID`.
    TenantId;
    /// An ERP on a merchant's own premises.
    SiteId;
    /// What an app asked of such an ERP (`RegistrationRequestId`), and what came of it.
    RegistrationId;
    /// An app as the Partner Portal knows it (`JTL_APP_ID`).
    AppId;
    /// The credential that a token came from: a client secret, a refresh token of a channel or a seller, or a grant.
    CredentialId;
    /// What a person lets a client do for it.
    GrantId;
    /// One access token (`jti`, RFC 7519 §4.1.7).
    TokenId;
}

impl From<GrantId> for CredentialId {
    /// Tokens that came from a grant name it as their credential.
    fn from(grant: GrantId) -> Self {
        Self(grant.0)
    }
}

impl OrganisationId {
    /// The operator of the platform, who is an organisation on every platform: a UUID of our own making (RFC 9562
    /// §5.8).
    pub const OPERATOR: Self = Self(Uuid::from_u128(0x6569_6e6c_6173_8000_8000_6f70_6572_6174));
}

/// An OAuth client's identifier (RFC 6749 §2.2), in the alphabet that form encoding leaves alone, so that
/// raw and form-encoded Basic credentials are the same bytes (RFC 6749 §2.3.1).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct ClientId(Box<str>);

impl ClientId {
    /// The identifier's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ClientId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        // An id is written to logs, so a secret must never become one.
        if looks_secret(text) {
            return Err(InvalidId::ASecret);
        }
        let fits = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        if fits { Ok(Self(text.into())) } else { Err(InvalidId::NotAClientId) }
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_one_spelling() {
        let text = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
        assert_eq!(text.parse::<TenantId>().unwrap().to_string(), text);
        assert_eq!(text.to_uppercase().parse::<TenantId>().unwrap().to_string(), text);
        for other in ["6f1c9a523f0e4a7b8c550d1f6f6f2b10", "{6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b1}", "", " "] {
            assert_eq!(other.parse::<TenantId>(), Err(InvalidId::NotAUuid), "{other:?}");
        }
    }

    #[test]
    fn a_client_id_needs_no_encoding_anywhere() {
        assert!("app.1_x~y-z".parse::<ClientId>().is_ok());
        for other in ["", "a:b", "a%3Ab", "a+b", "a b", "ä", &"x".repeat(129)] {
            assert_eq!(other.parse::<ClientId>(), Err(InvalidId::NotAClientId), "{other:?}");
        }
        assert_eq!("ein_cs_canary".parse::<ClientId>(), Err(InvalidId::ASecret));
    }
}
