//! Form parameters (RFC 6749 §3.2 and appendix B), read strictly.

use percent_encoding::percent_decode;
use std::borrow::Cow;

/// How many parameters are looked at.
const MOST_PARAMETERS: usize = 64;

/// The parameters of a request. An empty value counts as absent (RFC 6749 §3.2).
#[derive(Debug)]
pub struct Form {
    parameters: Vec<(String, String)>,
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
        let mut parameters: Vec<(String, String)> = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let split = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = decode(&pair[..split])?;
            let value = decode(pair.get(split + 1..).unwrap_or_default())?;
            // RFC 6749 §3.2: "Request and response parameters MUST NOT be included more than once."
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(MalformedForm::Repeated(repeatable(&name)));
            }
            if parameters.len() == MOST_PARAMETERS {
                return Err(MalformedForm::TooMany);
            }
            parameters.push((name, value));
        }
        Ok(Self { parameters })
    }

    /// The parameter's value, if it is there and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.parameters.iter().find(|(known, _)| known == name)?;
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
