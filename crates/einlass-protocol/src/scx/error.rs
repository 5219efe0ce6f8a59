//! The body of every answer from 400 on: `{"errorList":[{"code","message","severity","hint"}]}`.

use serde::Serialize;

/// The languages that errors are written in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Language {
    /// Unless English is asked for.
    #[default]
    German,
    /// For who prefers it.
    English,
}

impl Language {
    /// What an `Accept-Language` asks for (RFC 9110 §12.5.4): German, unless English is preferred to it.
    #[must_use]
    pub fn of(accepted: Option<&str>) -> Self {
        let ranges = accepted.unwrap_or_default().split(',').filter_map(weighted);
        let best = |wanted: &str| {
            let fitting = ranges.clone().filter(|(range, _)| {
                let primary = range.split('-').next().unwrap_or_default();
                primary.eq_ignore_ascii_case(wanted)
            });
            fitting.map(|(_, weight)| weight).max().unwrap_or_default()
        };
        if best("en") > best("de") { Self::English } else { Self::German }
    }
}

/// A language range and its weight in thousandths. One that cannot be read counts for nothing.
fn weighted(range: &str) -> Option<(&str, u32)> {
    let (name, weight) = range.split_once(';').unwrap_or((range, "q=1"));
    let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
    let is_weight = (0.0..=1.0).contains(&weight);
    // Between 0 and 1000, so the cast loses nothing that counts.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 0 to 1")]
    is_weight.then_some((name.trim(), (weight * 1000.0) as u32))
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// What was asked for was not done.
    Error,
    /// It was done, and something is odd about it.
    Warning,
    /// It was done.
    Notice,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ErrorItem {
    /// For programs, as `VAL100`.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// What to do about it, if there is something to say; written as null if not.
    pub hint: Option<String>,
}

/// The body.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorList {
    /// What is wrong; never empty.
    pub error_list: Vec<ErrorItem>,
}

impl ErrorList {
    /// A body that says one thing.
    #[must_use]
    pub fn one(code: &'static str, message: impl Into<String>, hint: Option<String>) -> Self {
        Self {
            error_list: vec![ErrorItem { code, message: message.into(), severity: Severity::Error, hint }],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_german_unless_english_is_preferred() {
        for english in ["en", "EN-us", "en;q=0.9,de;q=0.1", "fr, en;q=0.5"] {
            assert_eq!(Language::of(Some(english)), Language::English, "{english}");
        }
        for german in ["", "de", "fr", "*", "de, en", "en;q=0.5, de;q=0.9", "en;q=x", "en;q=0", "english"] {
            assert_eq!(Language::of(Some(german)), Language::German, "{german}");
        }
        assert_eq!(Language::of(None), Language::German);
    }

    #[test]
    fn the_body_has_the_platforms_form() {
        let body = serde_json::to_string(&ErrorList::one("ATH000", "Unbekannt", None)).unwrap();
        assert_eq!(
            body,
            r#"{"errorList":[{"code":"ATH000","message":"Unbekannt","severity":"error","hint":null}]}"#
        );
    }
}
