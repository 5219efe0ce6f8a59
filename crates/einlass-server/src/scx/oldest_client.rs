//! Which clients are too old: told by their `User-Agent` (RFC 9110 §10.1.5), as `Name/1.2.3`.

use std::str::FromStr;

/// The oldest version of a client that may still come. Clients of other names are not looked at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OldestClient {
    name: String,
    version: Vec<u32>,
}

/// A text that names no version of a client.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("must be a client's name and version, as Name/1.2")]
pub struct InvalidOldestClient;

impl FromStr for OldestClient {
    type Err = InvalidOldestClient;

    fn from_str(text: &str) -> Result<Self, InvalidOldestClient> {
        let (name, version) = text.split_once('/').ok_or(InvalidOldestClient)?;
        let version = numbers(version).ok_or(InvalidOldestClient)?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(InvalidOldestClient);
        }
        Ok(Self { name: name.into(), version })
    }
}

impl OldestClient {
    /// Whether a client says that it is an earlier version of this one.
    pub(super) fn is_after(&self, user_agent: &str) -> bool {
        let mut products = user_agent.split_whitespace().filter_map(|product| product.split_once('/'));
        let Some((_, version)) = products.find(|(name, _)| name.eq_ignore_ascii_case(&self.name)) else {
            return false;
        };
        numbers(version).is_some_and(|version| version < self.version)
    }
}

/// `1.2.3`, up to whatever follows; without zeros at the end, so that 1.2 is 1.2.0.
fn numbers(version: &str) -> Option<Vec<u32>> {
    let digits = version.split(|c: char| !c.is_ascii_digit() && c != '.').next()?;
    let mut numbers = digits.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_number_by_number() {
        let oldest: OldestClient = "Channel-Client/1.10".parse().unwrap();
        for old in ["Channel-Client/1.9.7", "channel-client/1", "php/8 Channel-Client/1.2-beta"] {
            assert!(oldest.is_after(old), "{old}");
        }
        for other in
            ["", "Channel-Client/1.10.0", "Channel-Client/2", "Other/0.1", "Channel-Client/x", "curl"]
        {
            assert!(!oldest.is_after(other), "{other}");
        }
        assert!("Channel-Client".parse::<OldestClient>().is_err() && "/1".parse::<OldestClient>().is_err());
    }
}
