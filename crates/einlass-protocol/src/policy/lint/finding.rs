//! What a look through a document brought up, and where.

use crate::policy::fault::{Fault, Pointer, Problem};
use crate::scope::Scope;

/// One thing that a person should look at.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{document}#{pointer}: {complaint}")]
pub struct Finding {
    /// The document's name.
    pub document: String,
    /// Where in the document: a JSON pointer (RFC 6901).
    pub pointer: Pointer,
    /// What is odd there.
    pub complaint: Complaint,
}

/// What can be odd.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Complaint {
    /// The document cannot be used at all.
    #[error(transparent)]
    Fault(#[from] Problem),
    /// Neither the operation nor its document has a `security` section.
    #[error("says nothing about security: every call is refused")]
    NoSecurity,
    /// Nothing is asked of a caller.
    #[error("is public: every call is refused unless public operations are allowed")]
    Public,
    /// A way in that asks for what no caller can have here.
    #[error("security/{index} asks for {}, which nothing satisfies here", quoted(.schemes))]
    UnknownSchemes {
        /// Which of the operation's ways in, from 0.
        index: usize,
        /// The schemes that are none of the platform's.
        schemes: Vec<String>,
    },
    /// A way in that asks for both kinds of token at once.
    #[error("security/{index} asks for a machine token and a user-bound one, and a call carries one token")]
    TwoTokens {
        /// Which of the operation's ways in, from 0.
        index: usize,
    },
    /// A scope that is not in the list of those that exist.
    #[error("asks for the scope `{0}`, which is not in the list")]
    UnknownScope(Scope),
    /// Another template takes some of this one's paths away.
    #[error(
        "`{template}` of {document} takes `{path}` too, and decides; another router may decide otherwise"
    )]
    Shadowed {
        /// The template that decides.
        template: String,
        /// The document that it is in.
        document: String,
        /// A path that both take.
        path: String,
    },
}

impl Complaint {
    /// A stable word for programs.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Fault(_) => "fault",
            Self::NoSecurity => "no-security",
            Self::Public => "public",
            Self::UnknownSchemes { .. } | Self::TwoTokens { .. } => "unsatisfiable",
            Self::UnknownScope(_) => "unknown-scope",
            Self::Shadowed { .. } => "shadowed",
        }
    }
}

impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        let Fault { document, pointer, problem } = fault;
        Self { document, pointer, complaint: problem.into() }
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
}
