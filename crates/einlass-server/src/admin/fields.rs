//! What the fields of a request may hold: each kind says itself what is wrong, and what to send instead.

use super::time::InvalidTime;
use einlass_protocol::scope::{MOST_SCOPE_BYTES, ScopeSet};
use einlass_protocol::secret::looks_secret;
use einlass_protocol::text::is_unseen;
use einlass_protocol::time::UnixTime;
use serde::{Deserialize, Deserializer};
use serde_json::Number;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;
use uuid::Uuid;

/// A field that may be left out, and is not null.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A name for people.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Name(pub(super) String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if looks_secret(&text) {
            return Err("that is a secret, not a name");
        }
        // `claim` has a place of its own in paths, and dots lead elsewhere.
        if matches!(&*text, "claim" | "." | "..") {
            return Err("choose another name: this one stands for something else");
        }
        let fits = (1..=200).contains(&text.chars().count()) && !text.chars().any(is_unseen);
        if !fits {
            return Err("send 1 to 200 characters, none of them a control or invisible character");
        }
        if text.trim() == text { Ok(Self(text)) } else { Err("send it without spaces around it") }
    }
}

/// What a person may be called.
pub(crate) fn name_of_person(text: &str) -> Option<String> {
    Name::try_from(text.trim().to_owned()).ok().map(|name| name.0)
}

/// Where a channel's sellers go, or nothing where the text is no such address. It may be empty.
pub(crate) fn page_url(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        Some(String::new())
    } else {
        PageUrl::try_from(text.to_owned()).ok().map(|url| url.0)
    }
}

/// A merchant's customer number, or nothing where the text is none. It may be empty.
pub(crate) fn customer_number(text: &str) -> Option<String> {
    CustomerNumber::try_from(text.trim().to_owned()).ok().map(|number| number.0)
}

/// A name for machines, or nothing where the text is none.
pub(crate) fn machine_name(text: &str) -> Option<String> {
    TechnicalName::try_from(text.trim().to_owned()).ok().map(|name| name.0)
}

/// A name for machines.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct TechnicalName(pub(super) String);

impl TryFrom<String> for TechnicalName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if !fits {
            return Err("send a-z, 0-9 and hyphens between them, at most 64 characters");
        }
        // What has the form of an id would be taken for one.
        if text.parse::<Uuid>().is_ok() { Err("send a name, not a UUID") } else { Ok(Self(text)) }
    }
}

/// A part of what something is called; empty for everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Search(pub(super) String);

impl TryFrom<String> for Search {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if looks_secret(&text) {
            return Err("that is a secret, and nothing is called that");
        }
        let fits = text.chars().count() <= 100 && !text.chars().any(char::is_control);
        if fits {
            Ok(Self(text.trim().to_owned()))
        } else {
            Err("send at most 100 characters, none of them a control character")
        }
    }
}

/// A page where a channel's sellers go; empty where there is none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct PageUrl(pub(super) String);

impl TryFrom<String> for PageUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_encrypted = text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
        let mut behind_loopback =
            ["http://127.0.0.1", "http://localhost"].iter().filter_map(|it| text.strip_prefix(it));
        // `localhost.example` and `localhost:80@example` are elsewhere.
        let stays_here =
            |rest: &str| rest.is_empty() || rest.starts_with([':', '/', '?']) && !rest.contains('@');
        // A session goes into the query, so nothing may come behind that.
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#' && byte != b'"');
        let fits = text.len() <= 500 && is_plain && (is_encrypted || behind_loopback.any(stays_here));
        if fits {
            Ok(Self(text))
        } else {
            Err("send an https URL without a fragment, at most 500 characters")
        }
    }
}

/// A merchant's customer number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct CustomerNumber(pub(super) String);

impl TryFrom<String> for CustomerNumber {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits { Ok(Self(text)) } else { Err("send letters, digits and hyphens, at most 64") }
    }
}

/// A tenant's number at marketplace channels: whole, and exact in JavaScript.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Number")]
pub(super) struct AccountNumber(pub(super) i64);

impl TryFrom<Number> for AccountNumber {
    type Error = &'static str;

    fn try_from(number: Number) -> Result<Self, Self::Error> {
        let fitting = whole(&number).filter(|number| (1..1 << 53).contains(number));
        fitting.map(Self).ok_or("send a number from 1 to 9007199254740991")
    }
}

/// A whole number as JSON may write it: `60.0` is one too (JSON Schema 2020-12, validation, §6.1.1).
fn whole(number: &Number) -> Option<i64> {
    let with_point = || number.as_f64().filter(|float| float.fract() == 0.0);
    number.as_i64().or_else(|| format!("{:.0}", with_point()?).parse().ok())
}

/// Scopes that fit into a token.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Scopes(pub(super) ScopeSet);

impl TryFrom<String> for Scopes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() > MOST_SCOPE_BYTES {
            return Err(format!(
                "{} bytes of scopes are more than a token can carry; send at most {MOST_SCOPE_BYTES}",
                text.len()
            ));
        }
        text.parse().map(Self).map_err(|fault| format!("{fault}"))
    }
}

/// How long something lasts: from a second to ten years.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Number")]
pub(super) struct Lifetime(pub(super) Duration);

impl TryFrom<Number> for Lifetime {
    type Error = &'static str;

    fn try_from(seconds: Number) -> Result<Self, Self::Error> {
        let fitting = whole(&seconds).filter(|seconds| (1..=315_360_000).contains(seconds));
        let seconds = fitting.and_then(|seconds| seconds.try_into().ok());
        seconds.map(Duration::from_secs).map(Self).ok_or("send seconds, from 1 to 315360000")
    }
}

/// A point in time.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Moment(pub(super) UnixTime);

impl TryFrom<String> for Moment {
    type Error = InvalidTime;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        super::time::parse(&text).map(Self)
    }
}

/// What has a text of its own, as ids have.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String", bound = "T: FromStr, T::Err: Display")]
pub(super) struct Parsed<T>(pub(super) T);

impl<T: FromStr> TryFrom<String> for Parsed<T> {
    type Error = T::Err;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_it_looks_like() {
        for name in
            ["Anna's Bikes", "Zoë", "日本", "مرحبا", "a\u{301}", "👩‍🚀".replace('\u{200d}', "").as_str()]
        {
            assert!(Name::try_from(name.to_owned()).is_ok(), "{name:?}");
        }
        for name in
            ["", " a", "a\u{a0}", "a\u{200b}b", "a\u{202e}b", "a\u{ad}b", "\u{feff}a", "a\u{85}b", "a\nb"]
        {
            assert!(Name::try_from(name.to_owned()).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let read = |text: &str| whole(&serde_json::from_str(text).unwrap());
        for (text, number) in [("60", 60), ("60.0", 60), ("6e1", 60), ("-2", -2), ("-0.0", 0)] {
            assert_eq!(read(text), Some(number), "{text}");
        }
        for text in ["60.5", "1e-3", "1e300", "18446744073709551615"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
