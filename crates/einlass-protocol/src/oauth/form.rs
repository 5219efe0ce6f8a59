//! Form parameters (RFC 6749 §3.2 and appendix B), read strictly.

use percent_encoding::percent_decode;
use std::borrow::Cow;

/// How many parameters are looked at.
const MOST_PARAMETERS: usize = 64;

/// The parameters of a request. An empty value counts as absent (RFC 6749 §3.2).
#[derive(Debug)]
pub struct Form {
    parameters: Vec<(String, String)>,
    /// The first that is there more than once.
    repeated: Option<String>,
}

/// Why a body is no form.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MalformedForm {
    /// A name or value is not UTF-8 once decoded (RFC 6749 appendix B).
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// More than 64 parameters, where a request needs five: comparing their names would cost the square.
    #[error("more than {MOST_PARAMETERS} parameters")]
    TooMany,
    /// The same parameter twice (RFC 6749 §3.2).
    #[error("the parameter `{0}` is there more than once")]
    Repeated(String),
}

impl Form {
    /// Reads an `application/x-www-form-urlencoded` body.
    pub fn parse(body: &[u8]) -> Result<Self, MalformedForm> {
        let form = Self::parse_repeated(body)?;
        match form.repeated {
            // RFC 6749 §3.2: "Request and response parameters MUST NOT be included more than once."
            Some(name) => Err(MalformedForm::Repeated(repeatable(&name))),
            None => Ok(form),
        }
    }

    /// Reads a request for an authorization, whose client is told of a repeated parameter at its redirect URI (RFC 6749
    /// §4.1.2.1) and not by whoever reads the form.
    pub fn parse_repeated(body: &[u8]) -> Result<Self, MalformedForm> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        let mut repeated = None;
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let split = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = decode(&pair[..split])?;
            let value = decode(pair.get(split + 1..).unwrap_or_default())?;
            if repeated.is_none() && parameters.iter().any(|(known, _)| *known == name) {
                repeated = Some(name.clone());
            }
            if parameters.len() == MOST_PARAMETERS {
                return Err(MalformedForm::TooMany);
            }
            parameters.push((name, value));
        }
        Ok(Self { parameters, repeated })
    }

    /// Whether a parameter is there more than once.
    #[must_use]
    pub fn has_repeated(&self) -> bool {
        self.repeated.is_some()
    }

    /// The parameter's value, if it is there once and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.parameters.iter().filter(|(known, _)| known == name);
        let (_, value) = named.next()?;
        if named.next().is_some() {
            return None;
        }
        (!value.is_empty()).then_some(value.as_str())
    }
}

/// Undoes form encoding: `+` is a space, `%41` an `A`. `%` without two digits behind it stands for itself.
pub(super) fn decode(encoded: &[u8]) -> Result<String, MalformedForm> {
    let spaced: Cow<'_, [u8]> = if encoded.contains(&b'+') {
        encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect::<Vec<_>>().into()
    } else {
        encoded.into()
    };
    let decoded = percent_decode(&spaced).decode_utf8().map_err(|_| MalformedForm::NotUtf8)?;
    Ok(decoded.into_owned())
}

/// A parameter's name as it may be repeated: what looks like one. A secret that lost its name does not.
fn repeatable(name: &str) -> String {
    let is_name = name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { name.into() } else { "…".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_empty_ones_absent() {
        let form = Form::parse(b"a=1%202+3&b=&c&&d=%zz&e=x=y").unwrap();
        assert_eq!(form.get("a"), Some("1 2 3"));
        assert_eq!(form.get("b"), None);
        assert_eq!(form.get("c"), None);
        assert_eq!(form.get("d"), Some("%zz"));
        assert_eq!(form.get("e"), Some("x=y"));
        assert_eq!(form.get("z"), None);
    }

    #[test]
    fn a_repeated_parameter_is_refused_whatever_its_spelling() {
        for body in ["a=1&a=1", "a=1&%61=2", "x=&x="] {
            assert!(matches!(Form::parse(body.as_bytes()), Err(MalformedForm::Repeated(_))), "{body}");
        }
    }

    #[test]
    fn what_is_repeated_in_a_request_for_an_authorization_has_no_value() {
        let form = Form::parse_repeated(b"state=s&scope=a&%73cope=b&client_id=c&x=&x=").unwrap();
        assert!(form.has_repeated());
        assert_eq!(
            ["state", "scope", "client_id", "x"].map(|name| form.get(name)),
            [Some("s"), None, Some("c"), None]
        );
        assert!(!Form::parse_repeated(b"state=s&scope=a").unwrap().has_repeated());
        assert_eq!(Form::parse_repeated(b"a=1&a=%ff").unwrap_err(), MalformedForm::NotUtf8);
        let flood = "a=1&".repeat(65);
        assert_eq!(Form::parse_repeated(flood.as_bytes()).unwrap_err(), MalformedForm::TooMany);
    }

    #[test]
    fn only_what_looks_like_a_name_is_repeated() {
        let repeated = |body: &[u8]| Form::parse(body).unwrap_err();
        assert_eq!(repeated(b"grant_type=a&grant_type=b"), MalformedForm::Repeated("grant_type".into()));
        assert_eq!(repeated(b"ein_cs_C4nary&ein_cs_C4nary"), MalformedForm::Repeated("…".into()));
    }

    #[test]
    fn a_flood_of_parameters_is_refused_before_it_is_read() {
        let flood =
            |count: usize| (0..count).map(|number| format!("p{number}")).collect::<Vec<_>>().join("&");
        assert!(Form::parse(flood(64).as_bytes()).is_ok());
        // What follows the sixty-fifth is not even decoded.
        let body = flood(65) + "&a=%ff";
        assert_eq!(Form::parse(body.as_bytes()).unwrap_err(), MalformedForm::TooMany);
    }

    #[test]
    fn what_is_not_utf8_is_refused() {
        for body in [&b"a=\xff"[..], b"a=%ff", b"%c0%af=1"] {
            assert_eq!(Form::parse(body).unwrap_err(), MalformedForm::NotUtf8);
        }
    }
}
