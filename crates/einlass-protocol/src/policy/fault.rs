//! What can be wrong with a document, and where.

use super::template::TemplateProblem;
use crate::scope::InvalidScope;

/// A fault in a document. A policy is made from documents without any.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{document}#{pointer}: {problem}")]
pub struct Fault {
    /// The document's name.
    pub document: String,
    /// Where in the document: a JSON pointer (RFC 6901).
    pub pointer: Pointer,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong at one place of a document.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Problem {
    /// Neither JSON nor YAML; the parser's own words, which name the line.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// Another version of OpenAPI, or no OpenAPI at all.
    #[error("only OpenAPI 3.0 and 3.1 are understood")]
    Version,
    /// A value of another type than OpenAPI says.
    #[error("must be {0}")]
    Shape(&'static str),
    /// A path item elsewhere than in this document's `components.pathItems`.
    #[error("`{0}` is no path item of this document: only `#/components/pathItems/…` is resolved")]
    Reference(String),
    /// A scheme whose name is the platform's and whose type is not.
    #[error("`{0}` is a scheme of the platform and must have the type `{1}`")]
    SchemeType(String, &'static str),
    /// A scope that no token can carry.
    #[error(transparent)]
    Scope(#[from] InvalidScope),
    /// A path that cannot be matched.
    #[error(transparent)]
    Template(#[from] TemplateProblem),
    /// Two operations that one request would match.
    #[error("is the same operation as `{method} {template}` of {document}")]
    Duplicate {
        /// The method of both.
        method: &'static str,
        /// The template of the other one.
        template: String,
        /// The document of the other one.
        document: String,
    },
}

/// A place in a document (RFC 6901).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Pointer(String);

impl Pointer {
    /// The place `key` below this one.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        // RFC 6901 §3: `~` is written `~0`, `/` is written `~1`.
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    /// The pointer's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
