//! The key of an on-premise app: it neither expires nor is fetched, so there is nothing to refresh.

use super::NoCredentials;
use super::credentials::Part;
use crate::fetch::FetchError;
use einlass_protocol::secret::Secret;
use http::HeaderValue;
use std::path::PathBuf;

/// What opens a merchant's ERP, sent as `Authorization: Wawi <key>`.
#[derive(Clone, Debug)]
pub struct ApiKey(Part);

impl ApiKey {
    /// One that is known.
    #[must_use]
    pub fn new(key: Secret) -> Self {
        Self(Part::Given(key))
    }

    /// One in a file, which is read again for every call.
    #[must_use]
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self(Part::File(path.into()))
    }

    /// The one in `ONPREM_API_KEY`, or in the file that `ONPREM_API_KEY_FILE` names. An empty variable counts as unset.
    ///
    /// `variable` looks a variable up: `|name| std::env::var(name).ok()`.
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, NoCredentials> {
        Part::from_env("ONPREM_API_KEY", "ONPREM_API_KEY_FILE", &variable).map(Self)
    }

    /// The header's value as it is now, marked sensitive.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, FetchError> {
        let key = self.0.read()?;
        // Keys are UUIDs in every example. `Wawi …` or `Bearer …` is a header that somebody took for one.
        let is_one_word =
            !key.expose().is_empty() && key.expose().bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::from_str(&format!("Wawi {}", key.expose()));
        let Some(mut value) = value.ok().filter(|_| is_one_word) else {
            return Err(FetchError::Credentials(
                "the API key is the key alone, one word without a scheme".into(),
            ));
        };
        value.set_sensitive(true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_word_and_shown_to_nobody() {
        let of = |key: &str| ApiKey::new(Secret::new(key.into())).authorization();
        let value = of("0b0e5ab4-canary").unwrap();
        assert_eq!(value, "Wawi 0b0e5ab4-canary");
        assert!(!format!("{value:?}").contains("canary"));
        for key in ["", "Wawi canary", "Bearer canary", "canary\n", "schlüssel"] {
            let error = of(key).unwrap_err().to_string();
            assert!(error.contains("one word") && !error.contains("canary"), "{key:?}: {error}");
        }
    }
}
