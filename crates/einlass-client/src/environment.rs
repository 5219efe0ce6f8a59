//! Where the platform is and who we are to it, from the environment.

use crate::source::{Credentials, NoCredentials};
use crate::transport::{BaseUrl, InvalidBaseUrl};

/// What the environment says.
#[derive(Debug)]
pub struct Environment {
    /// Where tokens come from: `JTL_AUTH_BASE`, else `EINLASS_URL`.
    pub auth_base: BaseUrl,
    /// Where the APIs are: `JTL_API_BASE`, else `EINLASS_URL`.
    pub api_base: BaseUrl,
    /// `CLIENT_ID` and `CLIENT_SECRET`, or their `_FILE` twins.
    pub credentials: Credentials,
}

/// What the environment lacks.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEnvironment {
    /// There is no URL.
    #[error("neither {0} nor EINLASS_URL is set")]
    NoUrl(&'static str),
    /// There is one that cannot be used.
    #[error("{variable}: {reason}")]
    Url {
        /// Which variable.
        variable: &'static str,
        /// What is wrong with it.
        reason: InvalidBaseUrl,
    },
    /// There are no credentials.
    #[error(transparent)]
    Credentials(#[from] NoCredentials),
}

impl Environment {
    /// Reads the environment. An empty variable counts as unset.
    ///
    /// `variable` looks a variable up: `|name| std::env::var(name).ok()`.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        Ok(Self {
            auth_base: base("JTL_AUTH_BASE", &variable)?,
            api_base: base("JTL_API_BASE", &variable)?,
            credentials: Credentials::from_env(&variable)?,
        })
    }
}

fn base(own: &'static str, variable: impl Fn(&str) -> Option<String>) -> Result<BaseUrl, InvalidEnvironment> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    let (variable, value) = set(own).or_else(|| set("EINLASS_URL")).ok_or(InvalidEnvironment::NoUrl(own))?;
    value.parse().map_err(|reason| InvalidEnvironment::Url { variable, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(urls: &[(&str, &str)]) -> Result<(String, String), InvalidEnvironment> {
        let credentials = [("CLIENT_ID", "app"), ("CLIENT_SECRET", "hush")];
        let all: Vec<_> = urls.iter().chain(&credentials).collect();
        let found =
            |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        let read = Environment::read(found)?;
        Ok((read.auth_base.to_string(), read.api_base.to_string()))
    }

    #[test]
    fn the_platforms_own_variables_come_first() {
        let one = ("EINLASS_URL", "http://127.0.0.1:8080");
        let both = read(&[one]).unwrap();
        assert_eq!(both, ("http://127.0.0.1:8080".into(), "http://127.0.0.1:8080".into()));
        let split = read(&[one, ("JTL_API_BASE", "https://api.example.com"), ("JTL_AUTH_BASE", "")]).unwrap();
        assert_eq!(split, ("http://127.0.0.1:8080".into(), "https://api.example.com".into()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(read(&[]), Err(InvalidEnvironment::NoUrl("JTL_AUTH_BASE")));
        let plain = read(&[("EINLASS_URL", "http://example.com")]).unwrap_err().to_string();
        assert!(plain.starts_with("EINLASS_URL: not https"), "{plain}");
    }
}
