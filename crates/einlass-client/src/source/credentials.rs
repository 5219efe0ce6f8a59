//! Who the client is and what proves it: given, or in files that a secrets manager may replace at any time.

use crate::fetch::FetchError;
use einlass_protocol::ids::ClientId;
use einlass_protocol::oauth::BasicCredentials;
use einlass_protocol::secret::Secret;
use std::path::{Path, PathBuf};

/// A client's id and secret.
#[derive(Debug)]
pub struct Credentials {
    client_id: Part,
    secret: Part,
}

/// One secret, or whatever else is said in the same way.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Given(Secret),
    File(PathBuf),
}

/// Why the environment names no credentials.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoCredentials {
    /// Neither the variable nor its `_FILE` twin is set.
    #[error("neither {0} nor {0}_FILE is set")]
    Missing(&'static str),
    /// Both are set, and it is anybody's guess which one is meant.
    #[error("both {0} and {0}_FILE are set: unset one of them")]
    Twice(&'static str),
}

impl Credentials {
    /// Credentials that do not change.
    #[must_use]
    pub fn new(client_id: &ClientId, secret: Secret) -> Self {
        let client_id = Part::Given(Secret::new(client_id.to_string()));
        Self { client_id, secret: Part::Given(secret) }
    }

    /// Credentials from `CLIENT_ID` and `CLIENT_SECRET`, or from the files that `CLIENT_ID_FILE` and
    /// `CLIENT_SECRET_FILE` name. Files are read again for every token request. An empty variable counts as
    /// unset.
    ///
    /// `variable` looks a variable up: `|name| std::env::var(name).ok()`.
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, NoCredentials> {
        Ok(Self {
            client_id: Part::from_env("CLIENT_ID", "CLIENT_ID_FILE", &variable)?,
            secret: Part::from_env("CLIENT_SECRET", "CLIENT_SECRET_FILE", &variable)?,
        })
    }

    /// The credentials as they are now.
    pub(super) fn read(&self) -> Result<BasicCredentials, FetchError> {
        let client_id = self.client_id.read()?.expose().parse();
        let client_id = client_id.map_err(|error| FetchError::Credentials(format!("{error}")))?;
        Ok(BasicCredentials { client_id, secret: self.secret.read()? })
    }
}

impl Part {
    /// What `name` says, or what the file holds that `file` names.
    pub(super) fn from_env(
        name: &'static str,
        file: &str,
        variable: &impl Fn(&str) -> Option<String>,
    ) -> Result<Self, NoCredentials> {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        match (set(name), set(file)) {
            (Some(value), None) => Ok(Self::Given(Secret::new(value))),
            (None, Some(path)) => Ok(Self::File(path.into())),
            (None, None) => Err(NoCredentials::Missing(name)),
            (Some(_), Some(_)) => Err(NoCredentials::Twice(name)),
        }
    }

    pub(super) fn read(&self) -> Result<Secret, FetchError> {
        match self {
            Self::Given(secret) => Ok(secret.clone()),
            Self::File(path) => read_file(path),
        }
    }
}

fn read_file(path: &Path) -> Result<Secret, FetchError> {
    let unreadable =
        |why: &dyn std::fmt::Display| FetchError::Credentials(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error.kind()))?;
    // Editors and `echo` end a file with a line break that is no part of the secret.
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(unreadable(&"the file is empty")),
        secret => Ok(Secret::new(secret.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Credentials, NoCredentials> {
        Credentials::from_env(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn variables_are_read() {
        let read = from(&[("CLIENT_ID", "app"), ("CLIENT_SECRET", "hush")]).unwrap().read().unwrap();
        assert_eq!((read.client_id.as_str(), read.secret.expose()), ("app", "hush"));
    }

    #[test]
    fn what_is_missing_or_there_twice_is_named() {
        assert_eq!(
            from(&[("CLIENT_ID", "app")]).unwrap_err().to_string(),
            "neither CLIENT_SECRET nor CLIENT_SECRET_FILE is set"
        );
        assert_eq!(from(&[("CLIENT_ID", "")]).unwrap_err(), NoCredentials::Missing("CLIENT_ID"));
        let twice = from(&[("CLIENT_ID", "app"), ("CLIENT_SECRET", "hush"), ("CLIENT_SECRET_FILE", "f")]);
        assert_eq!(twice.unwrap_err(), NoCredentials::Twice("CLIENT_SECRET"));
    }

    #[test]
    fn a_file_is_read_again_each_time_without_its_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let credentials =
            from(&[("CLIENT_ID", "app"), ("CLIENT_SECRET_FILE", path.to_str().unwrap())]).unwrap();
        assert!(matches!(credentials.read(), Err(FetchError::Credentials(_))), "not there yet");
        std::fs::write(&path, "first\r\n").unwrap();
        assert_eq!(credentials.read().unwrap().secret.expose(), "first");
        std::fs::write(&path, "other\n").unwrap();
        assert_eq!(credentials.read().unwrap().secret.expose(), "other");
        std::fs::write(&path, "\n").unwrap();
        assert!(credentials.read().is_err(), "empty");
    }
}
