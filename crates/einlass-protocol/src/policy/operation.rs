//! Operations of an upstream, and what their documents ask of a caller.

use crate::scope::{Scope, ScopeSet};
use std::fmt;

/// The methods that OpenAPI knows operations for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "RFC 9110 §9.3 and RFC 5789 say what they are")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    pub(super) const ALL: [Self; 8] =
        [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Options, Self::Head, Self::Patch, Self::Trace];

    /// The method as a request writes it, in upper case (RFC 9110 §9.1).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }
}

/// One operation of an upstream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Operation {
    /// The name of the document that describes it.
    pub document: String,
    /// Its method.
    pub method: Method,
    /// Its path as the document writes it.
    pub template: String,
    /// The document's own name for it.
    pub operation_id: Option<String>,
    /// What opens it: any one of these. `None`: the document does not say, so nothing does.
    pub security: Option<Vec<Alternative>>,
}

/// One way into an operation: everything in it is needed (OpenAPI 3.1, "Security Requirement Object").
/// Nothing in it means that the operation is public.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Alternative {
    /// `Wawi`: a tenant's installation of the app, and scopes that both it and the token carry.
    pub wawi: Option<ScopeSet>,
    /// `oauth2-application`: a machine token, and scopes of the token.
    pub application: Option<ScopeSet>,
    /// `oauth2-cloud-id-accessCode`: a token bound to a person, and scopes of the token.
    pub cloud_id: Option<ScopeSet>,
    /// Schemes that no caller can satisfy here.
    pub unsupported: Vec<String>,
}

impl Alternative {
    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_public(&self) -> bool {
        *self == Self::default()
    }

    /// Every scope that it asks for.
    #[must_use]
    pub fn scopes(&self) -> ScopeSet {
        self.each_scope().cloned().collect()
    }

    /// Every scope that it asks for, each once, in no order.
    pub fn each_scope(&self) -> impl Iterator<Item = &Scope> {
        let lists = [&self.wawi, &self.application, &self.cloud_id];
        let is_before = move |position: usize, scope: &Scope| {
            lists[..position].iter().any(|list| list.as_ref().is_some_and(|list| list.contains(scope)))
        };
        let with_position = lists.into_iter().enumerate();
        with_position.flat_map(move |(position, list)| {
            list.iter().flat_map(ScopeSet::iter).filter(move |scope| !is_before(position, scope))
        })
    }
}

impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_public() {
            return f.write_str("nothing: it is public, and open only where public operations are allowed");
        }
        let kinds = [
            ("a machine token", &self.application),
            ("a user-bound token", &self.cloud_id),
            ("an installation", &self.wawi),
        ];
        let known = kinds.into_iter().filter_map(|(kind, scopes)| Some(with_scopes(kind, scopes.as_ref()?)));
        let unknown = self.unsupported.iter().map(|name| format!("`{name}`, which nobody can have here"));
        f.write_str(&known.chain(unknown).collect::<Vec<_>>().join(" and "))
    }
}

fn with_scopes(kind: &str, scopes: &ScopeSet) -> String {
    if scopes.is_empty() { kind.to_owned() } else { format!("{kind} with {scopes}") }
}
