//! The key that a caller presents: exactly one `Authorization: Wawi <key>`. Whoever writes it in another way is told which.

use super::super::refusal::Refusal;
use einlass_protocol::secret::{Secret, SecretHash};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use uuid::Uuid;

/// Why what a caller sent is no key that works.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::gateway) enum KeyFault {
    /// There is no `Authorization`.
    Missing,
    /// There are several, of which two servers would each pick their own.
    Several,
    /// `Bearer`, where `Wawi` is meant.
    Bearer,
    /// The key alone.
    Bare,
    /// Another scheme, or bytes that are no text.
    OtherScheme,
    /// `Wawi`, and nothing behind it.
    Nothing,
    /// `Wawi`, and something that is no key.
    NoUuid,
    /// It was never given out, has been revoked, or opens another database.
    Unknown,
    /// It works, and its merchant has no licence for apps.
    Unlicensed,
}

impl KeyFault {
    /// What to do about it.
    pub(in crate::gateway) const fn message(self) -> &'static str {
        match self {
            Self::Missing => "Send the header `Authorization: Wawi <API key>`.",
            Self::Several => "Send exactly one header `Authorization: Wawi <API key>`; there are several.",
            Self::Bearer => "On-premise keys are sent as `Authorization: Wawi <API key>`, not as `Bearer`.",
            Self::Bare => "The scheme is missing. Send `Authorization: Wawi <API key>`.",
            Self::OtherScheme => {
                "The scheme of `Authorization` is not `Wawi`. Send `Authorization: Wawi <API key>`."
            }
            Self::Nothing => "The key is missing. Send `Authorization: Wawi <API key>`.",
            Self::NoUuid => {
                "What follows `Wawi` is no API key: a key is a UUID of 36 characters. Send it as it was read."
            }
            Self::Unlicensed => "The merchant has no licence for apps.",
            Self::Unknown => {
                "The API key is unknown here or was revoked. Check that it belongs to this database, or register again."
            }
        }
    }
}

/// The one key of a request, as it is looked up.
pub(super) fn key(headers: &HeaderMap) -> Result<SecretHash, Refusal> {
    read(headers).map_err(Refusal::from)
}

fn read(headers: &HeaderMap) -> Result<SecretHash, KeyFault> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(KeyFault::Missing)?;
    if values.next().is_some() {
        return Err(KeyFault::Several);
    }
    let value = str::from_utf8(value.as_bytes()).map_err(|_| KeyFault::OtherScheme)?;
    let (scheme, key) = value.split_once(' ').unwrap_or((value, ""));
    // RFC 9110 §11.1: the scheme is compared without case, and spaces follow it.
    match scheme {
        _ if scheme.eq_ignore_ascii_case("Wawi") => hash(key.trim_start_matches(' ')),
        _ if scheme.eq_ignore_ascii_case("Bearer") => Err(KeyFault::Bearer),
        _ if is_key(value) => Err(KeyFault::Bare),
        _ => Err(KeyFault::OtherScheme),
    }
}

/// Keys are given out in lower case; some clients send them in upper case.
fn hash(key: &str) -> Result<SecretHash, KeyFault> {
    match key {
        "" => Err(KeyFault::Nothing),
        _ if is_key(key) => Ok(SecretHash::of(&Secret::new(key.to_ascii_lowercase()))),
        _ => Err(KeyFault::NoUuid),
    }
}

/// Of the forms of a UUID only the hyphenated one has 36 characters.
fn is_key(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const KEY: &str = "3f2b8c1e-9d47-4a6b-8e21-7c5d0f9a1b34";

    fn read_of(values: &[&str]) -> Result<String, KeyFault> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        read(&headers).map(|hash| hash.to_hex())
    }

    #[test]
    fn exactly_one_key_is_accepted_in_either_case() {
        let expected = Ok(SecretHash::of(&Secret::new(KEY.into())).to_hex());
        let upper = KEY.to_uppercase();
        for value in [format!("Wawi {KEY}"), format!("wAWI {upper}"), format!("WAWI  {KEY}")] {
            assert_eq!(read_of(&[&value]), expected, "{value}");
        }
    }

    #[test]
    fn every_wrong_spelling_has_its_own_fault() {
        use KeyFault as F;
        let good = &*format!("Wawi {KEY}");
        let simple = KEY.replace('-', "");
        for (values, fault) in [
            (&[][..], F::Missing),
            (&[good, good], F::Several),
            (&[good, "Bearer x"], F::Several),
            (&[&format!("Bearer {KEY}")], F::Bearer),
            (&[KEY], F::Bare),
            (&[&format!("Basic {KEY}")], F::OtherScheme),
            (&[&format!("WawiX {KEY}")], F::OtherScheme),
            (&[""], F::OtherScheme),
            (&["\u{e4}"], F::OtherScheme),
            (&["Wawi"], F::Nothing),
            (&["Wawi "], F::Nothing),
            (&["Wawi 4711"], F::NoUuid),
            (&[&format!("Wawi {simple}")], F::NoUuid),
            (&[&format!("Wawi {{{simple}}}  ")], F::NoUuid),
            (&[&format!("{good}, {good}")], F::NoUuid),
            (&[&format!("{good} x")], F::NoUuid),
            (&[&format!("Wawi\t{KEY}")], F::OtherScheme),
        ] {
            assert_eq!(read_of(values), Err(fault), "{values:?}");
        }
    }
}
