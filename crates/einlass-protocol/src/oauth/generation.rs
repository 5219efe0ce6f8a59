//! The platform's two issuers.

use std::fmt;
use std::str::FromStr;

/// Which of the platform's two issuers. Apps, clients, people, tenants and installations are the same at both; an issuer has
/// its own URL, paths, keys and tokens, and what one gave away the other does not take.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Generation {
    /// The platform's first: its issuer is the public URL itself.
    A,
    /// What newer templates speak. It wants a scope in every request for a token.
    B,
}

/// Where an issuer has its endpoints, from its URL on.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each is the endpoint of its name")]
pub struct Paths {
    pub authorization: &'static str,
    pub token: &'static str,
    pub keys: &'static str,
    pub revocation: &'static str,
    pub introspection: &'static str,
    pub end_session: &'static str,
}

impl Generation {
    /// Both.
    pub const ALL: [Self; 2] = [Self::A, Self::B];

    /// What comes after the platform's public URL in the issuer's.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::A => "",
            Self::B => "/id",
        }
    }

    /// Its endpoints.
    #[must_use]
    pub const fn paths(self) -> Paths {
        match self {
            Self::A => Paths {
                authorization: "/oauth2/auth",
                token: "/oauth2/token",
                keys: "/.well-known/jwks.json",
                revocation: "/oauth2/revoke",
                introspection: "/oauth2/introspect",
                end_session: "/oauth2/sessions/logout",
            },
            Self::B => Paths {
                authorization: "/oauth/v2/authorize",
                token: "/oauth/v2/token",
                keys: "/oauth/v2/keys",
                revocation: "/oauth/v2/revoke",
                introspection: "/oauth/v2/introspect",
                end_session: "/oidc/v1/end_session",
            },
        }
    }

    /// Its URL (`iss`), on a platform at this one.
    #[must_use]
    pub fn issuer(self, public_url: &str) -> String {
        format!("{public_url}{}", self.prefix())
    }

    /// What it is stored as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names neither.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no issuer of a platform")]
pub struct InvalidGeneration;

impl FromStr for Generation {
    type Err = InvalidGeneration;

    fn from_str(text: &str) -> Result<Self, InvalidGeneration> {
        Self::ALL.into_iter().find(|generation| generation.as_str() == text).ok_or(InvalidGeneration)
    }
}
