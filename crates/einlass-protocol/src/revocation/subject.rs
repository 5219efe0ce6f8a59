//! What can be revoked, and how the store and the log write it.

use crate::ids::{AppId, ClientId, CredentialId, PersonId, TenantId, TokenId};
use crate::scx::ChannelName;
use std::fmt;

/// What can be revoked.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Subject {
    /// One access token.
    Token(TokenId),
    /// A secret or grant.
    Credential(CredentialId),
    /// A client.
    Client(ClientId),
    /// An app with all its clients.
    App(AppId),
    /// An app, for one tenant.
    Installation(AppId, TenantId),
    /// A tenant, for every app.
    Tenant(TenantId),
    /// A marketplace channel.
    Channel(ChannelName),
    /// A person, with whatever acts for it.
    Person(PersonId),
}

/// A kind and a text that name nothing revocable.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a token, credential, client, app, installation, tenant, channel or person")]
pub struct InvalidSubject;

impl Subject {
    /// What kind of thing it is, in the one word by which the store knows it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Credential(_) => "credential",
            Self::Client(_) => "client",
            Self::App(_) => "app",
            Self::Installation(..) => "installation",
            Self::Tenant(_) => "tenant",
            Self::Channel(_) => "channel",
            Self::Person(_) => "person",
        }
    }

    /// The same for people, who say `secret` to a credential, as the administration does.
    #[must_use]
    pub const fn noun(&self) -> &'static str {
        match self {
            Self::Credential(_) => "secret",
            other => other.kind(),
        }
    }

    /// Reads what [`Self::kind`] and `Display` wrote.
    pub fn parse(kind: &str, text: &str) -> Result<Self, InvalidSubject> {
        let subject = match kind {
            "token" => text.parse().ok().map(Self::Token),
            "credential" => text.parse().ok().map(Self::Credential),
            "client" => text.parse().ok().map(Self::Client),
            "app" => text.parse().ok().map(Self::App),
            "installation" => installation(text),
            "tenant" => text.parse().ok().map(Self::Tenant),
            "channel" => text.parse().ok().map(Self::Channel),
            "person" => text.parse().ok().map(Self::Person),
            _ => None,
        };
        subject.ok_or(InvalidSubject)
    }
}

fn installation(text: &str) -> Option<Subject> {
    let (app, tenant) = text.split_once('@')?;
    Some(Subject::Installation(app.parse().ok()?, tenant.parse().ok()?))
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(id) => id.fmt(f),
            Self::Credential(id) => id.fmt(f),
            Self::Client(id) => id.fmt(f),
            Self::App(id) => id.fmt(f),
            Self::Installation(app, tenant) => write!(f, "{app}@{tenant}"),
            Self::Tenant(id) => id.fmt(f),
            Self::Channel(name) => name.fmt(f),
            Self::Person(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_subject_survives_its_two_texts() {
        let (app, tenant) = (AppId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(2)));
        for subject in [
            Subject::Token(TokenId::new(Uuid::from_u128(3))),
            Subject::Credential(CredentialId::new(Uuid::from_u128(4))),
            Subject::Client("client-1".parse().unwrap()),
            Subject::App(app),
            Subject::Installation(app, tenant),
            Subject::Tenant(tenant),
            Subject::Channel("BIKES".parse().unwrap()),
            Subject::Person(PersonId::new(Uuid::from_u128(5))),
        ] {
            assert_eq!(Subject::parse(subject.kind(), &subject.to_string()), Ok(subject));
        }
        for (kind, text) in [
            ("people", "x"),
            ("person", "x"),
            ("app", "x"),
            ("installation", &*app.to_string()),
            ("client", ""),
        ] {
            assert_eq!(Subject::parse(kind, text), Err(InvalidSubject), "{kind} {text}");
        }
    }
}
