//! `[store]`: where the durable state is.

use super::reader::Section;
use crate::failure::Failure;
use einlass_protocol::secret::Secret;
use einlass_store::StoreError;
use reqwest::Url;

/// Where the durable state is.
#[derive(Debug)]
pub(crate) struct Store {
    /// For [`einlass_store::Store::open`]. It may hold a password.
    pub(crate) url: Secret,
    /// Where the URL comes from, in words.
    pub(crate) origin: String,
}

impl Store {
    /// Why it did not open, without its URL.
    pub(crate) fn does_not_open(&self, fault: &StoreError) -> Failure {
        let cause = match fault {
            StoreError::Unavailable(cause) => cause.to_string(),
            other => other.to_string(),
        };
        Failure::Unavailable(format!("the database that {} names does not open: {cause}", self.origin))
    }
}

pub(super) fn read(section: &mut Section<'_, '_>) -> Option<Store> {
    let confided = section.secret_or("url", "sqlite:einlass.db", is_open)?;
    match usable(section, confided.secret.expose()) {
        Ok(url) => Some(Store { url: Secret::new(url), origin: section.in_words(confided.place()) }),
        Err(message) => {
            section.fault_of(confided, message);
            None
        }
    }
}

/// Whether anybody may know it: a URL without a password, in both places where there may be one.
fn is_open(url: &str) -> bool {
    if url.starts_with("sqlite:") {
        return true;
    }
    let is_password = |key: &str| key == "password" || key == "sslpassword";
    Url::parse(url)
        .is_ok_and(|url| url.password().is_none() && !url.query_pairs().any(|(key, _)| is_password(&key)))
}

/// The URL as the store understands it, or what is wrong with it.
fn usable(section: &Section<'_, '_>, url: &str) -> Result<String, String> {
    if let Some(file) = url.strip_prefix("sqlite:") {
        return database(section, file.strip_prefix("//").unwrap_or(file));
    }
    match Url::parse(url) {
        Ok(url) if ["postgres", "postgresql"].contains(&url.scheme()) => understood(url),
        _ => Err("must be sqlite: and a path, or postgres://user@host/database".into()),
    }
}

/// What may stand behind a `?`. The driver repeats what it does not know, value and all, in the log.
const PARAMETERS: [&str; 12] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

fn understood(url: Url) -> Result<String, String> {
    // What is not known is not repeated: it may be a password without its name.
    if url.query_pairs().all(|(key, _)| PARAMETERS.contains(&&*key)) {
        return Ok(url.into());
    }
    Err(format!("has a parameter that is not known; there are {}", PARAMETERS.join(", ")))
}

fn database(section: &Section<'_, '_>, file: &str) -> Result<String, String> {
    if file.is_empty() || file.starts_with(':') || file.contains('?') {
        return Err("must name a file; write the path behind sqlite:, and nothing else".into());
    }
    let file = section.resolve(file);
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            Err(format!("{} is not a folder; make it before the first start", folder.display()))
        }
        _ => Ok(einlass_store::Store::sqlite_url(&file)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_open;

    #[test]
    fn a_url_with_a_password_is_for_nobody() {
        for open in ["sqlite:einlass.db", "postgres://einlass@db/einlass", "postgres:///einlass?host=/run/pg"]
        {
            assert!(is_open(open), "{open}");
        }
        for closed in ["postgres://einlass:hush@db/e", "postgres://db/e?password=hush", "hush", ""] {
            assert!(!is_open(closed), "{closed}");
        }
    }
}
