//! The body of every answer from 400 on: `{"errorList":[{"code","message","severity","hint"}]}`.

use serde::Serialize;

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
    fn the_body_has_the_platforms_form() {
        let body = serde_json::to_string(&ErrorList::one("ATH000", "Unbekannt", None)).unwrap();
        assert_eq!(
            body,
            r#"{"errorList":[{"code":"ATH000","message":"Unbekannt","severity":"error","hint":null}]}"#
        );
    }
}
