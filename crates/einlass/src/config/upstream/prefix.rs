//! `prefix`: the paths that are an upstream's.

use crate::config::reader::{Section, Setting};

/// First segments of the platform's own paths.
const OURS: [&str; 17] = [
    ".well-known",
    "account",
    "admin",
    "api",
    "assets",
    "consent",
    "dev",
    "hub",
    "id",
    "livez",
    "login",
    "metrics",
    "oauth2",
    "onprem",
    "partner",
    "readyz",
    "v1",
];

/// A path of whole segments: begins with `/`, does not end with one.
pub(super) struct Prefix(String);

impl Setting for Prefix {
    fn parse(text: &str) -> Result<Self, String> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        let is_segment =
            |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain);
        match text.strip_prefix('/') {
            Some(path) if OURS.contains(&path.split('/').next().unwrap_or(path)) => {
                Err("belongs to the platform itself; choose another, as \"/erp\"".into())
            }
            Some(path) if path.split('/').all(is_segment) => Ok(Self(text.into())),
            _ => {
                Err("must be a path as \"/erp\"; write it without a slash at its end and without escapes"
                    .into())
            }
        }
    }
}

/// Reads it; `taken` are the prefixes of the upstreams before.
pub(super) fn read(section: &mut Section<'_, '_>, taken: &mut Vec<String>) -> Option<String> {
    let Prefix(prefix) = section.required("prefix", "say which paths are its, as \"/erp\"")?;
    match taken.iter().find(|other| is_within(&prefix, other) || is_within(other, &prefix)) {
        Some(other) => {
            let message = format!("lies within another upstream's, or around it; that one has {other}");
            section.fault("prefix", message);
        }
        None => taken.push(prefix.clone()),
    }
    Some(prefix)
}

/// Whether every path below `inner` is below `outer`.
fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_whole_segments() {
        for text in ["/erp", "/erp/v2", "/a-b_c.d~e", "/identity"] {
            assert!(Prefix::parse(text).is_ok(), "{text}");
        }
        for text in
            ["", "/", "erp", "/erp/", "//erp", "/../erp", "/e rp", "/%65rp", "/erp?a", "/admin", "/id/x"]
        {
            assert!(Prefix::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn within_counts_whole_segments() {
        assert!(is_within("/erp/v2", "/erp") && is_within("/erp", "/erp"));
        assert!(!is_within("/erp2", "/erp") && !is_within("/erp", "/erp/v2"));
    }
}
